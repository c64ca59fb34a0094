import ObjectModel

/// Where a bucket is: its URLs, for one endpoint and one style.
struct S3URL: Sendable, Hashable {
    /// Of the bucket itself, without a slash at its end.
    let bucket: String

    /// - Parameters:
    ///   - endpoint: a server of one's own, always addressed by path; nil = AWS, by host where the name allows it.
    init(_ name: String, endpoint: String?, region: String) {
        if let endpoint {
            bucket = "\(endpoint)/\(name)"
        } else if name.contains(".") || name.lowercased() != name || name.contains("_") {
            // A dot breaks the wildcard certificate; the others are no host names.
            bucket = "https://s3.\(region).\(Self.domain(of: region))/\(name)"
        } else {
            bucket = "https://\(name).s3.\(region).\(Self.domain(of: region))"
        }
    }

    func object(_ name: String) -> String { "\(bucket)/\(URLText.escapedPath(name))" }

    func query(_ items: [(String, String)]) -> String {
        "\(bucket)/?" + items.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
    }

    /// Every byte but the unreserved ones percent-encoded, slashes too: for queries and forms.
    static func escaped(_ text: String) -> String { URLText.escapedPath(text).replacing("/", with: "%2F") }

    static func domain(of region: String) -> String {
        region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    }

    /// The endpoint that was given, fit to be put in front of a path. Throws `.usage`.
    static func endpoint(_ text: String) throws(BackendError) -> String {
        guard let parts = try? URLParts(text) else {
            throw BackendError(
                .usage, URLText.redacted(text), "not an S3 endpoint: write https://HOST or http://HOST:PORT")
        }
        guard parts.user == nil, parts.query == nil else {
            throw BackendError(.usage, URLText.redacted(text), "an S3 endpoint has neither login nor query")
        }
        return withoutSlash(parts.redacted)
    }

    static func withoutSlash(_ text: String) -> String {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        return text
    }
}
