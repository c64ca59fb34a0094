import Hashing

/// Azure's Shared Key signature of a request for blobs, as a pure function.
/// Source: Microsoft, "Authorize with Shared Key", version 2015-02-21 and later.
public enum SharedKey {
    /// `SharedKey ACCOUNT:SIGNATURE`, the value of `Authorization`.
    /// - Parameters:
    ///   - url: as sent: path and query percent-encoded.
    ///   - headers: all that are sent and that the signature may cover, `x-ms-date` and `x-ms-version` among them.
    ///   - key: the account's, decoded.
    public static func authorization(
        _ method: HTTPRequest.Method, url: String, headers: [HTTPHeader], account: String, key: [UInt8]
    ) -> String {
        let text = stringToSign(method, url: url, headers: headers, account: account)
        return "SharedKey \(account):\(Base64.encode(HMAC.sha256(key: key, Array(text.utf8))))"
    }

    /// What is signed; requests have no bodies here, so that lengths and types stay empty.
    static func stringToSign(
        _ method: HTTPRequest.Method, url: String, headers: [HTTPHeader], account: String
    ) -> String {
        let fields = HTTPHeaders(headers)
        var lines = [method.rawValue]
        for name in standardFields { lines.append(FieldText.trimmed(fields[name] ?? "")) }
        // `x-ms-date` stands in for it.
        if fields["x-ms-date"] != nil { lines[dateLine] = "" }
        let own = headers.map { (name: $0.name.lowercased(), value: FieldText.trimmed($0.value)) }
            .filter { $0.name.hasPrefix("x-ms-") }.sorted { $0.name < $1.name }
        for field in own { lines.append("\(field.name):\(field.value)") }
        return lines.joined(separator: "\n") + "\n" + resource(url, account: account)
    }

    private static let standardFields = [
        "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
        "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range",
    ]
    private static let dateLine = 6

    /// `/ACCOUNT/PATH`, the path as sent, and a line for each field of the query: its name in lower case and its decoded
    /// value, in order of names.
    private static func resource(_ url: String, account: String) -> String {
        let bytes = url.utf8
        let authority = bytes.firstIndex(of: 0x3A).map { bytes[$0...].dropFirst(3) } ?? bytes[...]
        let start = authority.firstIndex { $0 == 0x2F || $0 == 0x3F } ?? bytes.endIndex
        let mark = bytes[start...].firstIndex(of: 0x3F)
        let path = Substring(bytes[start..<(mark ?? bytes.endIndex)])
        var lines = ["/\(account)\(path.isEmpty ? "/" : path)"]
        guard let mark else { return lines[0] }
        var values: [String: [String]] = [:]
        for item in bytes[mark...].dropFirst().split(separator: 0x26) {
            let halves = item.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count > 1 ? decoded(halves[1]) : ""
            values[decoded(halves[0]).lowercased(), default: []].append(value)
        }
        for (name, found) in values.sorted(by: { $0.key < $1.key }) {
            lines.append("\(name):\(found.sorted().joined(separator: ","))")
        }
        return lines.joined(separator: "\n")
    }

    private static func decoded(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: PercentEncoding.decoded(bytes), as: UTF8.self)
    }
}
