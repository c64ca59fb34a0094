import ArgumentParser
import Mover

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

            Run it again to continue what was interrupted and to retry what failed; what is present costs nothing.
            """)

    @OptionGroup(title: "Sources") var sourceFlags: SourceFlags
    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup(title: "Running cluster") var clusterFlags: ClusterFlags
    @OptionGroup(title: "Moving and verifying") var runFlags: RunFlags
    @OptionGroup(title: "Network") var networkFlags: NetworkFlags
    @OptionGroup(title: "Telling") var telling: TellingFlags

    func run() throws {
        let sources = try sourceFlags.understand()
        try sourceFlags.refuse(sidecar: runFlags.sidecar, for: sources)
        var options = try runFlags.options(network: try networkFlags.options(), latest: sourceFlags.latest)
        let opened = try storeFlags.open()
        let (store, cluster) = try clusterFlags.apply(
            to: opened, network: options.network, retries: options.retries)
        options.beside = cluster
        let total = sources.map(\.count).reduce(0 as Int?) { sum, count in
            guard let sum, let count, count < Int.max - sum else { return nil }
            return sum + count
        }
        var driver = RunDriver(store: store, telling: telling)
        driver.deadline = try runFlags.deadline.map { try FlagText.duration($0, flag: "--deadline") }
        try driver.run(command: "prefetch", total: total) { recorder, stop in
            try Prefetch(store: store, sources: sources, options: options).run(recorder: recorder, stop: stop)
        }
    }
}
