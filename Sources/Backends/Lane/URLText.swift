/// URLs as text that may be shown.
public enum URLText {
    /// `url` without userinfo, query and fragment, whatever else it is. Also safe on text that is no URL.
    public static func redacted(_ url: String) -> String {
        guard mayHide(url) else { return url }
        let bytes = url.utf8
        var end = bytes.endIndex
        if let cut = bytes.firstIndex(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) { end = cut }
        let shown = url[..<end]
        guard let start = authorityStart(shown) else {
            return shown.utf8.contains(UInt8(ascii: "@"))
                ? withoutUserinfo(shown, from: shown.startIndex) : String(shown)
        }
        return withoutUserinfo(shown, from: start)
    }

    /// Whether `redacted` may leave something out: most URLs have nothing to hide.
    public static func mayHide(_ url: String) -> Bool {
        let bytes = url.utf8.span
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "@"): return true
            default: continue
            }
        }
        return false
    }

    /// Scheme, host and port of `url` (`URLParts.origin`); nil when it cannot be fetched.
    public static func origin(of url: String) -> String? {
        (try? URLParts(url))?.origin
    }

    /// An object's name as the end of a URL's path: everything but unreserved bytes and `/` percent-encoded.
    public static func escapedPath(_ name: String) -> String {
        var escaped = ""
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                escaped +=
                    "%" + String(byte >> 4, radix: 16, uppercase: true)
                    + String(byte & 15, radix: 16, uppercase: true)
            }
        }
        return escaped
    }

    private static func authorityStart(_ url: Substring) -> Substring.Index? {
        let bytes = url.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let rest = bytes[colon...].prefix(3)
        return rest.elementsEqual("://".utf8) ? rest.endIndex : nil
    }

    private static func withoutUserinfo(_ url: Substring, from start: Substring.Index) -> String {
        let slash = url.utf8[start...].firstIndex(of: UInt8(ascii: "/")) ?? url.endIndex
        guard let at = url.utf8[start..<slash].lastIndex(of: UInt8(ascii: "@")) else { return String(url) }
        return String(url[..<start]) + String(url[url.utf8.index(after: at)...])
    }
}
