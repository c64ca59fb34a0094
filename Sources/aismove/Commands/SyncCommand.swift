import ArgumentParser
import Mover

/// `aismove sync`: prefetch, and evict what the source no longer has.
struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Fetch what is new or has changed, and with --delete evict what the source no longer has.",
        discussion: """
            Examples:
              aismove sync s3://bucket/prefix/ --to ais://mine/in --delete
              aismove sync 'https://host/d/train-{000000..001281}.tar' --to ais://imagenet --delete --max-delete 5%
              aismove sync jobs/imagenet-nightly.yaml --on-locked skip --quiet
              aismove sync https://host/d/ --delete --dry-run      (what would be done; nothing is changed)

            Only objects that this source placed at this destination, and that pass the filters, are ever evicted; only \
            after a complete listing, or after 404 twice for names that are tried; and never more than --max-delete: \
            then nothing is (exit 10). Without --delete, a name that is gone is missing (exit 4).
            """)

    @OptionGroup(title: "Sources") var sourceFlags: SourceFlags
    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup(title: "Running cluster") var clusterFlags: ClusterFlags
    @OptionGroup(title: "Evicting") var syncFlags: SyncFlags
    @OptionGroup(title: "Moving and verifying") var runFlags: RunFlags
    @OptionGroup(title: "Network") var networkFlags: NetworkFlags
    @OptionGroup(title: "Unattended") var scheduleFlags: ScheduleFlags
    @OptionGroup(title: "Telling") var telling: TellingFlags

    func run() throws {
        let asked = try RunRequest(sourceFlags)
        let settings = try scheduleFlags.settings(
            telling, deadline: try runFlags.deadline(job: asked.job), job: asked.job)
        try RunFrame(syncFlags.dryRun ? "sync --dry-run" : "sync", settings).run { try sync(asked, in: $0) }
    }

    private func sync(_ asked: RunRequest, in frame: RunFrame) throws {
        let (job, sources) = (asked.job, asked.sources)
        try sourceFlags.refuse(sidecar: runFlags.sidecar, for: sources)
        var options = try runFlags.options(
            network: try networkFlags.options(over: asked.network), latest: true, job: job)
        let rules = try syncFlags.rules(job: job)
        options.sync = rules
        let (store, cluster) = try clusterFlags.apply(
            to: try storeFlags.open(job: job), network: options.network, retries: options.retries, job: job)
        options.beside = cluster
        let driver = RunDriver(store: store, frame: frame, isDryRun: rules.isDryRun)
        try driver.run(total: asked.total, sources: sources) { [options] recorder, stop in
            guard rules.isDryRun else {
                return try Prefetch(store: store, sources: sources, options: options).run(
                    recorder: recorder, stop: stop)
            }
            return try SyncPreview(store: store, sources: sources, options: options).run(recorder: recorder, stop: stop)
        }
    }
}
