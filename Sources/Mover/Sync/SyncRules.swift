/// What a sync does with objects that their source no longer has.
public struct SyncRules: Sendable, Hashable {
    /// Evict them; else they are reported as missing.
    public var deletes = false
    public var maxDelete = DeletionLimit.standard
    /// Say what would be done, and change nothing.
    public var isDryRun = false

    public init() {}
}
