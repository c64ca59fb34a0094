/// What a run has done so far, as numbers.
public struct Tally: Sendable, Hashable {
    public internal(set) var outcomes: [Outcome: Int] = [:]
    public internal(set) var failures: [FailureClass: Int] = [:]
    /// Missing shards that nobody allowed or knew of, and that no brake keeps.
    public internal(set) var missingUnexpected = 0
    /// Objects kept although a digest differed (`--digest-mismatch log`).
    public internal(set) var mismatches = 0
    /// Bytes of objects that were committed in this run.
    public internal(set) var committedBytes: Int64 = 0
    /// Bytes of objects that were found present.
    public internal(set) var presentBytes: Int64 = 0
    /// Body bytes received, retries included.
    public internal(set) var receivedBytes: Int64 = 0
    public internal(set) var retries = 0
    /// Answers that asked to slow down (429, 503).
    public internal(set) var throttles = 0

    public init() {}

    public func count(_ outcome: Outcome) -> Int { outcomes[outcome] ?? 0 }
    public func count(_ failure: FailureClass) -> Int { failures[failure] ?? 0 }
    /// Shards that have ended.
    public var done: Int { outcomes.values.reduce(0, +) }

    mutating func add(_ record: ShardRecord) {
        outcomes[record.outcome, default: 0] += 1
        if let failure = record.failureClass { failures[failure, default: 0] += 1 }
        if record.outcome == .missing, record.allowed != true, record.isKept != true { missingUnexpected += 1 }
        if record.mismatch != nil { mismatches += 1 }
        switch record.outcome {
        case .moved, .resumed, .updated: committedBytes += record.size ?? 0
        case .present: presentBytes += record.size ?? 0
        case .missing, .failed, .evicted: break
        }
    }
}
