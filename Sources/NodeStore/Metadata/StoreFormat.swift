/// Which AIStore will read the store. On disk the two are the same; 5.0 has no `ht` buckets any more.
/// The cases are versions, so their dots are underscores, against the linter's rule for cases.
public enum StoreFormat: String, Sendable, Hashable, CaseIterable {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case v4_9 = "4.9"
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case v5_0 = "5.0"

    /// Whether a node of this version can address `ht://` buckets.
    public var hasHTBuckets: Bool { self == .v4_9 }
}
