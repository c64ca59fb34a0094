import ArgumentParser
import Mover
import NodeStore

/// `aismove prefetch`: the main job.
struct PrefetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prefetch",
        abstract: "Fetch what is not there yet: survey, cold GET, verify, commit, register, report.",
        discussion: """
            Examples:
              aismove prefetch 'https://host/imagenet/train-{000000..001281}.tar' --to ais://imagenet/train
              aismove prefetch https://host/dir/                       (an index page of nginx, Apache or Caddy)
              aismove prefetch https://host/dir/ --from SHA256SUMS     (names and digests of a checksum file)
              aismove prefetch s3://bucket/prefix/ 'gs://bucket/shard-{0000..0099}.tar' az://container
              aismove prefetch s3://bucket --endpoint https://s3.internal:9000 --profile datasets --to ais://local
              aismove prefetch 'https://host/d/{00..99}.tar' --digests https://host/d/SHA256SUMS --require-digest

              aismove prefetch --from-report run.json                  (only what failed or was missing in that run)

            Run it again to continue what was interrupted and to retry what failed; what is present costs nothing.
            """)

    @OptionGroup(title: "Sources") var sourceFlags: SourceFlags
    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup(title: "Running cluster") var clusterFlags: ClusterFlags
    @OptionGroup(title: "Moving and verifying") var runFlags: RunFlags
    @OptionGroup(title: "Network") var networkFlags: NetworkFlags
    @OptionGroup(title: "Unattended") var scheduleFlags: ScheduleFlags
    @OptionGroup(title: "Telling") var telling: TellingFlags
    @OptionGroup var retryFlags: RetryFlags

    func run() throws {
        let settings = try scheduleFlags.settings(telling, deadline: runFlags.deadline)
        try RunFrame("prefetch", settings).run(run)
    }

    private func run(in frame: RunFrame) throws {
        var options = try runFlags.options(network: try networkFlags.options(), latest: sourceFlags.latest)
        if let report = retryFlags.fromReport { return try retry(report, options, in: frame) }
        let sources = try sourceFlags.understand()
        let store = try open(&options)
        let total = sources.map(\.count).reduce(0 as Int?) { sum, count in
            guard let sum, let count, count < Int.max - sum else { return nil }
            return sum + count
        }
        try RunDriver(store: store, frame: frame).run(total: total, sources: sources) { recorder, stop in
            try Prefetch(store: store, sources: sources, options: options).run(recorder: recorder, stop: stop)
        }
    }

    private func retry(_ report: String, _ options: RunOptions, in frame: RunFrame) throws {
        guard sourceFlags.areEmpty else {
            throw CommandFailure(
                .usage, "--from-report goes without sources and their flags: the report says what they were")
        }
        var options = options
        let store = try open(&options)
        let retry = try Retry(report, store: try store.loadBMD().bmd.uuid, reach: sourceFlags.bucketFlags.reach)
        try RunDriver(store: store, frame: frame).run(total: nil, sources: retry.sources) { recorder, stop in
            try retry.run(store: store, options: options, recorder: recorder, stop: stop)
        }
    }

    private func open(_ options: inout RunOptions) throws -> NodeStore {
        let opened = try storeFlags.open()
        options.beside = try clusterFlags.connect(opened, network: options.network, retries: options.retries)
        return options.beside?.store ?? opened
    }
}
