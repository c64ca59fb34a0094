import ObjectModel

/// A bucket to be added to a BMD, with what its source said about it. All else gets AIStore's defaults.
public struct BucketRequest: Sendable, Hashable {
    public var bucket: Bucket
    /// `ht` only: the directory's URL with its scheme (`HTBucket`).
    public var originalURL: String?
    /// `aws` only: `extra.aws`.
    public var region: String?
    public var endpoint: String?
    public var profile: String?
    public var checksumType: ChecksumType
    /// Copies of each object; 1 = not mirrored.
    public var mirrorCopies: Int
    /// Whether objects have versions; nil = as AIStore decides: in `ais://` buckets of this cluster alone.
    public var versioned: Bool?
    /// Where an `ais://` bucket takes from and writes through to.
    public var backend: Bucket?
    /// What a user wants otherwise than all of the above.
    public var changes: [PropChange] = []

    public init(
        _ bucket: Bucket, originalURL: String? = nil, region: String? = nil, endpoint: String? = nil,
        profile: String? = nil, checksumType: ChecksumType = .xxhash2, mirrorCopies: Int = 1, versioned: Bool? = nil,
        backend: Bucket? = nil
    ) {
        self.bucket = bucket
        self.originalURL = originalURL
        self.region = region
        self.endpoint = endpoint
        self.profile = profile
        self.checksumType = checksumType
        self.mirrorCopies = mirrorCopies
        self.versioned = versioned
        self.backend = backend
    }
}
