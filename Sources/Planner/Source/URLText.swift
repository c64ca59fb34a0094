import Backends
import ObjectModel

/// The parts of an HTTP(S) URL as written, by place in its bytes. Nothing is normalised but the scheme's case.
struct URLText: Sendable {
    /// `http` or `https`.
    let scheme: String
    /// `host[:port]`, without userinfo.
    let authority: String
    /// Where userinfo stands, its `@` included; empty when there is none.
    let userinfo: Range<Int>
    /// From the slash behind the authority to the query, the fragment or the end. May be empty.
    let path: Range<Int>
    /// With its question mark; empty when there is none.
    let query: Range<Int>

    /// Fails with a reason that holds nothing of the URL.
    enum Fault: Error { case notHTTP, noHost, badHost }

    init(_ bytes: [UInt8]) throws(Fault) {
        guard let scheme = Self.scheme(bytes), scheme == "http" || scheme == "https" else { throw .notHTTP }
        self.scheme = scheme
        let start = scheme.utf8.count + 3
        let end = bytes.firstIndex(of: ASCII.hash) ?? bytes.count
        let authorityEnd =
            bytes[start..<max(start, end)].firstIndex { $0 == ASCII.slash || $0 == ASCII.question } ?? max(start, end)
        let at = bytes[start..<authorityEnd].lastIndex(of: ASCII.at).map { $0 + 1 } ?? start
        guard at < authorityEnd else { throw .noHost }
        let host = bytes[at..<authorityEnd]
        guard host.allSatisfy({ $0 > ASCII.space && $0 != 0x7f && $0 != ASCII.backslash }),
            let authority = String(validating: host, as: UTF8.self)
        else { throw .badHost }
        self.authority = authority
        userinfo = start..<at
        let question = bytes[authorityEnd..<end].firstIndex(of: ASCII.question) ?? end
        path = authorityEnd..<question
        query = question..<end
    }

    /// What comes before `://`, in lower case; nil when the text does not begin like a URL.
    static func scheme(_ bytes: [UInt8]) -> String? {
        guard let colon = bytes.firstIndex(of: ASCII.colon), colon > 0,
            bytes[colon...].starts(with: [ASCII.colon, ASCII.slash, ASCII.slash])
        else { return nil }
        let scheme = bytes[..<colon]
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard scheme.allSatisfy({ letters.contains($0 | 0x20) || ASCII.isDigit($0) || $0 == 0x2b || $0 == 0x2d }) else {
            return nil
        }
        return String(decoding: scheme, as: UTF8.self).lowercased()
    }

    /// The URL without what may be secret: no userinfo, no query, no fragment. Text that is no URL stays as it is.
    static func redacted(_ text: String) -> String {
        guard Backends.URLText.mayHide(text) else { return text }
        let bytes = Array(text.utf8)
        guard let mark = scheme(bytes).map({ $0.utf8.count + 3 }) else { return text }
        let end = bytes.firstIndex { $0 == ASCII.question || $0 == ASCII.hash } ?? bytes.count
        guard mark <= end else { return text }
        let authorityEnd = bytes[mark..<end].firstIndex(of: ASCII.slash) ?? end
        let host = bytes[mark..<authorityEnd].lastIndex(of: ASCII.at).map { $0 + 1 } ?? mark
        return String(decoding: bytes[..<mark] + bytes[host..<end], as: UTF8.self)
    }
}

extension URLText {
    /// `name` when there is one, else the URL's last path component, percent-decoded before it is cut (as HTBucket).
    /// The URL is checked either way.
    static func lastComponent(_ url: String, or name: String?) throws(NameError) -> String {
        let bytes = Array(url.utf8)
        guard let parts = try? URLText(bytes) else {
            throw NameError(redacted(url), "is not an http:// or https:// URL with a host")
        }
        if let name { return name }
        guard let path = PercentEscape.decode(bytes[parts.path]) else {
            throw NameError(redacted(url), "has a broken percent escape")
        }
        let start = path.lastIndex(of: ASCII.slash).map { $0 + 1 } ?? path.count
        guard let name = String(validating: path[start...], as: UTF8.self) else {
            throw NameError(redacted(url), "is not valid UTF-8 when its percent escapes are decoded")
        }
        return name
    }
}

/// Percent escapes (RFC 3986, 2.1).
enum PercentEscape {
    /// Decodes once; nil for a broken escape. `+` stays.
    static func decode(_ bytes: some Sequence<UInt8>) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.underestimatedCount)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            guard byte == ASCII.percent else {
                decoded.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(ASCII.hexValue), let low = iterator.next().flatMap(ASCII.hexValue)
            else { return nil }
            decoded.append(high << 4 | low)
        }
        return decoded
    }

    /// Escapes the bytes that cannot stand in a request: controls, space, non-ASCII, and `"<>\^`{|}`. Escapes that are
    /// there stay.
    static func completed(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        escape(bytes, where: cannotStand)
    }

    /// A name as a URL's path: as `completed`, and `%`, `?`, `#` too; slashes stay.
    static func path(_ name: some Sequence<UInt8>) -> [UInt8] {
        escape(name) { cannotStand($0) || $0 == ASCII.percent || $0 == ASCII.question || $0 == ASCII.hash }
    }

    private static func cannotStand(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7f...0xff, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"),
            UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            true
        default: false
        }
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func escape(_ bytes: some Sequence<UInt8>, where mustEscape: (UInt8) -> Bool) -> [UInt8] {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(bytes.underestimatedCount)
        for byte in bytes {
            if mustEscape(byte) {
                escaped += [ASCII.percent, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                escaped.append(byte)
            }
        }
        return escaped
    }
}
