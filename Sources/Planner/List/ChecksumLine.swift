import Hashing

/// A line of `sha256sum`, `md5sum` … as GNU writes it (`HEX  name`, `HEX *name`) or BSD (`SHA256 (name) = HEX`).
/// A leading backslash says that the name's backslashes and line ends are escaped (coreutils manual, "md5 invocation").
struct ChecksumLine {
    let digest: Digest
    let name: [UInt8]

    enum Fault: Error {
        case form
        case digest(String)
    }

    /// Whether a list that begins so is a checksum list.
    static func looksLikeOne(_ line: ArraySlice<UInt8>) -> Bool {
        let rest = line.first == ASCII.backslash ? line.dropFirst() : line
        let digits = rest.prefix(while: ASCII.isHex)
        if digits.count >= 32, digits.endIndex < rest.endIndex, rest[digits.endIndex] == ASCII.space { return true }
        guard let parts = bsdParts(rest) else { return false }
        return DigestText.algorithm(parts.tag) != nil || parts.tag.lowercased().hasPrefix("blake")
    }

    init(_ line: ArraySlice<UInt8>) throws(Fault) {
        let isEscaped = line.first == ASCII.backslash
        let rest = isEscaped ? line.dropFirst() : line
        let written: ArraySlice<UInt8>
        if let parts = Self.bsdParts(rest) {
            guard let algorithm = DigestText.algorithm(parts.tag) else {
                throw .digest("digest \(parts.tag) is not one that is checked (md5, sha1, sha256, sha512)")
            }
            guard let digest = Digest(algorithm, hex: parts.hex) else {
                throw .digest("expected \(algorithm.byteCount * 2) hexadecimal digits of \(algorithm.rawValue)")
            }
            self.digest = digest
            written = parts.name
        } else {
            let digits = rest.prefix(while: ASCII.isHex)
            let behind = rest[digits.endIndex...]
            guard !digits.isEmpty, behind.first == ASCII.space, let mark = behind.dropFirst().first,
                mark == ASCII.space || mark == UInt8(ascii: "*")
            else { throw .form }
            let hex = String(decoding: digits, as: UTF8.self)
            guard let algorithm = DigestText.algorithm(hexDigits: digits.count),
                let digest = Digest(algorithm, hex: hex)
            else {
                throw .digest(
                    "\(digits.count) hexadecimal digits are none of md5 (32), sha1 (40), sha256 (64), sha512 (128)")
            }
            self.digest = digest
            written = behind.dropFirst(2)
        }
        var name = isEscaped ? try Self.unescaped(written) : Array(written)
        while name.starts(with: [UInt8(ascii: "."), ASCII.slash]) { name.removeFirst(2) }
        guard !name.isEmpty else { throw .form }
        self.name = name
    }

    private static func bsdParts(
        _ line: ArraySlice<UInt8>
    ) -> (tag: String, name: ArraySlice<UInt8>, hex: String)? {
        let open = Array(" (".utf8)
        let close = Array(") = ".utf8)
        guard let start = line.firstRange(of: open), let end = line.ranges(of: close).last,
            start.upperBound <= end.lowerBound
        else { return nil }
        let tag = line[..<start.lowerBound]
        guard !tag.isEmpty, tag.count <= 16, tag.allSatisfy({ $0 > ASCII.space && $0 < 0x7f }) else { return nil }
        let hex = String(decoding: trimmed(line[end.upperBound...]), as: UTF8.self)
        return (String(decoding: tag, as: UTF8.self), line[start.upperBound..<end.lowerBound], hex)
    }

    private static func unescaped(_ name: ArraySlice<UInt8>) throws(Fault) -> [UInt8] {
        var plain: [UInt8] = []
        var iterator = name.makeIterator()
        while let byte = iterator.next() {
            guard byte == ASCII.backslash else {
                plain.append(byte)
                continue
            }
            switch iterator.next() {
            case ASCII.backslash: plain.append(ASCII.backslash)
            case UInt8(ascii: "n"): plain.append(ASCII.newline)
            case UInt8(ascii: "r"): plain.append(ASCII.carriageReturn)
            default: throw .form
            }
        }
        return plain
    }
}
