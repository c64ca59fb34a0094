import ObjectModel

/// Local object metadata: what a node keeps about an object in the file's xattr `user.ais.lom`. A node serves only a
/// file that has it, and one that is corrupt truncates the bucket's listing.
///
///     0 meta-version · 1 checksum type (1 = XXH64) · 2 BE XXH64(payload, seed 1103515245) · 10 payload
///     payload = records joined by e3 2f bd; record = BE u16 key + value
///     0 checksum type · 1 checksum value · 2 version · 3 size · 4 copies · 5 custom · 6 lid · 7 flags
public struct LOM: Sendable, Hashable {
    public static let xattrName = "user.ais.lom"
    /// A longer xattr does not fit an ext4 inode's block beside what else is there.
    public static let byteCountMax = 4_000
    /// A node drops all custom keys beyond this many bytes of keys and values.
    public static let customByteCountMax = 2_048

    public var checksumType: ChecksumType
    /// Lower-case hex; empty for `.none`.
    public var checksumValue: String
    /// Nil when the source has no versions.
    public var version: String?
    /// Bytes.
    public var size: Int64
    /// FQNs of all copies, the main one included, as the node sees them; empty when there is only the main one.
    public var copies: [String]
    /// Bucket ID in its low 60 bits and bit 63, flags in 60 to 62. 0 = the bucket's own.
    public var lid: UInt64
    /// Bit 0: there is a shard index.
    public var flags: UInt64
    public var custom: CustomKeys

    public init(
        checksumType: ChecksumType, checksumValue: String, version: String? = nil, size: Int64, copies: [String] = [],
        lid: UInt64 = 0, flags: UInt64 = 0, custom: CustomKeys = [:]
    ) {
        self.checksumType = checksumType
        self.checksumValue = checksumValue
        self.version = version
        self.size = size
        self.copies = copies
        self.lid = lid
        self.flags = flags
        self.custom = custom
    }

    /// `lid` bit: the name on disk is not the object's own.
    public static let longNameBit: UInt64 = 1 << 60
    /// `lid` bit: the object is kept in chunks.
    public static let chunkedBit: UInt64 = 1 << 61

    public var hasLongName: Bool { lid & Self.longNameBit != 0 }
    public var isChunked: Bool { lid & Self.chunkedBit != 0 }

    /// Whether a node takes the object for one of the bucket with this ID: the same, or 0.
    public func belongs(toBucket bid: UInt64) -> Bool {
        let own = lid & ~(7 << 60)
        return own == 0 || own == bid
    }

    /// Whether AIStore could read this size back. It searches for the separator in binary data, so a size whose eight
    /// bytes contain e3 2f bd (14,888,893 for one) breaks the object, and with it the bucket's listing.
    public static func canRepresent(size: Int64) -> Bool { size >= 0 && canRepresent(UInt64(size)) }

    static func canRepresent(_ value: UInt64) -> Bool {
        for shift in stride(from: UInt64(0), through: 40, by: 8) where (value >> shift) & 0xff_ffff == 0xe3_2fbd {
            return false
        }
        return true
    }

    static let separator: [UInt8] = [0xe3, 0x2f, 0xbd]

    enum Record: UInt16 {
        case checksumType = 0
        case checksumValue, version, size, copies, custom, lid, flags
    }
}
