import CCrypto

/// Owns one OpenSSL digest context and frees it.
///
/// OpenSSL can refuse only when memory is exhausted or a policy of the machine forbids the algorithm (FIPS and MD5);
/// neither leaves a sensible way on, so both end the process with a message.
final class EVPDigest {
    private let context: OpaquePointer
    private let byteCount: Int

    init(_ algorithm: DigestAlgorithm) {
        let kind =
            switch algorithm {
            case .md5: EVP_md5()
            case .sha1: EVP_sha1()
            case .sha512: EVP_sha512()
            default: EVP_sha256()
            }
        let made = EVP_MD_CTX_new()
        precondition(
            made != nil && EVP_DigestInit_ex(made, kind, nil) == 1,
            "OpenSSL on this machine refuses \(algorithm.rawValue)")
        context = made.unsafelyUnwrapped
        byteCount = algorithm.byteCount
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: RawSpan) {
        let status = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(status == 1, "OpenSSL stopped digesting")
    }

    /// Once only.
    func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            let status = EVP_DigestFinal_ex(context, buffer.baseAddress, &length)
            precondition(status == 1 && Int(length) == byteCount, "OpenSSL did not finish a digest")
            count = Int(length)
        }
    }
}
