import ArgumentParser
import Backends
import Mover

extension RunOptions.TarCheck: ExpressibleByArgument {}
extension RunOptions.DigestMismatch: ExpressibleByArgument {}
extension RunOptions.OnLocked: ExpressibleByArgument {}

/// How a run moves and verifies.
struct RunFlags: ParsableArguments {
    @Option(help: "Transfers at once: that many shards, or up to twice as many small objects (sixteen to a thread).")
    var lanes = 16

    @Option(
        name: .customLong("limit-rate"),
        help: ArgumentHelp("Bytes a second in all, e.g. 200MiB.", valueName: "rate"))
    var limitRate: String?

    @Option(name: .customLong("limit-requests"), help: ArgumentHelp("Requests a second in all.", valueName: "n"))
    var limitRequests: Double?

    @Option(help: "Requests beyond the first that a shard may cost.")
    var retries = 8

    @Flag(name: .customLong("skip-lookup"), help: "Do not confirm a bucket at its source on first access.")
    var skipLookup = false

    @Option(
        name: .customLong("tar-check"),
        help: "Check tar shards while they pass; auto = framing, for names that say tar (tar, tar.gz, tar.zst, …).")
    var tarCheck = RunOptions.TarCheck.auto

    @Flag(name: .customLong("require-digest"), help: "Fail a shard for which no digest is known.")
    var requireDigest = false

    @Option(name: .customLong("digest-mismatch"), help: "What to do when a promised digest differs.")
    var digestMismatch = RunOptions.DigestMismatch.fail

    @Option(help: ArgumentHelp("Fetch URL.sha256 or URL.md5 beside each shard and verify with it.", valueName: "kind"))
    var sidecar: String?

    @Flag(name: .customLong("no-sync"), help: "Do not sync to disk: for scratch stores that may be lost in a crash.")
    var noSync = false

    @Option(name: .customLong("on-locked"), help: "What to do while another run holds a destination bucket.")
    var onLocked = RunOptions.OnLocked.wait

    @Option(help: ArgumentHelp("Stop cleanly, to be resumed, after this long, e.g. 6h.", valueName: "time"))
    var deadline: String?

    func validate() throws {
        guard (1...1024).contains(lanes) else { throw ValidationError("--lanes takes 1 to 1024, not \(lanes)") }
        guard retries >= 0 else { throw ValidationError("--retries takes 0 or more, not \(retries)") }
        if let limitRequests, !(limitRequests > 0) {
            throw ValidationError("--limit-requests takes more than 0, not \(limitRequests)")
        }
        if let sidecar, !["sha256", "md5", "sha1", "sha512"].contains(sidecar) {
            throw ValidationError("--sidecar takes sha256, sha512, sha1 or md5, not '\(sidecar)'")
        }
    }

    func options(network: NetworkOptions, latest: Bool) throws -> RunOptions {
        var options = RunOptions()
        options.lanes = lanes
        options.limitRate = try limitRate.map { try FlagText.size($0, flag: "--limit-rate") }
        options.limitRequests = limitRequests
        options.retries = retries
        options.latest = latest
        options.skipLookup = skipLookup
        options.tarCheck = tarCheck
        options.requireDigest = requireDigest
        options.digestMismatch = digestMismatch
        options.sidecar = sidecar
        options.durable = !noSync
        options.onLocked = onLocked
        options.network = network
        options.keepsClusters = true
        return options
    }
}
