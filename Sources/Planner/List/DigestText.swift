import Hashing

/// Digests as people write them: `sha256:HEX` (base64 too), `md5:…`, or bare hexadecimal whose length tells which.
public enum DigestText {
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    public static func parse(_ text: some StringProtocol) throws(Fault) -> Digest {
        let text = String(text)
        guard let colon = text.utf8.firstIndex(of: ASCII.colon) else { return try bare(text) }
        let name = String(text[..<colon])
        guard let algorithm = algorithm(name) else {
            throw Fault(description: "unknown digest \"\(name)\"; known: \(known)")
        }
        return try parse(String(text[text.utf8.index(after: colon)...]), algorithm)
    }

    /// The value of a digest whose algorithm is known.
    static func parse(_ value: String, _ algorithm: DigestAlgorithm) throws(Fault) -> Digest {
        if let digest = Digest(algorithm, hex: value) ?? Digest(algorithm, base64: value) { return digest }
        throw Fault(
            description: "\"\(value.prefix(140))\" is not a \(algorithm.rawValue) digest"
                + " (\(algorithm.byteCount * 2) hexadecimal digits, or base64)")
    }

    /// `SHA-256`, `sha256`, `SHA2-256`, `MD5` … ; nil when unknown.
    static func algorithm(_ name: String) -> DigestAlgorithm? {
        let plain = name.lowercased().filter { $0 != "-" && $0 != "_" }
        switch plain {
        case "sha2256": return .sha256
        case "sha2512": return .sha512
        default: return DigestAlgorithm(rawValue: plain)
        }
    }

    /// Which digest a number of hexadecimal digits is, without a prefix.
    static func algorithm(hexDigits: Int) -> DigestAlgorithm? {
        switch hexDigits {
        case 32: .md5
        case 40: .sha1
        case 64: .sha256
        case 128: .sha512
        default: nil
        }
    }

    private static let known = DigestAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")

    private static func bare(_ text: String) throws(Fault) -> Digest {
        guard text.utf8.allSatisfy(ASCII.isHex), let algorithm = algorithm(hexDigits: text.utf8.count),
            let digest = Digest(algorithm, hex: text)
        else {
            throw Fault(
                description:
                    "\"\(text.prefix(140))\" does not tell which digest it is: 32 (md5), 40 (sha1), 64 (sha256)"
                    + " or 128 (sha512) hexadecimal digits do, all else is written ALGORITHM:VALUE, e.g. crc32c:…")
        }
        return digest
    }
}
