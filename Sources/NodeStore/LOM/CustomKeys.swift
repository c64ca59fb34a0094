/// An object's custom metadata: keys in the order they were set, each once.
public struct CustomKeys: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    public static let source = "source"
    public static let version = "version"
    public static let etag = "ETag"
    public static let md5 = "md5"
    public static let crc32c = "crc32c"
    /// RFC 3339.
    public static let lastModified = "LastModified"
    /// RFC 1123.
    public static let lastModifiedHTTP = "Last-Modified"
    public static let originalURL = "orig_url"
    /// The full FQN of an object whose own name is too long for a file.
    public static let originalFQN = "orig_fntl"
    /// aismove's: which digest from where agreed.
    public static let verifiedBy = "verified_by"
    /// aismove's: which source of which job brought the object.
    public static let aismoveSource = "aismove_src"

    /// What is left out first when the metadata grows too long, in this order.
    static let optional = [verifiedBy, originalURL, lastModified]

    public private(set) var pairs: [Pair] = []

    public struct Pair: Sendable, Hashable {
        public let key: String
        public var value: String
    }

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        for (key, value) in elements { self[key] = value }
    }

    public var isEmpty: Bool { pairs.isEmpty }

    /// Setting nil removes the key; a new key goes to the end.
    public subscript(key: String) -> String? {
        get { pairs.first { $0.key == key }?.value }
        set {
            let index = pairs.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): pairs[index].value = value
            case (let index?, nil): pairs.remove(at: index)
            case (nil, let value?): pairs.append(Pair(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Keys and values together, as AIStore's limit counts them.
    public var byteCount: Int { pairs.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count } }

    public var dictionary: [String: String] { Dictionary(pairs.map { ($0.key, $0.value) }) { _, last in last } }
}
