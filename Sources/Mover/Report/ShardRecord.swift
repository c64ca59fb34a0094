/// One shard's line in the report and in `--json`; keys as in docs/report.md.
public struct ShardRecord: Sendable, Hashable, Codable {
    /// URL without userinfo and query.
    public var source: String
    /// `ais://imagenet/train/train-000000.tar`.
    public var object: String
    public var outcome: Outcome
    /// Bytes of the object; nil where it is not known.
    public var size: Int64?
    /// Seconds from the first request to the commit.
    public var seconds: Double?
    /// Requests beyond the first.
    public var retries: Int?
    /// The strongest digest that was compared, and where it came from: `sha256 (SHA256SUMS)`; `length only`.
    public var verifiedBy: String?
    /// Members that the tar check counted.
    public var tarMembers: Int?
    /// Samples (webdataset mode).
    public var samples: Int?
    /// The mountpath that HRW chose, as given on this host.
    public var mountpath: String?
    public var failureClass: FailureClass?
    public var reason: String?
    /// A digest differed and `--digest-mismatch log` kept the object; or what a lock names is gone at the source.
    public var mismatch: String?
    /// A missing shard that was allowed or known; a failed one that would be.
    public var allowed: Bool?
    /// What a later `--from-report` needs; only with shards that failed or are missing.
    public var retry: RetryNote?
    /// A missing shard whose object the deletion brake kept.
    public var isKept: Bool?

    enum CodingKeys: String, CodingKey {
        case source, object, outcome, size, seconds, retries
        case verifiedBy = "verified_by"
        case tarMembers = "tar_members"
        case samples, mountpath
        case failureClass = "class"
        case reason, mismatch, allowed, retry
        case isKept = "kept"
    }

    public init(source: String, object: String, outcome: Outcome) {
        self.source = source
        self.object = object
        self.outcome = outcome
    }
}
