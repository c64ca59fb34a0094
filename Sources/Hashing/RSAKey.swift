import CCrypto

/// Why a text is no private key that can sign. Holds nothing of the key.
public enum RSAKeyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No PEM block of a private key, or a damaged one.
    case malformed
    /// The key is encrypted, and no passphrase was given.
    case passphraseNeeded
    /// The key does not open with the passphrase given.
    case wrongPassphrase
    /// A private key, but not RSA of 1,024 to 16,384 bits.
    case unsuitable

    public var description: String {
        switch self {
        case .malformed: "it holds no private key in PEM form"
        case .passphraseNeeded: "the private key is encrypted, and there is no passphrase"
        case .wrongPassphrase: "the private key does not open with the passphrase given"
        case .unsuitable: "the private key is not an RSA key of 1024 to 16384 bits"
        }
    }
}

/// A private RSA key, as clouds give them out; by OpenSSL. May be shared by threads.
public final class RSAKey: Sendable {
    /// OpenSSL locks keys itself; nothing here changes it.
    nonisolated(unsafe) private let key: OpaquePointer

    /// - Parameters:
    ///   - pem: PKCS#1 (`RSA PRIVATE KEY`) or PKCS#8 (`PRIVATE KEY`, `ENCRYPTED PRIVATE KEY`). Text before the block and
    ///     behind it is skipped.
    ///   - passphrase: counts only where the key is encrypted.
    public init(pem: String, passphrase: String? = nil) throws(RSAKeyError) {
        defer { ERR_clear_error() }
        var passphrase = Passphrase(passphrase)
        let read = pem.utf8.count > Self.longestPEM ? nil : Self.read(pem, &passphrase)
        guard let read else {
            guard passphrase.wasAsked else { throw .malformed }
            throw passphrase.bytes == nil ? .passphraseNeeded : .wrongPassphrase
        }
        guard EVP_PKEY_get_base_id(read) == EVP_PKEY_RSA, (1024...16_384).contains(EVP_PKEY_get_bits(read)) else {
            EVP_PKEY_free(read)
            throw .unsuitable
        }
        key = read
    }

    /// A new key of 2048 bits; throws `.unsuitable` where OpenSSL makes none.
    public init() throws(RSAKeyError) {
        defer { ERR_clear_error() }
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) == 1,
            EVP_PKEY_generate(context, &made) == 1, let made
        else { throw .unsuitable }
        key = made
    }

    deinit { EVP_PKEY_free(key) }

    /// The public half as `SubjectPublicKeyInfo` (RFC 5280), in DER.
    public var publicKey: [UInt8] {
        let length = Int(i2d_PUBKEY(key, nil))
        guard length > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            var end = buffer.baseAddress
            count = i2d_PUBKEY(key, &end) == length ? length : 0
        }
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2): what JWT calls RS256. As many bytes as the modulus has; empty when
    /// OpenSSL refuses, which servers then do too.
    public func signSHA256(_ message: [UInt8]) -> [UInt8] {
        defer { ERR_clear_error() }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: Int(EVP_PKEY_get_size(key))) { buffer, count in
            var length = buffer.count
            let status = EVP_DigestSign(context, buffer.baseAddress, &length, message, message.count)
            count = status == 1 ? length : 0
        }
    }

    /// Bytes; the longest key allowed takes a fifth of it.
    private static let longestPEM = 65_536

    private static func read(_ pem: String, _ passphrase: inout Passphrase) -> OpaquePointer? {
        let text = Array(pem.utf8)
        // The BIO reads where the bytes lie, so they must stay there until the key is read.
        return text.withUnsafeBytes { text in
            let source = BIO_new_mem_buf(text.baseAddress, Int32(text.count))
            defer { BIO_free(source) }
            return withUnsafeMutablePointer(to: &passphrase) { told in
                // With no callback OpenSSL asks at the terminal.
                PEM_read_bio_PrivateKey(source, nil, Passphrase.tell, told)
            }
        }
    }
}

/// What OpenSSL asks for when it meets an encrypted key.
private struct Passphrase {
    let bytes: [UInt8]?
    private(set) var wasAsked = false

    init(_ text: String?) { bytes = text.map { Array($0.utf8) } }

    /// Copies the passphrase; -1 = there is none, or it does not fit.
    static let tell: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
        buffer, capacity, _, context in
        guard let buffer, let passphrase = context?.assumingMemoryBound(to: Passphrase.self) else { return -1 }
        passphrase.pointee.wasAsked = true
        guard let bytes = passphrase.pointee.bytes, bytes.count <= Int(capacity) else { return -1 }
        for (index, byte) in bytes.enumerated() { buffer[index] = CChar(bitPattern: byte) }
        return Int32(bytes.count)
    }
}
