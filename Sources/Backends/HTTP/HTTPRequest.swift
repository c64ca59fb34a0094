/// A request as a value: what to ask, not how. Lanes carry it out.
public struct HTTPRequest: Sendable, Hashable {
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        /// Tokens, and the API of an AIS cluster.
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
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
    /// Conditions and the like (`If-None-Match`, `If-Range` …) go wherever a redirect leads; secret ones stay with the
    /// request's own origin.
    public var headers: [HTTPHeader]
    public var range: ByteRange?
    /// nil = none. GET has one only where an AIS cluster is asked for a listing; such a request follows no redirect.
    public var body: [UInt8]?
    /// Sent as the body instead of `body`, by PUT alone: a file of any size, read piece by piece. A server may redirect
    /// before it has come; then it stays here.
    public var file: FileBody?
    /// Whether a redirect is followed (GET and HEAD alone); else it is the answer, and the caller decides.
    public var followsRedirects = true
    /// Whether it goes straight to the server, and after redirects too, whatever proxies are configured: the nodes of a
    /// cluster.
    public var avoidsProxy = false
    /// Whether it is authorized by itself, for a provider: what the user gave for URLs (`--header`, `.netrc`) stays away.
    public var bringsCredentials = false

    public init(
        _ method: Method = .get, url: String, headers: [HTTPHeader] = [], range: ByteRange? = nil,
        body: [UInt8]? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.range = range
        self.body = body
    }
}
