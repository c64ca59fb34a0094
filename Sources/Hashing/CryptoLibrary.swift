import CCrypto

/// The OpenSSL that was found at run time.
public enum CryptoLibrary {
    /// `OpenSSL 3.0.19`.
    public static var version: String {
        let text = String(cString: OpenSSL_version(OPENSSL_VERSION))
        return text.split(separator: " ").prefix(2).joined(separator: " ")
    }
}
