import Backends
import Planner

/// What a report keeps of a shard that has failed or is missing, so that `--from-report` can ask for it again.
public struct RetryNote: Sendable, Hashable, Codable {
    /// A digest that a list promised, and which list that was.
    public struct Promise: Sendable, Hashable, Codable {
        /// `sha256:HEX`.
        public var digest: String
        public var origin: String

        /// Nil when the text is no digest.
        var promised: PromisedDigest? {
            (try? DigestText.parse(digest)).map { PromisedDigest(digest: $0, origin: origin) }
        }
    }

    /// Which of the report's sources gave it, counted from 0.
    public var source: Int
    /// Digests that lists promised. What a provider's listing said is not kept: the object may have changed since.
    public var promised: [Promise]?
    /// Bytes that a list promised.
    public var size: Int64?
    /// The URL has userinfo or a query, which no report holds: it cannot be asked for again from here.
    public var withheld: Bool?

    init(_ shard: PlannedShard) {
        source = shard.source
        let listed = shard.listed?.digests ?? []
        let promises = shard.digests.filter { !listed.contains($0) }.map {
            Promise(digest: "\($0.digest.algorithm.rawValue):\($0.digest.hex)", origin: $0.origin)
        }
        promised = promises.isEmpty ? nil : promises
        size = shard.listed == nil ? shard.size : nil
        withheld = shard.key == nil && shard.shownURL != shard.url ? true : nil
    }
}
