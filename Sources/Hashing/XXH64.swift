/// XXH64, the 64-bit xxHash: AIS's object checksum (seed 0) and the hash behind placement (seed 1103515245).
///
/// A value: a copy of a running state goes on independently, so a common prefix need be hashed only once.
///
///     lanes v1…v4 ← seed and primes
///     every 32 bytes: each lane takes one 8-byte word        (round)
///     end: lanes are folded into one word (or seed + prime5 when there were fewer than 32 bytes),
///          the length and the last 0…31 bytes are mixed in, and the bits are spread (avalanche)
///
/// Source: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
public struct XXH64: Sendable {
    private let seed: UInt64
    private var lanes: Lanes
    /// Bytes taken so far, all told.
    private var totalBytes: UInt64 = 0
    /// The `totalBytes % 32` bytes that do not fill a stripe yet: little-endian words, unused bytes zero.
    private var pending: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// An empty state.
    public init(seed: UInt64 = 0) {
        self.seed = seed
        lanes = Lanes(seed: seed)
    }

    /// Takes the next bytes.
    public mutating func update(_ bytes: RawSpan) {
        let count = bytes.byteCount
        var offset = 0
        var pendingCount = Int(totalBytes % 32)
        totalBytes &+= UInt64(count)
        if pendingCount > 0 {
            while offset < count, pendingCount < 32 {
                keep(bytes.byte(at: offset), at: pendingCount)
                offset += 1
                pendingCount += 1
            }
            guard pendingCount == 32 else { return }
            lanes.stripe(pending.0, pending.1, pending.2, pending.3)
            pending = (0, 0, 0, 0)
        }
        offset = lanes.stripes(of: bytes, from: offset)
        var position = 0
        while offset < count {
            keep(bytes.byte(at: offset), at: position)
            offset += 1
            position += 1
        }
    }

    /// The hash of everything taken so far; the state can go on afterwards.
    public func finalize() -> UInt64 {
        var hash = totalBytes >= 32 ? lanes.folded : seed &+ Prime.five
        hash &+= totalBytes
        var rest = Int(totalBytes % 32)
        var words = pending
        while rest >= 8 {
            hash = Self.mix(hash, word: words.0)
            words = (words.1, words.2, words.3, 0)
            rest -= 8
        }
        if rest >= 4 {
            hash = Self.mix(hash, half: words.0 & 0xffff_ffff)
            words.0 >>= 32
            rest -= 4
        }
        while rest > 0 {
            hash = Self.mix(hash, byte: words.0 & 0xff)
            words.0 >>= 8
            rest -= 1
        }
        return Self.avalanche(hash)
    }

    /// The hash of `bytes`, without a state in between.
    public static func hash(_ bytes: RawSpan, seed: UInt64 = 0) -> UInt64 {
        let count = bytes.byteCount
        var offset = 0
        var hash: UInt64
        if count >= 32 {
            var lanes = Lanes(seed: seed)
            offset = lanes.stripes(of: bytes, from: 0)
            hash = lanes.folded
        } else {
            hash = seed &+ Prime.five
        }
        hash &+= UInt64(count)
        while offset &+ 8 <= count {
            hash = mix(hash, word: bytes.word(at: offset))
            offset &+= 8
        }
        if offset &+ 4 <= count {
            hash = mix(hash, half: bytes.half(at: offset))
            offset &+= 4
        }
        while offset < count {
            hash = mix(hash, byte: UInt64(bytes.byte(at: offset)))
            offset &+= 1
        }
        return avalanche(hash)
    }

    /// The hash of the text's UTF-8 bytes.
    public static func hash(_ text: String, seed: UInt64 = 0) -> UInt64 {
        hash(text.utf8.span.bytes, seed: seed)
    }

    @inline(__always)
    private mutating func keep(_ byte: UInt8, at position: Int) {
        let bits = UInt64(byte) << UInt64(position % 8 * 8)
        switch position / 8 {
        case 0: pending.0 |= bits
        case 1: pending.1 |= bits
        case 2: pending.2 |= bits
        default: pending.3 |= bits
        }
    }
}

// MARK: - The mixing steps

private enum Prime {
    static let one: UInt64 = 0x9e37_79b1_85eb_ca87
    static let two: UInt64 = 0xc2b2_ae3d_27d4_eb4f
    static let three: UInt64 = 0x1656_67b1_9e37_79f9
    static let four: UInt64 = 0x85eb_ca77_c2b2_ae63
    static let five: UInt64 = 0x27d4_eb2f_1656_67c5
}

/// The four accumulators.
private struct Lanes: Sendable {
    var one, two, three, four: UInt64

    @inline(__always)
    init(seed: UInt64) {
        one = seed &+ Prime.one &+ Prime.two
        two = seed &+ Prime.two
        three = seed
        four = seed &- Prime.one
    }

    @inline(__always)
    mutating func stripe(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        one = XXH64.round(one, first)
        two = XXH64.round(two, second)
        three = XXH64.round(three, third)
        four = XXH64.round(four, fourth)
    }

    /// Takes all whole stripes from `offset` on; returns where the rest begins.
    @inline(__always)
    mutating func stripes(of bytes: RawSpan, from start: Int) -> Int {
        var local = self
        var offset = start
        var left = (bytes.byteCount &- start) / 32
        while left > 0 {
            local.stripe(
                bytes.word(at: offset), bytes.word(at: offset &+ 8),
                bytes.word(at: offset &+ 16), bytes.word(at: offset &+ 24))
            offset &+= 32
            left &-= 1
        }
        self = local
        return offset
    }

    @inline(__always)
    var folded: UInt64 {
        var hash = one.rotated(1) &+ two.rotated(7) &+ three.rotated(12) &+ four.rotated(18)
        hash = (hash ^ XXH64.round(0, one)) &* Prime.one &+ Prime.four
        hash = (hash ^ XXH64.round(0, two)) &* Prime.one &+ Prime.four
        hash = (hash ^ XXH64.round(0, three)) &* Prime.one &+ Prime.four
        return (hash ^ XXH64.round(0, four)) &* Prime.one &+ Prime.four
    }
}

extension XXH64 {
    @inline(__always)
    fileprivate static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        (lane &+ word &* Prime.two).rotated(31) &* Prime.one
    }

    @inline(__always)
    private static func mix(_ hash: UInt64, word: UInt64) -> UInt64 {
        (hash ^ round(0, word)).rotated(27) &* Prime.one &+ Prime.four
    }

    @inline(__always)
    private static func mix(_ hash: UInt64, half: UInt64) -> UInt64 {
        (hash ^ half &* Prime.one).rotated(23) &* Prime.two &+ Prime.three
    }

    @inline(__always)
    private static func mix(_ hash: UInt64, byte: UInt64) -> UInt64 {
        (hash ^ byte &* Prime.five).rotated(11) &* Prime.one
    }

    @inline(__always)
    private static func avalanche(_ hash: UInt64) -> UInt64 {
        var hash = (hash ^ hash >> 33) &* Prime.two
        hash = (hash ^ hash >> 29) &* Prime.three
        return hash ^ hash >> 32
    }
}

extension UInt64 {
    @inline(__always)
    fileprivate func rotated(_ bits: UInt64) -> UInt64 { self &<< bits | self &>> (64 &- bits) }
}
