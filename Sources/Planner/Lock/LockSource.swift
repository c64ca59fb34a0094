import Backends
import ObjectModel

/// A source of a lock: enough to fetch its shards again, and never a secret. Keys as in docs/lock.md.
public struct LockSource: Sendable, Hashable, Codable {
    /// As written, without userinfo and query.
    public var source: String
    /// `--to`, as written.
    public var to: String?
    /// The bucket at a provider that its shards are in; nil for URLs.
    public var bucket: String?
    public var endpoint: String?
    public var region: String?
    public var anonymous: Bool?
    /// Some URL had a login or a query, which the lock does not keep: the sources must be given again.
    public var redacted: Bool?

    public init(_ source: Source) {
        self.source = source.spec.shown
        to = source.spec.to
        guard let address = source.bucketSource?.address else { return }
        bucket = address.bucket.cname
        endpoint = address.endpoint.map(URLText.redacted)
        region = address.region
        if address.isAnonymous { anonymous = true }
    }

    /// Whether a source that is given again is this one.
    func isSame(as other: Source) -> Bool { source == other.spec.shown && to == other.spec.to }

    /// What stands before each name.
    var subdirectory: String {
        guard let to, let uri = try? ObjectURI(parsing: to) else { return "" }
        return uri.object.utf8.last == ASCII.slash ? String(uri.object.dropLast()) : uri.object
    }

    /// As messages name it.
    var title: String { to.map { "\(source) (--to \($0))" } ?? source }

    /// How its bucket is reached: what flags say comes first.
    func reach(_ flags: BucketReach) -> BucketReach {
        BucketReach(
            endpoint: flags.endpoint ?? endpoint, region: flags.region ?? region, profile: flags.profile,
            isAnonymous: flags.isAnonymous || (anonymous == true && flags.profile == nil))
    }
}
