import ObjectModel

/// A bucket at a provider, connected: its objects (as `Backend` says), its listing and its existence, as pure values.
///
/// Contract, beside `Backend`'s:
/// - Requests are not authorized; whoever sends them asks `authorizer` first, for each attempt.
/// - Every page's entries are those that the request's answer holds, in its order; `ListingReader` checks order and
///   progress for all providers.
public protocol BucketBackend: Backend {
    /// As it stands in the provider's own namespace, with the provider as it is known here.
    var bucket: Bucket { get }

    /// Where an object of the bucket is: what the request functions take. Holds no secret.
    func url(of object: String) -> String

    /// Whether the bucket is there and lets us in.
    func bucketRequest() -> HTTPRequest
    /// What the answer to `bucketRequest` means. Bodies of errors are at most 16 KiB.
    func bucketAnswer(_ head: HTTPResponseHead, body: [UInt8]) -> BucketAnswer

    func listRequest(_ query: ListQuery) -> HTTPRequest
    /// The page that came with a 200. Throws `.incompleteListing` for what is no page.
    func listPage(_ head: HTTPResponseHead, body: [UInt8], of query: ListQuery) throws(BackendError) -> ListPage

    /// How a node would describe the object in its metadata (node-store.md, custom keys by provider).
    /// - Parameter listed: what the listing said; nil for names that were tried.
    func metadata(_ head: HTTPResponseHead, listed: ListedObject?, into bucket: Bucket) -> SourceMetadata

    /// What an answer with the object, or with a rest of it, promises of the parts in which it was uploaded; nil for an
    /// object in one piece.
    func parts(_ head: HTTPResponseHead) -> PartsPromise?
}

extension BucketBackend {
    public func parts(_ head: HTTPResponseHead) -> PartsPromise? { nil }
}

/// What an answer to "is this bucket there?" means.
public enum BucketAnswer: Sendable, Hashable {
    case found(BucketFacts)
    /// Exit code 5.
    case missing
    /// 401, 403; with the provider's own code and words, where it gives them.
    case refused(String)
    /// The bucket lives in another region.
    case elsewhere(region: String)
    case retryable(status: Int)
    case failed(String)
}

/// What a bucket's source says about it, for the BMD.
public struct BucketFacts: Sendable, Hashable {
    /// Nil = as AIStore decides.
    public var isVersioned: Bool?
    /// `extra.aws` for S3: what a node needs to find the bucket again.
    public var region: String?
    public var endpoint: String?
    public var profile: String?

    public init(
        isVersioned: Bool? = nil, region: String? = nil, endpoint: String? = nil, profile: String? = nil
    ) {
        self.isVersioned = isVersioned
        self.region = region
        self.endpoint = endpoint
        self.profile = profile
    }
}

/// What goes into an object's metadata because of where it came from.
public struct SourceMetadata: Sendable, Hashable {
    public struct Key: Sendable, Hashable {
        public let name: String
        public let value: String
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Record 2 of the metadata; nil when the provider gives none.
    public var version: String?
    /// Custom keys in writing order, `source` first.
    public var custom: [Key]

    public init(version: String? = nil, custom: [Key]) {
        self.version = version
        self.custom = custom
    }
}

/// A bucket that was found, ready for use.
public struct ConnectedBucket: Sendable {
    public let backend: any BucketBackend
    /// Nil when the lookup was left out.
    public let facts: BucketFacts?

    public init(backend: any BucketBackend, facts: BucketFacts?) {
        self.backend = backend
        self.facts = facts
    }
}

/// A provider of buckets: how its credentials are found, and its buckets connected. May ask the network and block.
public protocol CloudProvider {
    /// - Parameter lookup: confirm that the bucket is there (and find its region); without, credentials are only read.
    static func connect(
        _ address: BucketAddress, in environment: CloudEnvironment, lookup: Bool
    ) throws(BackendError) -> ConnectedBucket

    /// The buckets that the credentials can see, in UTF-8 order.
    /// - Parameter address: its bucket's name counts for nothing.
    static func buckets(
        _ address: BucketAddress, in environment: CloudEnvironment
    ) throws(BackendError) -> [Bucket]
}
