/// One running digest. Not thread-safe: it belongs to the lane that feeds it.
public final class DigestContext {
    private enum Engine {
        case xxhash(XXH64)
        case crc(CRC)
        case openssl(EVPDigest)
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
            }
        result = digest
        return digest
    }
}
