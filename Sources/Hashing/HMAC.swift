import CCrypto

/// Keyed hashes (RFC 2104), by OpenSSL: what signatures of S3, GCS's HMAC keys and Azure are made of.
public enum HMAC {
    /// 32 bytes. Keys of any length.
    public static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        compute(EVP_sha256(), 32, key, message)
    }

    /// 20 bytes. Keys of any length.
    public static func sha1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        compute(EVP_sha1(), 20, key, message)
    }

    /// OpenSSL can refuse only for want of memory: see `EVPDigest`.
    private static func compute(
        _ kind: OpaquePointer?, _ byteCount: Int, _ key: [UInt8], _ message: [UInt8]
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            // A nil key would mean "the one before": an empty array may have no address.
            let made = (key.isEmpty ? [0] : key).withUnsafeBytes { keyBytes in
                message.withUnsafeBufferPointer { text in
                    CCrypto.HMAC(
                        kind, keyBytes.baseAddress, Int32(key.count), text.baseAddress, text.count,
                        buffer.baseAddress, &length)
                }
            }
            precondition(made != nil && Int(length) == byteCount, "OpenSSL did not finish an HMAC")
            count = Int(length)
        }
    }
}
