/// What tells one state of an object from another (RFC 9110, 8.8).
public struct Validator: Sendable, Hashable, Codable {
    /// Strong, without its quotes. Weak ones, malformed ones and those over 1,024 bytes are not kept.
    public var etag: String?
    /// `Last-Modified` as sent, where it is a date.
    public var lastModified: String?
    /// Length of the whole object, in bytes.
    public var length: Int64?
    /// Version ID or generation: a name for these very bytes, where the provider gives one. Never in a plain answer of
    /// HTTP; providers add it.
    public var version: String?

    public init(
        etag: String? = nil, lastModified: String? = nil, length: Int64? = nil, version: String? = nil
    ) {
        self.etag = etag
        self.lastModified = lastModified
        self.length = length
        self.version = version
    }

    /// From an answer of 200 (to GET or HEAD), 206 or 304; `length` of a 206 is that of the whole object.
    public init(of head: HTTPResponseHead) {
        etag = head.headers["ETag"].flatMap { Self.strongETag($0) }
        lastModified = head.headers["Last-Modified"].map { FieldText.trimmed($0) }
            .flatMap { HTTPDate.parse($0) == nil ? nil : $0 }
        switch head.status {
        case 200: length = head.contentLength
        case 206: length = head.contentRange?.total
        default: length = nil
        }
    }

    /// Whether equal validators prove equal bytes, so that a broken transfer may continue.
    public var isStrong: Bool { etag != nil }

    /// For `If-Range`; nil unless strong. (A date would have to be proved strong: RFC 9110, 13.1.5.)
    public var ifRangeValue: String? { etag.map { "\"\($0)\"" } }

    /// "Only if it is another one now": `If-None-Match`, else `If-Modified-Since`, else nothing.
    public var conditionalHeaders: [HTTPHeader] {
        if let ifRangeValue { return [HTTPHeader("If-None-Match", ifRangeValue)] }
        if let lastModified { return [HTTPHeader("If-Modified-Since", lastModified)] }
        return []
    }

    /// Whether both speak of the same bytes: versions decide where both have one, then strong ETags (with unequal lengths
    /// they cannot both be right: no), else length and time together. nil = cannot be told.
    public func isSameObject(as other: Validator) -> Bool? {
        if let length, let otherLength = other.length, length != otherLength { return false }
        if let version, let otherVersion = other.version { return version == otherVersion }
        if let etag, let otherETag = other.etag { return etag == otherETag }
        guard let lastModified, let otherModified = other.lastModified else { return nil }
        guard Self.sameTime(lastModified, otherModified) else { return false }
        return length != nil && other.length != nil ? true : nil
    }

    private static func sameTime(_ a: String, _ b: String) -> Bool {
        guard let left = HTTPDate.parse(a), let right = HTTPDate.parse(b) else { return a == b }
        return left == right
    }

    /// `"…"` → `…` (RFC 9110, 8.8.3); nil for `W/"…"` and for anything malformed.
    static func strongETag(_ field: String) -> String? {
        let text = FieldText.trimmed(field).utf8
        guard text.count > 2, text.count <= 1026, text.first == 0x22, text.last == 0x22 else { return nil }
        let opaque = text.dropFirst().dropLast()
        guard opaque.allSatisfy({ $0 == 0x21 || ($0 >= 0x23 && $0 != 0x7F) }) else { return nil }
        // What was no UTF-8 is not what the server sent any more.
        return String(opaque).flatMap { $0.unicodeScalars.contains("\u{FFFD}") ? nil : $0 }
    }
}
