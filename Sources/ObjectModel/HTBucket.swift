import Hashing

/// Which `ht://` bucket and object a web address is (`ht-buckets.json`).
///
/// The bucket's name is base64url, without padding, of the lower-case hex of XXH64 of host and directory. The host is
/// taken as written, the path percent-decoded once; scheme, userinfo, query and fragment are no part of it.
public enum HTBucket {
    /// `originalURL` is the directory with its scheme: what the bucket keeps as `extra.http.original_url`.
    /// `object` is empty when the URL ends with a slash; it is not validated.
    public static func locate(
        url: String
    ) throws(NameError) -> (bucket: Bucket, object: String, originalURL: String) {
        let (scheme, authority, path) = try split(url)
        let decoded = try percentDecoded(path, of: url)
        let slash = decoded.utf8.lastIndex(of: UInt8(ascii: "/"))
        let start = slash.map { decoded.utf8.index(after: $0) } ?? decoded.startIndex
        let place = "\(authority)\(decoded[..<start])"
        let digest = XXH64.hash(place, seed: seed)
        let name = Base64.encodeURL(Array(String(digest, radix: 16).utf8))
        let bucket = try Bucket(provider: .ht, name: name)
        return (bucket, String(decoded[start...]), "\(scheme)://\(place)")
    }

    /// AIStore's `MLCG32`, the seed of all its internal hashes.
    private static let seed: UInt64 = 1_103_515_245

    /// Lower-case scheme, `host[:port]` without userinfo, and the path as written (at least `/`).
    private static func split(
        _ url: String
    ) throws(NameError) -> (scheme: String, authority: Substring, path: Substring) {
        let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw NameError(redacted(url), "is not an http:// or https:// URL") }
        let scheme = parts[0].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw NameError(redacted(url), "is not an http:// or https:// URL")
        }
        let body = withoutQuery(parts[1])
        let slash = body.utf8.firstIndex(of: UInt8(ascii: "/")) ?? body.endIndex
        var authority = body[..<slash]
        if let at = authority.utf8.lastIndex(of: UInt8(ascii: "@")) {
            authority = authority[authority.utf8.index(after: at)...]
        }
        guard !authority.isEmpty else { throw NameError(redacted(url), "has no host") }
        guard authority.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw NameError(redacted(url), "has a space or control byte in its host")
        }
        return (scheme, authority, slash < body.endIndex ? body[slash...] : "/")
    }

    /// Decodes once; `+` stays. Throws for a broken escape, and for what could not be kept as text.
    private static func percentDecoded(_ path: Substring, of url: String) throws(NameError) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(path.utf8.count)
        var rest = path.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                throw NameError(redacted(url), "has a broken percent escape")
            }
            bytes.append(high << 4 | low)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw NameError(redacted(url), "is not valid UTF-8 when its percent escapes are decoded")
        }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw NameError(redacted(url), "holds a control byte")
        }
        return text
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// By bytes: as a Character, "?" with a combining mark behind it is not "?".
    private static func withoutQuery(_ url: Substring) -> Substring {
        let end = url.utf8.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        return url[..<(end ?? url.endIndex)]
    }

    /// The URL without what may be secret: userinfo, query, fragment.
    private static func redacted(_ url: String) -> String {
        let body = withoutQuery(url[...])
        let mark = body.firstRange(of: "://")?.upperBound ?? body.startIndex
        let slash = body[mark...].utf8.firstIndex(of: UInt8(ascii: "/")) ?? body.endIndex
        guard let at = body[mark..<slash].utf8.lastIndex(of: UInt8(ascii: "@")) else { return String(body) }
        return String(body[..<mark] + body[body.utf8.index(after: at)...])
    }
}
