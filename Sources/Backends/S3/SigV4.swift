import Hashing

/// AWS Signature Version 4 as pure functions: for S3, for STS, and for GCS's XML API with HMAC keys.
/// Source: AWS, "Create a signed AWS API request"; S3's canonical path is the path as it is sent, encoded once.
public enum SigV4 {
    /// What a signature is made with, and where it counts.
    public struct Scope: Sendable, Hashable {
        public var region: String
        /// `s3`, `sts`, `storage` …
        public var service: String

        public init(region: String, service: String = "s3") {
            self.region = region
            self.service = service
        }
    }

    /// SHA-256 of nothing: the payload of GET and HEAD.
    public static let emptyPayload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// `20261122T183000Z`, from seconds since 1970.
    public static func date(_ seconds: Double) -> String {
        let time = CivilTime(Int64(seconds))
        var text: [UInt8] = []
        text.reserveCapacity(16)
        func put(_ number: Int, _ width: Int) {
            var place = width == 4 ? 1000 : 10
            while place > 0 {
                text.append(0x30 + UInt8(truncatingIfNeeded: number / place % 10))
                place /= 10
            }
        }
        put(time.year, 4)
        put(time.month, 2)
        put(time.day, 2)
        text.append(0x54)
        put(time.hour, 2)
        put(time.minute, 2)
        put(time.second, 2)
        text.append(0x5A)
        return String(decoding: text, as: UTF8.self)
    }

    /// The key that signs all of one day's requests in one scope.
    /// - Parameter day: `20261122`.
    public static func signingKey(secret: String, day: String, _ scope: Scope) -> [UInt8] {
        var key = HMAC.sha256(key: Array("AWS4\(secret)".utf8), Array(day.utf8))
        for part in [scope.region, scope.service, "aws4_request"] { key = HMAC.sha256(key: key, Array(part.utf8)) }
        return key
    }

    /// The headers that authorize a request, all of them secret; send them beside `signed`.
    /// - Parameters:
    ///   - url: as sent: path and query strictly percent-encoded.
    ///   - signed: further header fields that the signature covers.
    ///   - payloadHash: hex SHA-256 of the body, or `UNSIGNED-PAYLOAD`.
    ///   - date: `date(_:)`.
    ///   - key: `signingKey` for that day; nil = derive it.
    public static func headers(
        _ method: HTTPRequest.Method, url: String, signed: [HTTPHeader], payloadHash: String, date: String,
        _ scope: Scope, _ credentials: AWSCredentials, key: [UInt8]? = nil
    ) -> [HTTPHeader] {
        let day = String(date.prefix(8))
        var added = [HTTPHeader("X-Amz-Date", date, isSecret: true)]
        if scope.service != "sts" { added.append(HTTPHeader("X-Amz-Content-SHA256", payloadHash, isSecret: true)) }
        if let token = credentials.sessionToken {
            added.append(HTTPHeader("X-Amz-Security-Token", token, isSecret: true))
        }
        let parts = SignedURL(url)
        var fields = [(name: "host", value: parts.host)]
        for field in signed + added { fields.append((field.name.lowercased(), FieldText.trimmed(field.value))) }
        fields.sort { $0.name < $1.name }
        let names = fields.map(\.name).joined(separator: ";")

        var canonical = Array("\(method.rawValue)\n\(parts.path)\n\(parts.sortedQuery)\n".utf8)
        for field in fields {
            canonical += field.name.utf8
            canonical.append(0x3A)
            canonical += field.value.utf8
            canonical.append(0x0A)
        }
        canonical += "\n\(names)\n\(payloadHash)".utf8
        let credentialScope = "\(day)/\(scope.region)/\(scope.service)/aws4_request"
        let digest = Digest.sha256(of: canonical.span.bytes).hex
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(credentialScope)\n\(digest)"
        let key = key ?? signingKey(secret: credentials.secretKey, day: day, scope)
        let signature = Hex.encode(HMAC.sha256(key: key, Array(text.utf8)))
        added.append(
            HTTPHeader(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(credentialScope), SignedHeaders=\(names), "
                    + "Signature=\(signature)", isSecret: true))
        return added
    }
}

/// The parts of a URL that a signature covers.
private struct SignedURL {
    /// As libcurl sends it: without the scheme's own port.
    let host: String
    let path: String
    /// In order of names, each with its `=`.
    let sortedQuery: String

    init(_ url: String) {
        let isTLS = url.utf8.starts(with: "https://".utf8)
        let rest = url.utf8.dropFirst(isTLS ? 8 : 7)
        let slash = rest.firstIndex { $0 == 0x2F || $0 == 0x3F } ?? rest.endIndex
        let authority = rest[..<slash]
        let usual = isTLS ? ":443" : ":80"
        let hasUsual = authority.suffix(usual.utf8.count).elementsEqual(usual.utf8)
        host = String(Substring(hasUsual ? authority.dropLast(usual.utf8.count) : authority))
        let tail = rest[slash...]
        guard let mark = tail.firstIndex(of: 0x3F) else {
            path = tail.isEmpty ? "/" : String(Substring(tail))
            sortedQuery = ""
            return
        }
        path = mark == slash ? "/" : String(Substring(tail[..<mark]))
        sortedQuery = Substring(tail[tail.index(after: mark)...]).split(separator: "&")
            .map { $0.utf8.contains(0x3D) ? $0 : $0 + "=" }
            // By names first: "=" sorts behind some bytes that names hold.
            .sorted { Self.key($0).lexicographicallyPrecedes(Self.key($1)) }
            .joined(separator: "&")
    }

    private static func key(_ item: Substring) -> [UInt8] {
        var bytes = Array(item.utf8)
        if let mark = bytes.firstIndex(of: 0x3D) { bytes[mark] = 0 }
        return bytes
    }
}
