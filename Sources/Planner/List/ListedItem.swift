import Backends

/// One entry of a list: what to fetch, and what is known of it.
public struct ListedItem: Sendable, Hashable {
    /// The request URL, bytes that no request may hold percent-escaped; of a bucket's known object its key.
    public var url: String
    /// The object's name below the destination, where the list says one.
    public var name: String?
    public var size: Int64?
    public var digests: [PromisedDigest]
    /// Where it stands, counted from 1.
    public var line: Int
    /// Its state, where a lock says it.
    public var listed: ListedObject?
    /// Why it can be no object although the list is well formed (a name that is no text).
    public var defect: String?

    public init(
        url: String, name: String? = nil, size: Int64? = nil, digests: [PromisedDigest] = [], line: Int = 0,
        defect: String? = nil
    ) {
        self.url = url
        self.name = name
        self.size = size
        self.digests = digests
        self.line = line
        self.defect = defect
    }
}
