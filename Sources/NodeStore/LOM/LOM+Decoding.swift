import Hashing
import ObjectModel

extension LOM {
    /// Reads an xattr as strictly as a node does, and never beyond its end.
    public init(decoding bytes: [UInt8]) throws(LOMError) {
        guard bytes.count >= 12 else { throw .tooShort(bytes.count) }
        guard bytes[0] == 1 || bytes[0] == 2 else { throw .unknownVersion(bytes[0]) }
        guard bytes[1] == 1 else { throw .unknownHash(bytes[1]) }
        guard Self.number(bytes, 2..<10) == XXH64.hash(bytes.span.bytes.extracting(10...), seed: HRW.seed) else {
            throw .wrongHash
        }
        self.init(checksumType: .none, checksumValue: "", size: -1)
        var seen: UInt8 = 0
        var start = 10
        while true {
            let end = Self.separator(in: bytes, from: start)
            let last = end ?? bytes.count
            guard last - start >= 2 else { throw .badRecord("a record without a key") }
            let code = UInt16(bytes[start]) << 8 | UInt16(bytes[start + 1])
            guard let key = Record(rawValue: code) else { throw .badRecord("unknown record \(code)") }
            guard seen & (1 << code) == 0 else { throw .badRecord("record \(code) is there twice") }
            seen |= 1 << code
            try read(key, bytes, start + 2..<last)
            guard let end else { break }
            start = end + Self.separator.count
        }
        guard seen & 8 != 0 else { throw .badRecord("the size is missing") }
        guard seen & 3 == 0 || seen & 3 == 3 else { throw .badRecord("half a checksum") }
    }

    private mutating func read(_ key: Record, _ bytes: [UInt8], _ value: Range<Int>) throws(LOMError) {
        switch key {
        case .checksumType:
            // Old nodes write an empty type for none.
            guard let type = value.isEmpty ? ChecksumType.none : ChecksumType(rawValue: Self.text(bytes, value)) else {
                throw .badRecord("unknown checksum type")
            }
            checksumType = type
        case .checksumValue: checksumValue = Self.text(bytes, value)
        case .version: version = value.isEmpty ? nil : Self.text(bytes, value)
        case .size:
            guard value.count == 8, let size = Int64(exactly: Self.number(bytes, value)) else {
                throw .badRecord("a malformed size")
            }
            self.size = size
        case .lid:
            guard value.count == 8 else { throw .badRecord("a malformed bucket ID") }
            lid = Self.number(bytes, value)
        case .flags:
            guard value.count == 8 else { throw .badRecord("malformed flags") }
            flags = Self.number(bytes, value)
        case .copies:
            copies = Self.texts(bytes, value, separator: 0)
            guard copies.allSatisfy({ !$0.isEmpty }) else { throw .badRecord("an empty copy") }
        case .custom:
            let parts = Self.texts(bytes, value, separator: 1)
            guard parts.count % 2 == 0 else { throw .badRecord("a custom key without a value") }
            for index in stride(from: 0, to: parts.count, by: 2) { custom[parts[index]] = parts[index + 1] }
        }
    }

    /// Text that others wrote may be no UTF-8; it is only shown, so it is repaired.
    private static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    private static func texts(_ bytes: [UInt8], _ range: Range<Int>, separator: UInt8) -> [String] {
        var texts: [String] = []
        var start = range.lowerBound
        for index in range where bytes[index] == separator {
            texts.append(text(bytes, start..<index))
            start = index + 1
        }
        texts.append(text(bytes, start..<range.upperBound))
        return texts
    }

    private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var value: UInt64 = 0
        for index in range { value = value << 8 | UInt64(bytes[index]) }
        return value
    }

    private static func separator(in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + 2 < bytes.count {
            if bytes[index] == 0xe3, bytes[index + 1] == 0x2f, bytes[index + 2] == 0xbd { return index }
            index += 1
        }
        return nil
    }
}
