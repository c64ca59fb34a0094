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
              aismove prefetch jobs/imagenet.yaml --limit-rate 100MiB  (a job file; flags count more than it)
              aismove prefetch 'https://host/d/{00..99}.tar' --digests https://host/d/SHA256SUMS --require-digest
              aismove prefetch --locked dataset.lock                   (what 'aismove plan … --lock' wrote down)

            Run it again to continue what was interrupted and to retry what failed; what is present costs nothing.
            """)

    @OptionGroup(title: "Sources") var sourceFlags: SourceFlags
    @OptionGroup(title: "Lock") var lockedFlags: LockedFlags
    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup(title: "Running cluster") var clusterFlags: ClusterFlags
    @OptionGroup(title: "Moving and verifying") var runFlags: RunFlags
    @OptionGroup(title: "Network") var networkFlags: NetworkFlags
    @OptionGroup(title: "Telling") var telling: TellingFlags
    @OptionGroup(title: "Continuous integration") var ciFlags: CIFlags

    func run() throws {
        let asked = try RunRequest(sourceFlags, mayBeEmpty: lockedFlags.locked != nil)
        let (job, sources) = (asked.job, asked.sources)
        let network = try networkFlags.options(over: asked.network)
        var options = try runFlags.options(network: network, latest: sourceFlags.latest, job: job)
        let lock = try lockedFlags.lock(job: job, options, besideCluster: clusterFlags.isNamed(job: job))
        let opened = try storeFlags.open(job: job)
        options.beside = try clusterFlags.connect(opened, network: network, retries: options.retries, job: job)
        let store = options.beside?.store ?? opened
        options.reach = sourceFlags.bucketFlags.reach
        let locked = try lock.map {
            try LockedPlan($0, given: sources, store: store, options: options, isOffline: lockedFlags.offline)
        }
        var driver = RunDriver(store: store, telling: telling.over(job))
        driver.deadline = try runFlags.deadline(job: job)
        driver.witnesses = try ciFlags.witnesses(job: job)
        try driver.run(command: "prefetch", total: locked?.sources.count ?? asked.total) { recorder, stop in
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
}
