import Archive
import Backends

/// How a run moves, as understood: every default is here.
public struct RunOptions: Sendable {
    public enum TarCheck: String, Sendable, CaseIterable { case off, framing, webdataset, auto }
    public enum DigestMismatch: String, Sendable, CaseIterable { case fail, log }
    public enum OnLocked: String, Sendable, CaseIterable { case skip, wait, fail }

    /// Transfers at once: that many shards, each alone on its lane, or that many small objects, eight to a lane.
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

    public init() {}

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
