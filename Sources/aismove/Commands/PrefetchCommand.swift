import ArgumentParser
import Mover
import NodeStore
import Planner

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
              aismove prefetch jobs/imagenet.yaml --limit-rate 100MiB  (a job file; flags count more than it)
              aismove prefetch 'https://host/d/{00..99}.tar' --digests https://host/d/SHA256SUMS --require-digest
              aismove prefetch --from-report run.json                  (only what failed or was missing in that run)
              aismove prefetch --locked dataset.lock                   (what 'aismove plan … --lock' wrote down)

            Run it again to continue what was interrupted and to retry what failed; what is present costs nothing.
            """)

    @OptionGroup(title: "Sources") var sourceFlags: SourceFlags
    @OptionGroup(title: "Lock") var lockedFlags: LockedFlags
    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup(title: "Running cluster") var clusterFlags: ClusterFlags
    @OptionGroup(title: "Moving and verifying") var runFlags: RunFlags
    @OptionGroup(title: "Network") var networkFlags: NetworkFlags
    @OptionGroup(title: "Unattended") var scheduleFlags: ScheduleFlags
    @OptionGroup(title: "Telling") var telling: TellingFlags
    @OptionGroup(title: "Continuous integration") var ciFlags: CIFlags
    @OptionGroup var retryFlags: RetryFlags

    func run() throws {
        if lockedFlags.locked != nil, !sourceFlags.isGiven, !sourceFlags.areEmpty {
            throw CommandFailure(
                .usage,
                "--locked says what is fetched and where it goes; leave out --to, --include and their like, or give"
                    + " the sources again")
        }
        let asked =
            try retryFlags.fromReport == nil
            ? RunRequest(sourceFlags, mayBeEmpty: lockedFlags.locked != nil) : nil
        let job = asked?.job
        var settings = try scheduleFlags.settings(
            telling, ciFlags, store: storeFlags.named(job: job), deadline: try runFlags.deadline(job: job), job: job)
        settings.reads = asked?.files ?? []
        if let lock = lockedFlags.file(job: job) { settings.reads.append(NamedFile("the lock", lock)) }
        try RunFrame("prefetch", settings).run { frame in
            if let asked {
                try fetch(asked, in: frame)
            } else if let report = retryFlags.fromReport {
                try retry(report, in: frame)
            }
        }
    }

    private func fetch(_ asked: RunRequest, in frame: RunFrame) throws {
        let (job, sources) = (asked.job, asked.sources)
        try sourceFlags.refuse(sidecar: runFlags.sidecar, for: sources)
        var options = try runFlags.options(
            network: try networkFlags.options(over: asked.network), latest: sourceFlags.latest, job: job)
        let lock = try lockedFlags.lock(job: job, options, besideCluster: clusterFlags.isNamed(job: job))
        let store = try open(&options, job: job)
        options.reach = sourceFlags.bucketFlags.reach
        let locked = try lock.map {
            try LockedPlan($0, given: sources, store: store, options: options, isOffline: lockedFlags.offline)
        }
        let total = locked?.sources.count ?? asked.total
        try RunDriver(store: store, frame: frame).run(
            total: total, sources: locked?.sources.sources ?? sources
        ) { [options] recorder, stop in
            if lockedFlags.offline {
                let check =
                    try locked.map { OfflineCheck(store: store, locked: $0) }
                    ?? OfflineCheck(store: store, sources: sources)
                return try check.run(recorder: recorder, stop: stop)
            }
            let prefetch =
                locked.map { Prefetch(store: store, locked: $0, options: options) }
                ?? Prefetch(store: store, sources: sources, options: options)
            return try prefetch.run(recorder: recorder, stop: stop)
        }
    }

    private func retry(_ report: String, in frame: RunFrame) throws {
        guard sourceFlags.areEmpty, lockedFlags.locked == nil, !lockedFlags.offline else {
            throw CommandFailure(
                .usage, "--from-report goes without sources and their flags: the report says what they were")
        }
        var options = try runFlags.options(network: try networkFlags.options(), latest: sourceFlags.latest)
        let store = try open(&options, job: nil)
        let loaded = try store.loadBMD()
        for repair in loaded.repairs { Console.note(repair) }
        let retry = try Retry(report, store: loaded.bmd.uuid, reach: sourceFlags.bucketFlags.reach)
        options.job = retry.job ?? ""
        frame.settings.job = retry.job
        try RunDriver(store: store, frame: frame).run(total: nil, sources: retry.sources) { [options] recorder, stop in
            try retry.run(store: store, options: options, recorder: recorder, stop: stop)
        }
    }

    private func open(_ options: inout RunOptions, job: Job?) throws -> NodeStore {
        let opened = try storeFlags.open(job: job)
        let (store, cluster) = try clusterFlags.apply(
            to: opened, network: options.network, retries: options.retries, job: job)
        options.beside = cluster
        return store
    }
}
