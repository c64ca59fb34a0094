import Hashing

/// What a bucket's `checksum.type` may be: the checksum that every object's metadata holds.
public enum ChecksumType: String, Sendable, Hashable, CaseIterable {
    case none, xxhash, xxhash2, md5, crc32c, sha256, sha512

    /// How it is computed; nil for `none`. AIStore's `xxhash` and `xxhash2` are both XXH64 with seed 0.
    public var algorithm: DigestAlgorithm? {
        switch self {
        case .none: nil
        case .xxhash, .xxhash2: .xxhash
        case .md5: .md5
        case .crc32c: .crc32c
        case .sha256: .sha256
        case .sha512: .sha512
        }
    }
}
