/// What an answer says before its body.
public struct HTTPResponseHead: Sendable, Hashable {
    /// `Content-Range: bytes first-last/total`; `total` nil when the server wrote `*`.
    public struct ContentRange: Sendable, Hashable {
        public var first: Int64
        public var last: Int64
        public var total: Int64?

        public init(first: Int64, last: Int64, total: Int64?) {
            self.first = first
            self.last = last
            self.total = total
        }
    }

    public var status: Int
    public var headers: HTTPHeaders
    /// Where the answer came from, after redirects; without userinfo and query.
    public var url: String
    public var redirects: Int
    /// `1.1`, `2` …
    public var httpVersion: String

    public init(status: Int, headers: HTTPHeaders, url: String, redirects: Int = 0, httpVersion: String = "1.1") {
        self.status = status
        self.headers = headers
        self.url = url
        self.redirects = redirects
        self.httpVersion = httpVersion
    }

    /// Length of the body that follows, in bytes; nil when the server did not say or said nonsense.
    public var contentLength: Int64? {
        headers["Content-Length"].flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// Parsed `Content-Range`, nil when absent or malformed.
    public var contentRange: ContentRange? {
        guard let text = headers["Content-Range"], text.hasPrefix("bytes ") else { return nil }
        let parts = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int64(ends[0]), let last = Int64(ends[1]), first >= 0, last >= first else {
            return nil
        }
        return ContentRange(first: first, last: last, total: Int64(parts[1]))
    }
}
