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
    @OptionGroup(title: "Continuous integration") var ciFlags: CIFlags

    func run() throws {
        let asked = try RunRequest(sourceFlags)
        if let job = asked.job, job.lock != nil {
            throw CommandFailure(
                .usage,
                "\(job.file): lock: says which state is meant, and sync follows the source; use 'aismove prefetch', or"
                    + " leave lock: out")
        }
        let rules = try syncFlags.rules(job: asked.job)
        // A dry run is none of the job's runs: no window holds it up, and the job's reports and metrics stay.
        let job = rules.isDryRun ? nil : asked.job
        if rules.isDryRun, scheduleFlags.metrics != nil {
            throw CommandFailure(.usage, "--metrics tells of what was done; leave it out with --dry-run")
        }
        var settings = try scheduleFlags.settings(
            telling, ciFlags, store: storeFlags.named(job: asked.job),
            deadline: try runFlags.deadline(job: asked.job), job: job)
        settings.job = asked.job?.name
        settings.reads = asked.files
        let command = rules.isDryRun ? "sync --dry-run" : "sync"
        try RunFrame(command, settings).run { frame in
            try run(asked, rules, in: frame)
        }
    }

    private func run(_ asked: RunRequest, _ rules: SyncRules, in frame: RunFrame) throws {
        let (job, sources) = (asked.job, asked.sources)
        try sourceFlags.refuse(sidecar: runFlags.sidecar, for: sources)
        let network = try networkFlags.options(over: asked.network)
        var options = try runFlags.options(network: network, latest: true, job: job)
        options.sync = rules
        let (store, cluster) = try clusterFlags.apply(
            to: try storeFlags.open(job: job), network: network, retries: options.retries, job: job,
            isDryRun: rules.isDryRun)
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
