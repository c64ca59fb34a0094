import Planner

/// What a sync does with objects that their source no longer has.
public struct SyncRules: Sendable, Hashable {
    /// Evict them; else they are reported as missing.
    public var deletes = false
    public var maxDelete = DeletionLimit.standard
    /// Say what would be done, and change nothing.
    public var isDryRun = false

    public init() {}

    /// The defaults, and what the job says otherwise.
    public init(job: Job?) {
        deletes = job?.sync.delete ?? false
        if let share = job?.sync.maxDelete { maxDelete = DeletionLimit(share: share) }
    }
}
