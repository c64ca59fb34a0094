/// The header lines of one answer, each taken apart as it comes.
struct HeaderBlock {
    /// Header bytes accepted for one request, interim answers included: more is an attack or a fault.
    static let limitBytes = 256 << 10

    private var status: (version: String, code: Int)?
    private var fields = HTTPHeaders()
    private var total = 0
    private var hasBegun = false
    /// Whether the line before was a field, which a folded one continues.
    private var mayContinue = false
    /// Whether an empty line ended the block.
    private(set) var isComplete = false

    /// Whether not one byte came.
    var isEmpty: Bool { total == 0 }

    mutating func reset() {
        startOver()
        total = 0
    }

    /// Takes one line with its line end; false = too many bytes. The lines of an answer before this one (interim, or
    /// redirected) are forgotten; those after its end are trailers.
    mutating func append<Line: RandomAccessCollection<UInt8>>(_ line: Line) -> Bool where Line.Index == Int {
        total += line.count
        guard total <= Self.limitBytes else { return false }
        let text = Self.withoutBlanks(line[...])
        if line.starts(with: "HTTP/".utf8) {
            startOver()
            hasBegun = true
            status = Self.status(text)
        } else if text.isEmpty, line.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) {
            isComplete = hasBegun
        } else if !isComplete {
            hasBegun = true
            if let first = line.first, first == 0x20 || first == 0x09 {  // a folded line continues the one before
                if mayContinue, !text.isEmpty { fields.continueLast(text) }
            } else {
                mayContinue = take(text)
            }
        }
        return true
    }

    private mutating func startOver() {
        status = nil
        fields.removeAll()
        (hasBegun, mayContinue, isComplete) = (false, false, false)
    }

    /// Status and fields of the last answer; nil when it does not begin as one.
    ///
    /// Where `Transfer-Encoding` says how long the body is, `Content-Length` is dropped (RFC 9112, section 6.3).
    func head(url: String, redirects: Int) -> HTTPResponseHead? {
        guard let status else { return nil }
        let isEncoded = fields.all("Transfer-Encoding").contains { $0.lowercased() != "identity" }
        let fields = isEncoded ? fields.without("Content-Length") : fields
        return HTTPResponseHead(
            status: status.code, headers: fields, url: url, redirects: redirects, httpVersion: status.version)
    }

    /// `HTTP/1.1 200 OK` → 1.1, 200.
    private static func status(_ line: some Collection<UInt8>) -> (version: String, code: Int)? {
        let words = line.dropFirst(5).split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: true)
        guard words.count >= 2 else { return nil }
        let code = words[1].prefix { $0 >= 0x30 && $0 <= 0x39 }.prefix(4).reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard code >= 100 && code <= 999 else { return nil }
        return (String(decoding: words[0], as: UTF8.self), code)
    }

    /// - Returns: whether it is a field.
    private mutating func take<Text: RandomAccessCollection<UInt8>>(_ line: Text) -> Bool where Text.Index == Int {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { return false }
        let name = line[..<colon]
        guard name.allSatisfy(HeaderField.isTokenByte) else { return false }
        fields.append(name: name, value: Self.withoutBlanks(line[(colon + 1)...]))
        return true
    }

    private static func withoutBlanks<Text: RandomAccessCollection<UInt8>>(
        _ text: Text
    ) -> Text.SubSequence where Text.Index == Int {
        var (start, end) = (text.startIndex, text.endIndex)
        while end > start, HeaderField.isBlank(text[end - 1]) { end -= 1 }
        while start < end, HeaderField.isBlank(text[start]) { start += 1 }
        return text[start..<end]
    }
}
