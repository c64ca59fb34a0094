/// Why object metadata cannot be read, or cannot be written so that a node could read it.
public enum LOMError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Fewer bytes than the preamble and one record need.
    case tooShort(Int)
    /// A meta-version other than 1 and 2.
    case unknownVersion(UInt8)
    /// A checksum of the metadata itself other than XXH64.
    case unknownHash(UInt8)
    /// The metadata's own XXH64 differs: it was damaged or cut.
    case wrongHash
    /// A record that is malformed, unknown, or there twice; or one is missing.
    case badRecord(String)
    /// A size that AIStore would cut in two when reading it back.
    case sizeNotRepresentable(Int64)
    /// The same for the bucket ID or the flags.
    case numberNotRepresentable(String)
    /// A key, value or path that holds one of the format's own separators, or is empty where it may not be.
    case badText(String)
    /// Custom keys and values in bytes, beyond `LOM.customByteCountMax` even without the optional ones.
    case customTooLong(Int)
    /// The whole in bytes, beyond `LOM.byteCountMax` even without the optional custom keys.
    case tooLong(Int)

    public var description: String {
        switch self {
        case .tooShort(let count): "object metadata of \(count) bytes is too short"
        case .unknownVersion(let version): "object metadata has the unknown version \(version)"
        case .unknownHash(let type): "object metadata has the unknown checksum type \(type)"
        case .wrongHash: "object metadata is damaged (its checksum differs)"
        case .badRecord(let what): "object metadata is damaged (\(what))"
        case .sizeNotRepresentable(let size): "AIS cannot represent this size: \(size) bytes"
        case .numberNotRepresentable(let what): "AIS cannot represent this \(what)"
        case .badText(let what): "object metadata cannot hold this \(what)"
        case .customTooLong(let count): "custom metadata of \(count) bytes exceeds \(LOM.customByteCountMax)"
        case .tooLong(let count): "object metadata of \(count) bytes exceeds \(LOM.byteCountMax)"
        }
    }
}
