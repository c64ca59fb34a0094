import Backends
import ObjectModel

/// One shard of a plan: where it comes from, where it goes, what is known of it.
public struct PlannedShard: Sendable, Hashable {
    /// Position in the plan, counted from 0 over all sources.
    public let index: Int
    /// Which of the job's sources gives it.
    public let source: Int
    /// Position in its range; for lists and index pages the line.
    public let position: Int
    /// The request's URL; of a bucket's object what reports show: `s3://data/a/b.tar`.
    public let url: String
    /// The object's key in its bucket at the provider; nil for URLs.
    public let key: String?
    /// What the provider's listing says of it; nil where its name is tried.
    public let listed: ListedObject?
    /// Which of the sequence's destinations it goes to; nil when its URL or name says none (then it is refused).
    public let destination: Int?
    public let object: String
    public let size: Int64?
    public let digests: [PromisedDigest]
    /// What is to be done with it. Nil until it is compared with the disk; set at once for refused names and conflicts.
    public var decision: Decision?

    /// The source as reports show it: without userinfo and query.
    public var shownURL: String { key == nil ? URLText.redacted(url) : url }
}

/// What is to be done with a shard.
public enum Decision: Sendable, Hashable {
    public enum MoveReason: Sendable, Hashable {
        case absent
        /// What is there is not sound, and why.
        case damaged(String)
        /// The source has another one.
        case changed
    }

    case move(MoveReason)
    /// A sound object of this name is there.
    case present
    /// A sound object is there, and the source is to be asked whether it is still the same.
    case recheck
    /// Another shard, or something on disk, has the name.
    case conflict(String)
    /// AIStore could not hold an object of this name.
    case refused(NameError)
    /// The provider lists it, and cannot give it as it is (archived).
    case defect(String)
}
