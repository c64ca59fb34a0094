/// What a tar holds, once it has been found whole.
public struct TarSummary: Sendable, Hashable {
    /// All entries but extended headers and volume labels.
    public var members = 0
    /// Regular files, sparse ones included.
    public var files = 0
    /// Stored bytes of all members, without headers and padding.
    public var dataBytes: Int64 = 0
    /// WebDataset mode: number of keys; otherwise nil.
    public var samples: Int?
    /// WebDataset mode: members by extension, the text behind the first dot of the base name. Past a thousand
    /// different ones the rest is counted under "…".
    public var extensions: [String: Int] = [:]

    public init() {}
}
