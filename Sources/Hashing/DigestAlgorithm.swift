/// A way to digest bytes, under the name that reports and AIS use.
public enum DigestAlgorithm: String, Sendable, CaseIterable {
    /// XXH64 with seed 0.
    case xxhash
    case md5
    /// CRC-32/ISO-HDLC (gzip, zip).
    case crc32
    /// CRC-32/ISCSI (Castagnoli).
    case crc32c
    /// CRC-64/NVME, S3's default checksum.
    case crc64nvme
    case sha1, sha256, sha512

    /// Length of a digest, in bytes.
    public var byteCount: Int {
        switch self {
        case .crc32, .crc32c: 4
        case .xxhash, .crc64nvme: 8
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    /// Order among the algorithms: of several promised digests the one with the largest strength says most.
    public var strength: Int {
        switch self {
        case .crc32: 0
        case .crc32c: 1
        case .xxhash: 2
        case .crc64nvme: 3
        case .md5: 4
        case .sha1: 5
        case .sha256: 6
        case .sha512: 7
        }
    }
}
