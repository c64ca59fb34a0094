import Hashing

/// Signs requests as Oracle's cloud wants them: HTTP Signatures (draft-cavage-http-signatures), `rsa-sha256`, version 1.
///
/// What is signed is a text of `name: value` lines in a fixed order: `date`, `(request-target)` (method in lower case,
/// path and query as sent), `host`; for methods with a body also `content-length`, `content-type` and
/// `x-content-sha256`. Source: "Request Signatures" in Oracle's API documentation, and the signer of its SDKs.
public enum OCISignature {
    /// Who signs.
    public struct Signer: Sendable {
        /// `TENANCY/USER/FINGERPRINT`, or `ST$TOKEN` for a session.
        public let keyID: String
        public let key: RSAKey

        public init(keyID: String, key: RSAKey) {
            self.keyID = keyID
            self.key = key
        }
    }

    /// The header fields to add to `request`; all but the plain ones are secret.
    /// - Parameter date: seconds since 1970.
    /// - Parameter signsHost: false for the federation service, which does not see it.
    public static func headers(
        for request: HTTPRequest, by signer: Signer, date: Int64, signsHost: Bool = true
    ) throws(TransportError) -> [HTTPHeader] {
        let url = try URLParts(request.url)
        let body = request.body ?? []
        let hasBody = [.post, .put, .patch].contains(request.method)
        let digest = Digest.sha256(of: body.span.bytes).base64
        var signed = [("date", HTTPDate.format(date)), ("(request-target)", target(request.method, url))]
        if signsHost { signed.append(("host", host(url))) }
        if hasBody {
            signed += [
                ("content-length", String(body.count)), ("content-type", "application/json"),
                ("x-content-sha256", digest),
            ]
        }
        let text = signed.map { "\($0.0): \($0.1)" }.joined(separator: "\n")
        let signature = Base64.encode(signer.key.signSHA256(Array(text.utf8)))
        let authorization =
            "Signature algorithm=\"rsa-sha256\",headers=\"\(signed.map(\.0).joined(separator: " "))\","
            + "keyId=\"\(signer.keyID)\",signature=\"\(signature)\",version=\"1\""
        var headers = [HTTPHeader("Date", HTTPDate.format(date))]
        if hasBody {
            headers.append(HTTPHeader("Content-Type", "application/json"))
            headers.append(HTTPHeader("x-content-sha256", digest))
        }
        return headers + [HTTPHeader("Authorization", authorization, isSecret: true)]
    }

    private static func target(_ method: HTTPRequest.Method, _ url: URLParts) -> String {
        "\(method.rawValue.lowercased()) \(url.path)" + (url.query.map { "?\($0)" } ?? "")
    }

    /// As libcurl sends it: the port only where it is not the scheme's own.
    private static func host(_ url: URLParts) -> String {
        let usual = url.scheme == "https" ? 443 : 80
        return url.port == usual ? url.host : "\(url.host):\(url.port)"
    }
}
