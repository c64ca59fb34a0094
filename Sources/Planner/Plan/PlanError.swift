import ObjectModel

/// Why a plan cannot be made or gone on with, as a whole. A single shard's trouble is its `Decision`, not an error.
public enum PlanError: Error, Sendable, Hashable, CustomStringConvertible {
    case source(SourceError)
    case list(ListError)
    /// A URL whose bucket has no name.
    case name(NameError)
    /// Two ranges (or one with itself) give one object. Exit code 2.
    case collision(first: String, second: String, object: String)
    case undecided(TemplateCollision.Undecided)
    case tooManyBuckets(source: String, max: Int)

    public var description: String {
        switch self {
        case .source(let error): error.description
        case .list(let error): error.description
        case .name(let error): error.description
        case .collision(let first, let second, let object):
            first == second
                ? "source \"\(first)\" gives \(object) more than once"
                : "sources \"\(first)\" and \"\(second)\" both give \(object)"
        case .undecided(let error): error.description
        case .tooManyBuckets(let source, let max):
            "source \"\(source)\": its URLs are in more than \(max) directories, each a bucket of its own;"
                + " give --to ais://BUCKET to keep them in one"
        }
    }
}
