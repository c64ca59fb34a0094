/// A running cyclic redundancy check with reflected bits, all ones at the start, inverted at the end: the form that
/// CRC-32, CRC-32C and CRC-64/NVME share. Check values: https://reveng.sourceforge.io/crc-catalogue/all.htm
///
/// Slicing by 16: table `k` holds what a byte contributes `k` bytes later, so 16 bytes cost 16 look-ups and no chain of
/// shifts. A 32-bit remainder lives in the low half of the word; the same loop serves both widths. CRC-32C goes
/// through the processor's own instruction where there is one.
struct CRC: Sendable {
    /// What tells one of these checks from another.
    final class Kind: Sendable {
        static let crc32 = Kind(polynomial: 0xedb8_8320, ones: 0xffff_ffff)
        static let crc32c = Kind(polynomial: 0x82f6_3b78, ones: 0xffff_ffff, hardware: CRC32CInstruction.isAvailable)
        static let crc64nvme = Kind(polynomial: 0x9a6c_9329_ac4b_c9b5, ones: .max)
        /// For tests: CRC-32C as a processor without the instruction computes it.
        static let crc32cTables = Kind(polynomial: 0x82f6_3b78, ones: 0xffff_ffff)

        let ones: UInt64
        let hardware: Bool
        /// 16 tables of 256 words, one behind the other.
        let tables: [UInt64]

        private init(polynomial: UInt64, ones: UInt64, hardware: Bool = false) {
            self.ones = ones
            self.hardware = hardware
            var tables = [UInt64](repeating: 0, count: 16 * 256)
            for byte in 0..<256 {
                var remainder = UInt64(byte)
                for _ in 0..<8 {
                    remainder = remainder & 1 == 1 ? remainder >> 1 ^ polynomial : remainder >> 1
                }
                tables[byte] = remainder
            }
            for index in 256..<tables.count {
                let before = tables[index - 256]
                tables[index] = before >> 8 ^ tables[Int(before & 0xff)]
            }
            self.tables = tables
        }
    }

    private let kind: Kind
    private var state: UInt64

    init(_ kind: Kind) {
        self.kind = kind
        state = kind.ones
    }

    /// The check of everything taken so far.
    var value: UInt64 { state ^ kind.ones }

    mutating func update(_ bytes: RawSpan) {
        if kind.hardware {
            state = UInt64(CRC32CInstruction.update(UInt32(truncatingIfNeeded: state), bytes))
        } else {
            let tables = kind.tables
            state = Self.sliced(state, bytes, tables.span)
        }
    }

    private static func sliced(_ start: UInt64, _ bytes: RawSpan, _ tables: Span<UInt64>) -> UInt64 {
        let count = bytes.byteCount
        var state = start
        var offset = 0
        while offset &+ 16 <= count {
            let low = bytes.word(at: offset) ^ state
            let high = bytes.word(at: offset &+ 8)
            state = contribution(of: low, tables, farthest: 15) ^ contribution(of: high, tables, farthest: 7)
            offset &+= 16
        }
        while offset < count {
            let index = Int(truncatingIfNeeded: (state ^ UInt64(bytes.byte(at: offset))) & 0xff)
            state = state >> 8 ^ tables[unchecked: index]
            offset &+= 1
        }
        return state
    }

    /// What eight bytes add; the first of them is `farthest` bytes before the end of the sixteen.
    @inline(__always)
    private static func contribution(of word: UInt64, _ tables: Span<UInt64>, farthest: Int) -> UInt64 {
        @inline(__always)
        func entry(_ byte: Int) -> UInt64 {
            let value = Int(truncatingIfNeeded: word &>> UInt64(byte &* 8) & 0xff)
            return tables[unchecked: (farthest &- byte) &* 256 &+ value]
        }
        return entry(0) ^ entry(1) ^ entry(2) ^ entry(3) ^ entry(4) ^ entry(5) ^ entry(6) ^ entry(7)
    }
}
