/// Percent-encoding of path components (RFC 3986, 2.1).
enum PercentEncoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Decoded once; a `%` without two hex digits stays as it is.
    static func decoded(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let source = Array(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        var at = 0
        while at < source.count {
            if source[at] == 0x25, at + 2 < source.count, let high = value(source[at + 1]),
                let low = value(source[at + 2])
            {
                result.append(high << 4 | low)
                at += 3
            } else {
                result.append(source[at])
                at += 1
            }
        }
        return result
    }

    /// A plain name as one path component.
    static func encoded(_ name: [UInt8]) -> [UInt8] { name.flatMap { isPathCharacter($0) ? [$0] : escape($0) } }

    /// A reference that is encoded already, with only those bytes escaped that no URL may hold.
    static func repaired(_ reference: some Sequence<UInt8>) -> [UInt8] {
        reference.flatMap { isPathCharacter($0) || $0 == 0x25 ? [$0] : escape($0) }
    }

    private static func escape(_ byte: UInt8) -> [UInt8] { [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }

    /// RFC 3986's `pchar`, without the percent sign.
    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        // - . _ ~  and  ! $ & ' ( ) * + , ; = : @
        case 0x2D, 0x2E, 0x5F, 0x7E, 0x21, 0x24, 0x26...0x2C, 0x3B, 0x3D, 0x3A, 0x40: true
        default: false
        }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
