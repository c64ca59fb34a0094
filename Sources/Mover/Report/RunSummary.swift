/// A run in one record: the end of the report, and the last event of `--json`.
public struct RunSummary: Sendable, Hashable, Codable {
    public var command: String
    /// The job file's name for it; nil for a run that was not one's.
    public var job: String?
    /// RFC 3339, UTC.
    public var started: String
    public var seconds: Double
    public var exitCode: Int32
    /// Shards by outcome; every outcome is there, 0 included.
    public var outcomes: [String: Int]
    /// Failed shards by class; only those that occurred.
    public var failures: [String: Int]
    /// Missing names: one entry a source, ranges written compactly (`17, 402, 1000-1010`).
    public var missing: [String: String]
    public var committedBytes: Int64
    /// Bytes of the objects that were present; those that `verify` found in order.
    public var presentBytes: Int64
    public var receivedBytes: Int64
    public var retries: Int
    public var throttles: Int
    /// Names that the sources hold and that have no outcome, because the run was stopped; nil when it was not.
    public var left: Int?
    /// Another run held a destination and `--on-locked skip` was asked for.
    public var skipped: Bool
    /// Zero-byte objects named like directories that listings hold; they are left out.
    public var directoryMarkers: Int
    /// Version of the BMD after the run; nil where there is none.
    public var bmdVersion: UInt64?
    /// Why it stopped early, if it did.
    public var stopped: String?
    /// Why a sync evicted nothing: the deletion brake; nil when it did not hold.
    public var brake: String?
    /// What is left to be done by others, with the exact command; nil when there is nothing.
    public var notes: [String]?

    enum CodingKeys: String, CodingKey {
        case command, job, started, seconds
        case exitCode = "exit_code"
        case outcomes, failures, missing
        case committedBytes = "committed_bytes"
        case presentBytes = "present_bytes"
        case receivedBytes = "received_bytes"
        case retries, throttles, left, skipped
        case directoryMarkers = "directory_markers"
        case bmdVersion = "bmd_version"
        case stopped, brake, notes
    }
}
