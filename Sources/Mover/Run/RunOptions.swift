import Archive
import Backends
import ObjectModel
import Planner

/// How a run moves, as understood: every default is here.
public struct RunOptions: Sendable {
    public typealias TarCheck = Job.TarCheck
    public typealias DigestMismatch = Job.DigestMismatch
    public typealias OnLocked = Job.OnLocked

    /// The job's name, which its objects keep (`aismove_src`); empty without a job file.
    public var job = ""
    /// Transfers at once: that many shards, each alone on its lane, or twice as many small objects, sixteen to a lane.
    public var lanes = 16
    /// Bytes a second, all lanes together; nil = no limit.
    public var limitRate: Int64?
    /// Requests a second, all lanes together; nil = no limit.
    public var limitRequests: Double?
    /// Requests beyond the first that a shard may cost before it fails.
    public var retries = 8
    /// Ask the source whether present objects have changed.
    public var latest = false
    /// Do not confirm a bucket at its source on first access.
    public var skipLookup = false
    public var tarCheck = TarCheck.auto
    public var requireDigest = false
    public var digestMismatch = DigestMismatch.fail
    /// Ask for `URL.sha256` or `URL.md5` beside each shard.
    public var sidecar: String?
    /// Sync before a rename makes an object visible.
    public var durable = true
    public var onLocked = OnLocked.wait
    public var network = NetworkOptions()
    /// How buckets are reached that no source names (`verify --repair`).
    public var reach = BucketReach()
    /// How buckets at providers are connected.
    public var connect: @Sendable (BucketAddress, CloudEnvironment, Bool) throws -> ConnectedBucket = {
        try Connector.connect($0, in: $1, lookup: $2)
    }
    /// The buckets that credentials can see.
    public var buckets: @Sendable (BucketAddress, CloudEnvironment) throws -> [Bucket] = {
        try Connector.buckets($0, in: $1)
    }
    /// Write down what is learned of an attached cluster that was never seen before.
    public var keepsClusters = false
    /// A lock says which state of each shard is meant; another one is not moved (`--locked`).
    public internal(set) var isLocked = false
    /// The running cluster that the store's node belongs to (`--cluster`).
    public var beside: ClusterSide?

    /// Told of requests that matter for the whole run (a lookup, a list, a page of a listing) and are asked again.
    public var onRetry: PatientLane.RetryObserver = { _ in }

    /// For `sync`: what becomes of objects that their source no longer has.
    public var sync: SyncRules?

    public init() {}

    /// What providers are given, in a run that `stop` ends.
    func environment(_ stop: StopSignal) -> CloudEnvironment {
        CloudEnvironment(
            network: network.forProviders, retry: RetryPolicy(retries: retries), stopped: { stop.isStopped },
            onRetry: onRetry)
    }

    /// The same for a run that a lock rules.
    var locked: RunOptions {
        var options = self
        options.isLocked = true
        return options
    }

    /// The tar check for an object of that name; nil = none.
    func tarMode(for name: String) -> TarWalker.Mode? {
        switch tarCheck {
        case .off: nil
        case .auto: Compression(tarName: name) == nil ? nil : .framing
        case .framing: .framing
        case .webdataset: .webdataset
        }
    }
}
