/// One running digest. Not thread-safe: it belongs to the lane that feeds it.
public final class DigestContext {
    private enum Engine {
        case xxhash(XXH64)
        case crc(CRC)
        case openssl(EVPDigest)
        case parts(PartsDigest)
    }

    public let algorithm: DigestAlgorithm
    private var engine: Engine
    private var result: Digest?

    /// An empty digest.
    public init(_ algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
        engine =
            switch algorithm {
            case .xxhash: .xxhash(XXH64())
            case .crc32: .crc(CRC(.crc32))
            case .crc32c: .crc(CRC(.crc32c))
            case .crc64nvme: .crc(CRC(.crc64nvme))
            case .md5, .sha1, .sha256, .sha512: .openssl(EVPDigest(algorithm))
            }
    }

    /// An empty digest of parts: that of the parts' digests, as S3 forms it of multipart uploads.
    /// - Parameter parts: the parts' sizes in order, in bytes.
    public init(_ algorithm: DigestAlgorithm, parts: [Int64]) {
        self.algorithm = algorithm
        engine = .parts(PartsDigest(algorithm, sizes: parts))
    }

    /// Takes the next bytes. Precondition: `finalize()` has not been called.
    public func update(_ bytes: RawSpan) {
        precondition(result == nil, "a digest was fed after its end")
        switch engine {
        case .xxhash(var state):
            state.update(bytes)
            engine = .xxhash(state)
        case .crc(var state):
            state.update(bytes)
            engine = .crc(state)
        case .openssl(let context):
            context.update(bytes)
        case .parts(let parts):
            parts.update(bytes)
        }
    }

    /// Ends the digest; asked again, it gives the same answer.
    public func finalize() -> Digest {
        if let result { return result }
        let digest =
            switch engine {
            case .xxhash(let state): Digest(.xxhash, value: state.finalize())
            case .crc(let state): Digest(algorithm, value: state.value)
            case .openssl(let context): Digest(trusted: algorithm, context.finalize())
            case .parts(let parts): parts.finalize()
            }
        result = digest
        return digest
    }
}
