/// Loads without checks: the caller has made sure that they lie inside the span.
extension RawSpan {
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// A little-endian word.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// The bytes of a field up to its first NUL.
    func text(_ field: Range<Int>) -> [UInt8] {
        var end = field.lowerBound
        while end < field.upperBound, byte(at: end) != 0 { end += 1 }
        var text: [UInt8] = []
        text.reserveCapacity(end - field.lowerBound)
        for offset in field.lowerBound..<end { text.append(byte(at: offset)) }
        return text
    }
}
