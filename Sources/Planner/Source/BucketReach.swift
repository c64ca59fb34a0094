import Backends
import ObjectModel

/// How a bucket's provider is reached, as flags say it: `--endpoint`, `--region`, `--profile`, `--no-sign-request`.
public struct BucketReach: Sendable, Hashable {
    public var endpoint: String?
    public var region: String?
    public var profile: String?
    public var isAnonymous: Bool

    public init(endpoint: String? = nil, region: String? = nil, profile: String? = nil, isAnonymous: Bool = false) {
        self.endpoint = endpoint
        self.region = region
        self.profile = profile
        self.isAnonymous = isAnonymous
    }

    public func address(of bucket: Bucket) -> BucketAddress {
        BucketAddress(bucket, endpoint: endpoint, region: region, profile: profile, isAnonymous: isAnonymous)
    }
}
