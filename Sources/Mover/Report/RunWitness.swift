/// Somebody who writes down a run beside its report. Told every record, one at a time, from any thread, then the summary;
/// nothing more when `finish` was called.
public protocol RunWitness: Sendable {
    func add(_ record: ShardRecord)
    /// Puts in place what was written; also for a run that ended before anything moved.
    /// - Throws: `RunError`.
    func finish(_ summary: RunSummary) throws
}
