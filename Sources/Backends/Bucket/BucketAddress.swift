import ObjectModel

/// A bucket at its provider, and how to reach it: what a source's URI, flags and job keys say. Nothing is looked up yet.
public struct BucketAddress: Sendable, Hashable {
    /// Provider, namespace and name; the namespace's UUID is that of a remote AIS cluster (aliases are resolved).
    public var bucket: Bucket
    /// `--endpoint`, else what the BMD says of the bucket.
    public var endpoint: String?
    /// `--region`, else what the BMD says of the bucket.
    public var region: String?
    /// `--profile`, else what the BMD says of the bucket.
    public var profile: String?
    /// `--no-sign-request`.
    public var isAnonymous: Bool
    /// Buckets of a remote cluster: what is known of it.
    public var cluster: RemoteCluster?

    public init(
        _ bucket: Bucket, endpoint: String? = nil, region: String? = nil, profile: String? = nil,
        isAnonymous: Bool = false, cluster: RemoteCluster? = nil
    ) {
        self.bucket = bucket
        self.endpoint = endpoint
        self.region = region
        self.profile = profile
        self.isAnonymous = isAnonymous
        self.cluster = cluster
    }
}

/// A remote AIS cluster as it was attached, with what was last known of it.
public struct RemoteCluster: Sendable, Hashable {
    public var alias: String
    /// Nil until it was seen.
    public var uuid: String?
    /// In the order given.
    public var urls: [String]
    /// The last Smap seen, as its JSON text; nil when none was.
    public var smap: String?

    public init(alias: String, uuid: String? = nil, urls: [String], smap: String? = nil) {
        self.alias = alias
        self.uuid = uuid
        self.urls = urls
        self.smap = smap
    }
}
