import Hashing
import ObjectModel

extension LOM {
    /// Reads an xattr as strictly as a node does, and never beyond its end.
    public init(decoding bytes: [UInt8]) throws(LOMError) {
        guard bytes.count >= 12 else { throw .tooShort(bytes.count) }
        guard bytes[0] == 1 || bytes[0] == 2 else { throw .unknownVersion(bytes[0]) }
        guard bytes[1] == 1 else { throw .unknownHash(bytes[1]) }
        let payload = bytes[10...]
        guard Self.number(bytes[2..<10]) == XXH64.hash(bytes.span.bytes.extracting(10...), seed: HRW.seed) else {
            throw .wrongHash
        }
        self.init(checksumType: .none, checksumValue: "", size: -1)
        var seen: UInt8 = 0
        var start = payload.startIndex
        while true {
            let end = Self.separator(in: payload, from: start)
            let record = payload[start..<(end ?? payload.endIndex)]
            guard record.count >= 2 else { throw .badRecord("a record without a key") }
            let code = UInt16(Self.number(record.prefix(2)))
            guard let key = Record(rawValue: code) else { throw .badRecord("unknown record \(code)") }
            guard seen & (1 << code) == 0 else { throw .badRecord("record \(code) is there twice") }
            seen |= 1 << code
            try read(key, record.dropFirst(2))
            guard let end else { break }
            start = end + Self.separator.count
        }
        guard seen & 8 != 0 else { throw .badRecord("the size is missing") }
        guard seen & 3 == 0 || seen & 3 == 3 else { throw .badRecord("half a checksum") }
    }

    private mutating func read(_ key: Record, _ value: ArraySlice<UInt8>) throws(LOMError) {
        switch key {
        case .checksumType:
            // Old nodes write an empty type for none.
            guard value.isEmpty || ChecksumType(rawValue: Self.text(value)) != nil else {
                throw .badRecord("unknown checksum type")
            }
            checksumType = ChecksumType(rawValue: Self.text(value)) ?? .none
        case .checksumValue: checksumValue = Self.text(value)
        case .version: version = value.isEmpty ? nil : Self.text(value)
        case .size:
            guard value.count == 8, let size = Int64(exactly: Self.number(value)) else {
                throw .badRecord("a malformed size")
            }
            self.size = size
        case .lid:
            guard value.count == 8 else { throw .badRecord("a malformed bucket ID") }
            lid = Self.number(value)
        case .flags:
            guard value.count == 8 else { throw .badRecord("malformed flags") }
            flags = Self.number(value)
        case .copies:
            copies = value.split(separator: 0, omittingEmptySubsequences: false).map(Self.text)
            guard copies.allSatisfy({ !$0.isEmpty }) else { throw .badRecord("an empty copy") }
        case .custom: try readCustom(value)
        }
    }

    private mutating func readCustom(_ value: ArraySlice<UInt8>) throws(LOMError) {
        let parts = value.split(separator: 1, omittingEmptySubsequences: false)
        guard parts.count % 2 == 0 else { throw .badRecord("a custom key without a value") }
        for index in stride(from: 0, to: parts.count, by: 2) {
            custom[Self.text(parts[index])] = Self.text(parts[index + 1])
        }
    }

    /// Text that others wrote may be no UTF-8; it is only shown, so it is repaired.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    private static func separator(in payload: ArraySlice<UInt8>, from start: Int) -> Int? {
        var index = start
        while index + 2 < payload.endIndex {
            if payload[index] == 0xe3, payload[index + 1] == 0x2f, payload[index + 2] == 0xbd { return index }
            index += 1
        }
        return nil
    }
}
