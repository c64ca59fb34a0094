/// Numbers in a tar header.
enum TarNumber {
    /// Octal digits between blanks (spaces, NULs), or GNU's base 256 (first byte 0x80: a big-endian number in the rest).
    /// An empty field is 0, as every tool reads it. nil for anything else, negative and over-long numbers included.
    static func parse(_ block: RawSpan, _ field: Range<Int>) -> Int64? {
        if block.byte(at: field.lowerBound) & 0x80 != 0 { return base256(block, field) }
        var offset = field.lowerBound
        func isBlank(_ byte: UInt8) -> Bool { byte == 0 || byte == UInt8(ascii: " ") }
        while offset < field.upperBound, isBlank(block.byte(at: offset)) { offset += 1 }
        var value: Int64 = 0
        while offset < field.upperBound {
            let digit = block.byte(at: offset) &- UInt8(ascii: "0")
            guard digit < 8 else { break }
            value = value << 3 | Int64(digit)
            offset += 1
        }
        while offset < field.upperBound {
            guard isBlank(block.byte(at: offset)) else { return nil }
            offset += 1
        }
        return value
    }

    private static func base256(_ block: RawSpan, _ field: Range<Int>) -> Int64? {
        guard block.byte(at: field.lowerBound) == 0x80 else { return nil }
        var value: UInt64 = 0
        for offset in field.dropFirst() {
            guard value >> 55 == 0 else { return nil }
            value = value << 8 | UInt64(block.byte(at: offset))
        }
        return Int64(value)
    }
}
