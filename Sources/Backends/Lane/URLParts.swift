import CCurl

/// An `http` or `https` URL taken apart by libcurl's own parser, so that nobody here reads a URL differently than the
/// library that connects. Fragments are dropped; spaces and bytes above 0x7F are percent-encoded.
public struct URLParts: Sendable, Hashable {
    /// `http` or `https`.
    public let scheme: String
    /// In lower case; an IPv6 address keeps its brackets.
    public let host: String
    /// Always a number, the scheme's default included.
    public let port: Int
    /// Decoded.
    public let user: String?
    /// Decoded.
    public let password: String?
    /// As sent: percent-encoded, beginning with `/`, dot segments removed.
    public let path: String
    /// As sent, without `?`.
    public let query: String?

    /// Throws `.badURL` with a sentence that says what is wrong.
    public init(_ text: String) throws(TransportError) {
        try self.init(parsing: text, base: nil)
    }

    /// The URL that a reference in an answer from here (`Location`, `href`) means.
    public func resolve(relative reference: String) throws(TransportError) -> URLParts {
        try URLParts(parsing: reference.isEmpty ? text : reference, base: text)
    }

    private init(parsing text: String, base: String?) throws(TransportError) {
        guard let handle = curl_url() else {
            throw TransportError(.badURL, url: URLText.redacted(text), message: "no memory to parse the URL")
        }
        defer { curl_url_cleanup(handle) }
        for part in [base, text].compactMap({ $0 }) {
            let code = curl_url_set(handle, CURLUPART_URL, part, UInt32(CURLU_URLENCODE))
            guard code == CURLUE_OK, !part.utf8.contains(0) else {
                throw Self.refusal(of: text, String(cString: curl_url_strerror(code)))
            }
        }
        let scheme = Self.get(handle, CURLUPART_SCHEME)?.lowercased() ?? ""
        guard scheme == "http" || scheme == "https" else {
            throw Self.refusal(of: text, "only http:// and https:// can be fetched here")
        }
        guard let host = Self.get(handle, CURLUPART_HOST), !host.isEmpty else {
            throw Self.refusal(of: text, "it names no host")
        }
        self.scheme = scheme
        self.host = host.lowercased()
        port =
            Self.get(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap { Int($0) } ?? (scheme == "https" ? 443 : 80)
        user = Self.get(handle, CURLUPART_USER, CURLU_URLDECODE)
        password = Self.get(handle, CURLUPART_PASSWORD, CURLU_URLDECODE)
        path = Self.get(handle, CURLUPART_PATH) ?? "/"
        query = Self.get(handle, CURLUPART_QUERY)
    }

    private static func refusal(of text: String, _ why: String) -> TransportError {
        TransportError(.badURL, url: URLText.redacted(text), message: "not a URL that can be fetched: \(why)")
    }

    private static func get(_ handle: OpaquePointer, _ part: CURLUPart, _ flags: Int32 = 0) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &value, UInt32(flags)) == CURLUE_OK, let value else { return nil }
        defer { curl_free(value) }
        return String(cString: value)
    }

    /// Scheme, host and port: what credentials and custom headers never leave. The port is left out where it is the
    /// scheme's own.
    public var origin: String {
        let usual = scheme == "https" ? 443 : 80
        return port == usual ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
    }

    /// The whole URL, without userinfo and fragment: what is sent.
    public var text: String { query.map { "\(redacted)?\($0)" } ?? redacted }

    /// Without userinfo and query: what may be shown.
    public var redacted: String { origin + path }
}
