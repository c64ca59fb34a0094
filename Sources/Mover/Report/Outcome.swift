/// How a shard ended: exactly one of these each (ARCHITECTURE.md, invariant 5).
public enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
    /// Fetched whole and committed.
    case moved
    /// Fetched by continuing what an earlier run had left.
    case resumed
    /// Already in the store; nothing was fetched.
    case present
    /// Was in the store, had changed at the source, and was fetched again.
    case updated
    /// Not at the source (404, 410).
    case missing
    /// Not in the store; the record has a failure class and a reason.
    case failed
    /// Removed from the store.
    case evicted

    /// Whether `--from-report` is about such shards.
    var isRetried: Bool { self == .failed || self == .missing }
}

/// Why a shard failed.
public enum FailureClass: String, Sendable, Hashable, Codable, CaseIterable {
    case transfer, refused, digest, size, tar
    case wrongContent = "wrong-content"
    case conflict, name, space, store
}

/// A shard's failure: its class, and one sentence that says what and why.
public struct ShardFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public var failureClass: FailureClass
    public var reason: String

    public init(_ failureClass: FailureClass, _ reason: String) {
        self.failureClass = failureClass
        self.reason = reason
    }

    public var description: String { "\(failureClass.rawValue): \(reason)" }
}
