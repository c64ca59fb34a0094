/// The header lines of one answer as they came, kept as bytes and parsed once, when the body begins.
struct HeaderBlock {
    /// Header bytes accepted for one request, interim answers included: more is an attack or a fault.
    static let limitBytes = 256 << 10

    private var bytes: [UInt8] = []
    private var total = 0
    /// Whether an empty line ended the block.
    private(set) var isComplete = false

    /// Whether not one byte came.
    var isEmpty: Bool { total == 0 }

    init() { bytes.reserveCapacity(2048) }

    mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        total = 0
        isComplete = false
    }

    /// Takes one line with its line end; false = too many bytes.
    mutating func append(_ line: some Collection<UInt8>) -> Bool {
        total += line.count
        guard total <= Self.limitBytes else { return false }
        if line.starts(with: "HTTP/".utf8) {
            bytes.removeAll(keepingCapacity: true)
            isComplete = false
        } else if line.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) {
            isComplete = !bytes.isEmpty
        }
        if !isComplete { bytes.append(contentsOf: line) }
        return true
    }

    /// Status and fields of the last answer; nil when there is none.
    ///
    /// Where `Transfer-Encoding` says how long the body is, `Content-Length` is dropped (RFC 9112, section 6.3).
    func head(url: String, redirects: Int) -> HTTPResponseHead? {
        guard let end = bytes.firstIndex(of: 0x0A), let status = Self.status(bytes[..<end]) else { return nil }
        var fields: [HTTPHeader] = []
        fields.reserveCapacity(12)
        var start = end + 1
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            Self.take(bytes[start..<end], into: &fields)
            start = end + 1
        }
        if fields.contains(where: { HTTPHeaders.sameName($0.name, "Transfer-Encoding") }) {
            fields.removeAll { HTTPHeaders.sameName($0.name, "Content-Length") }
        }
        return HTTPResponseHead(
            status: status.code, headers: HTTPHeaders(fields), url: url, redirects: redirects,
            httpVersion: status.version)
    }

    /// `HTTP/1.1 200 OK` → 1.1, 200.
    private static func status(_ line: ArraySlice<UInt8>) -> (version: String, code: Int)? {
        let words = line.dropFirst(5).split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: true)
        guard words.count >= 2 else { return nil }
        let code = words[1].prefix { $0 >= 0x30 && $0 <= 0x39 }.prefix(4).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard code >= 100 && code <= 999 else { return nil }
        return (String(decoding: words[0], as: UTF8.self), code)
    }

    private static func take(_ line: ArraySlice<UInt8>, into fields: inout [HTTPHeader]) {
        var end = line.endIndex
        while end > line.startIndex, HeaderField.isBlank(line[end - 1]) { end -= 1 }
        var start = line.startIndex
        if start < end, line[start] == 0x20 || line[start] == 0x09 {  // a folded line continues the one before
            guard !fields.isEmpty else { return }
            fields[fields.count - 1].value +=
                " " + HeaderField.trimmed(String(decoding: line[start..<end], as: UTF8.self)[...])
            return
        }
        guard let colon = line[start..<end].firstIndex(of: UInt8(ascii: ":")), colon > start,
            line[start..<colon].allSatisfy(HeaderField.isTokenByte)
        else { return }
        let name = String(decoding: line[start..<colon], as: UTF8.self)
        start = colon + 1
        while start < end, HeaderField.isBlank(line[start]) { start += 1 }
        fields.append(HTTPHeader(name, String(decoding: line[start..<end], as: UTF8.self)))
    }
}
