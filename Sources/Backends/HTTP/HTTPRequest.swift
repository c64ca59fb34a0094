/// A request as a value: what to ask, not how. Lanes carry it out.
public struct HTTPRequest: Sendable, Hashable {
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
    }

    /// `bytes=first-last`, both inclusive; `last` nil = to the end.
    public struct ByteRange: Sendable, Hashable {
        public var first: Int64
        public var last: Int64?

        public init(first: Int64, last: Int64? = nil) {
            self.first = first
            self.last = last
        }

        public var headerValue: String { "bytes=\(first)-\(last.map(String.init) ?? "")" }
    }

    public var method: Method
    public var url: String
    /// Conditions and the like, safe to send wherever a redirect leads (`If-None-Match`, `If-Range` …).
    public var headers: [HTTPHeader]
    public var range: ByteRange?

    public init(_ method: Method = .get, url: String, headers: [HTTPHeader] = [], range: ByteRange? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.range = range
    }
}
