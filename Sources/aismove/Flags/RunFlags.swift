import ArgumentParser
import Backends
import Mover
import Planner

extension RunOptions.TarCheck: ExpressibleByArgument {}
extension RunOptions.DigestMismatch: ExpressibleByArgument {}
extension RunOptions.OnLocked: ExpressibleByArgument {}

/// How a run moves and verifies.
struct RunFlags: ParsableArguments {
    @Option(
        help: """
            Transfers at once: that many shards, or up to twice as many small objects (sixteen to a thread). Default: 16.
            """)
    var lanes: Int?

    @Option(
        name: .customLong("limit-rate"),
        help: ArgumentHelp("Bytes a second in all, e.g. 200MiB.", valueName: "rate"))
    var limitRate: String?

    @Option(name: .customLong("limit-requests"), help: ArgumentHelp("Requests a second in all.", valueName: "n"))
    var limitRequests: Double?

    @Option(help: "Requests beyond the first that a shard may cost. Default: 8.")
    var retries: Int?

    @Flag(name: .customLong("skip-lookup"), help: "Do not confirm a bucket at its source on first access.")
    var skipLookup = false

    @Option(
        name: .customLong("tar-check"),
        help: """
            Check tar shards while they pass; auto = framing, for names that say tar (tar, tar.gz, tar.zst, …). \
            Default: auto.
            """)
    var tarCheck: RunOptions.TarCheck?

    @Flag(name: .customLong("require-digest"), help: "Fail a shard for which no digest is known.")
    var requireDigest = false

    @Option(name: .customLong("digest-mismatch"), help: "What to do when a promised digest differs. Default: fail.")
    var digestMismatch: RunOptions.DigestMismatch?

    @Option(help: ArgumentHelp("Fetch URL.sha256 or URL.md5 beside each shard and verify with it.", valueName: "kind"))
    var sidecar: String?

    @Flag(name: .customLong("no-sync"), help: "Do not sync to disk: for scratch stores that may be lost in a crash.")
    var noSync = false

    @Option(
        name: .customLong("on-locked"), help: "What to do while another run holds a destination bucket. Default: wait.")
    var onLocked: RunOptions.OnLocked?

    @Option(help: ArgumentHelp("Stop cleanly, to be resumed, after this long, e.g. 6h.", valueName: "time"))
    var deadline: String?

    func validate() throws {
        if let lanes, !(1...1024).contains(lanes) { throw ValidationError("--lanes takes 1 to 1024, not \(lanes)") }
        if let retries, retries < 0 { throw ValidationError("--retries takes 0 or more, not \(retries)") }
        if let limitRequests, !(limitRequests > 0) {
            throw ValidationError("--limit-requests takes more than 0, not \(limitRequests)")
        }
        if let sidecar, !["sha256", "md5", "sha1", "sha512"].contains(sidecar) {
            throw ValidationError("--sidecar takes sha256, sha512, sha1 or md5, not '\(sidecar)'")
        }
    }

    /// What the flags say, else the job, else the defaults.
    func options(network: NetworkOptions, latest: Bool, job: Job? = nil) throws -> RunOptions {
        var options = RunOptions(job: job)
        if let lanes { options.lanes = lanes }
        if let limitRate { options.limitRate = try FlagText.size(limitRate, flag: "--limit-rate") }
        if let limitRequests { options.limitRequests = limitRequests }
        if let retries { options.retries = retries }
        if latest { options.latest = true }
        if skipLookup { options.skipLookup = true }
        if let tarCheck { options.tarCheck = tarCheck }
        if requireDigest { options.requireDigest = true }
        if let digestMismatch { options.digestMismatch = digestMismatch }
        if let sidecar { options.sidecar = sidecar }
        if noSync { options.durable = false }
        if let onLocked { options.onLocked = onLocked }
        options.network = network
        options.keepsClusters = true
        return options
    }

    /// Seconds after which a run stops; nil = never.
    func deadline(job: Job? = nil) throws -> Double? {
        try deadline.map { try FlagText.duration($0, flag: "--deadline") } ?? job?.transfer.deadline
    }
}
