/// A finished digest. CRCs and xxhash are kept as big-endian bytes, the order in which they are printed.
public struct Digest: Sendable, Hashable, CustomStringConvertible {
    public let algorithm: DigestAlgorithm
    /// Exactly `algorithm.byteCount` bytes.
    public let bytes: [UInt8]

    /// nil when the number of bytes is not the algorithm's.
    public init?(_ algorithm: DigestAlgorithm, bytes: [UInt8]) {
        guard bytes.count == algorithm.byteCount else { return nil }
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// nil unless `hex` is exactly the digest's digits, in either case.
    public init?(_ algorithm: DigestAlgorithm, hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(algorithm, bytes: bytes)
    }

    /// nil unless `base64` is the padded standard form of exactly the digest's bytes.
    public init?(_ algorithm: DigestAlgorithm, base64: some StringProtocol) {
        guard let bytes = Base64.decode(base64) else { return nil }
        self.init(algorithm, bytes: bytes)
    }

    /// A 4- or 8-byte digest from its value.
    init(_ algorithm: DigestAlgorithm, value: UInt64) {
        self.algorithm = algorithm
        bytes = (0..<algorithm.byteCount).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
    }

    /// A digest whose length its maker vouches for.
    init(trusted algorithm: DigestAlgorithm, _ bytes: [UInt8]) {
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// Lowercase digits.
    public var hex: String { Hex.encode(bytes) }

    /// Standard alphabet, padded.
    public var base64: String { Base64.encode(bytes) }

    public var description: String { hex }
}

extension Digest {
    /// The digest of `bytes` in one call.
    public static func of(_ bytes: RawSpan, _ algorithm: DigestAlgorithm) -> Digest {
        let context = DigestContext(algorithm)
        context.update(bytes)
        return context.finalize()
    }

    /// SHA-256 of `bytes`.
    public static func sha256(of bytes: RawSpan) -> Digest { of(bytes, .sha256) }

    /// SHA-256 of the text's UTF-8 bytes.
    public static func sha256(of text: String) -> Digest { of(text.utf8Span.span.bytes, .sha256) }
}

/// SHA-256 of the text's UTF-8 bytes.
public func sha256(_ text: String) -> Digest { Digest.sha256(of: text) }
