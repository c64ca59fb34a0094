/// What to list.
public struct ListQuery: Sendable, Hashable {
    /// Only names that begin so.
    public var prefix: String
    /// Only names behind this one, in UTF-8 order; nil = from the first.
    public var startAfter: String?
    /// Only one level: what follows the next `/` is drawn together in `ListPage.prefixes`.
    public var isOneLevel: Bool
    /// The page to ask for: `ListPage.next` of the one before; nil = the first.
    public var token: String?
    /// Entries a page at most; nil = the provider's own maximum.
    public var pageSize: Int?

    public init(prefix: String = "", startAfter: String? = nil, isOneLevel: Bool = false, pageSize: Int? = nil) {
        self.prefix = prefix
        self.startAfter = startAfter
        self.isOneLevel = isOneLevel
        self.pageSize = pageSize
    }
}

/// One page of a listing, in UTF-8 order of names.
public struct ListPage: Sendable, Hashable {
    public var entries: [ListedObject]
    /// Of a one-level listing, each ending in `/`.
    public var prefixes: [String]
    /// The token of the next page; nil = the listing is complete, empty = there is more that cannot be asked for.
    public var next: String?

    public init(entries: [ListedObject] = [], prefixes: [String] = [], next: String? = nil) {
        self.entries = entries
        self.prefixes = prefixes
        self.next = next
    }
}

/// An object as its provider lists it.
public struct ListedObject: Sendable, Hashable {
    /// As listed: data, not yet validated.
    public var name: String
    /// Bytes; nil where the provider does not say.
    public var size: Int64?
    /// ETag (without quotes) and time, as far as listed; `length` is `size`.
    public var validator: Validator
    /// Version ID, or GCS's generation; nil when there is none.
    public var version: String?
    /// Digests of the whole object that the listing tells.
    public var digests: [PromisedDigest]
    /// Why it cannot be fetched as it is (archived, a pointer to elsewhere); nil when it can.
    public var defect: String?

    public init(
        name: String, size: Int64? = nil, validator: Validator = Validator(), version: String? = nil,
        digests: [PromisedDigest] = [], defect: String? = nil
    ) {
        self.name = name
        self.size = size
        self.validator = validator
        self.version = version
        self.digests = digests
        self.defect = defect
    }

    /// A zero-byte object that only makes a console show a folder.
    public var isDirectoryMarker: Bool { name.utf8.last == UInt8(ascii: "/") && (size ?? 0) == 0 }
}
