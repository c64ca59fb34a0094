import CCrypto

/// An X.509 certificate as far as machines of a cloud need theirs; by OpenSSL. Nothing of it is verified.
public struct Certificate: Sendable, Hashable {
    /// The whole, in DER.
    public let bytes: [UInt8]
    /// The values of the subject's attributes, in order.
    public let subject: [String]

    /// The first certificate of a PEM text; nil when there is none.
    public init?(pem: String) {
        defer { ERR_clear_error() }
        let text = Array(pem.utf8)
        guard text.count <= 65_536 else { return nil }
        // The BIO reads where the bytes lie, so they must stay there until the certificate is read.
        let read = text.withUnsafeBytes { text in
            let source = BIO_new_mem_buf(text.baseAddress, Int32(text.count))
            defer { BIO_free(source) }
            return PEM_read_bio_X509(source, nil, nil, nil)
        }
        guard let read else { return nil }
        defer { X509_free(read) }
        let length = Int(i2d_X509(read, nil))
        guard length > 0 else { return nil }
        bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            var end = buffer.baseAddress
            count = i2d_X509(read, &end) == length ? length : 0
        }
        let name = X509_get_subject_name(read)
        subject = (0..<max(0, X509_NAME_entry_count(name))).compactMap { index in
            let value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index))
            guard let start = ASN1_STRING_get0_data(value) else { return nil }
            let text = UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(value)))
            return String(validating: text, as: UTF8.self)
        }
    }
}
