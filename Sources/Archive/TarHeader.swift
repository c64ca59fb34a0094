/// The fields of one 512-byte header block that matter here. Offsets: POSIX.1-1988 ustar, and GNU tar's `tar.h`.
struct TarHeader {
    static let blockSize = 512

    enum Format { case v7, ustar, gnu, star }

    let format: Format
    let type: UInt8
    /// The size field: a file's stored bytes, or an extended header's; of no meaning for links and the like.
    let size: Int64
    /// Prefix and name joined.
    let nameBytes: [UInt8]
    /// Old GNU sparse files: whether a block with more of the map follows.
    let hasSparseExtension: Bool

    /// Reads a block that is not all zeros. `offset` is where it stands, for errors.
    init(_ block: RawSpan, offset: Int64) throws(TarError) {
        guard Self.checksumIsRight(block) else { throw TarError(offset: offset, reason: .headerChecksumWrong) }
        guard let size = TarNumber.parse(block, 124..<136), size >= 0, size < 1 << 62 else {
            throw TarError(offset: offset, reason: .fieldMalformed("size"))
        }
        self.size = size
        type = block.byte(at: 156)
        format = Self.format(of: block)
        hasSparseExtension = format == .gnu && type == UInt8(ascii: "S") && block.byte(at: 482) != 0
        let name = block.text(0..<100)
        let prefix =
            switch format {
            case .ustar: block.text(345..<500)
            case .star: block.text(345..<476)
            case .v7, .gnu: [] as [UInt8]
            }
        nameBytes = prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    }

    /// Whether a block holds nothing but zeros.
    static func isZero(_ block: RawSpan) -> Bool {
        var bits: UInt64 = 0
        for offset in stride(from: 0, to: blockSize, by: 8) { bits |= block.word(at: offset) }
        return bits == 0
    }

    private static func format(of block: RawSpan) -> Format {
        // "ustar\0" and a version: POSIX; "ustar  \0": GNU; "tar\0" at the very end: star, with a shorter prefix.
        guard block.word(at: 257) & 0xff_ffff_ffff == 0x72_6174_7375 else { return .v7 }
        if block.byte(at: 262) == UInt8(ascii: " ") { return .gnu }
        return block.word(at: 504) >> 32 == 0x0072_6174 ? .star : .ustar
    }

    /// The sum of all bytes, the checksum's own eight taken as spaces; some old writers summed signed bytes.
    private static func checksumIsRight(_ block: RawSpan) -> Bool {
        guard let stored = TarNumber.parse(block, 148..<156) else { return false }
        var sums: UInt64 = 0
        var highBits = 0
        for offset in stride(from: 0, to: blockSize, by: 8) {
            var word = block.word(at: offset)
            // The field is the second half of one word and the first half of the next.
            if offset == 144 { word = word & 0xffff_ffff | 0x2020_2020 << 32 }
            if offset == 152 { word = word & ~0xffff_ffff | 0x2020_2020 }
            // Eight bytes at once, in four sums of 16 bits: 64 × 2 × 255 fits.
            sums &+= word & 0x00ff_00ff_00ff_00ff
            sums &+= word >> 8 & 0x00ff_00ff_00ff_00ff
            highBits &+= (word & 0x8080_8080_8080_8080).nonzeroBitCount
        }
        let pairs = (sums & 0xffff) &+ (sums >> 16 & 0xffff)
        let unsigned = Int64(pairs &+ (sums >> 32 & 0xffff) &+ sums >> 48)
        return stored == unsigned || stored == unsigned &- 256 &* Int64(highBits)
    }
}
