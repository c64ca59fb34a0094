/// The running digest of an object that was uploaded in parts: each part is digested by itself, and in the end the parts'
/// digests, as bytes and one behind the other. S3 writes it as `VALUE-COUNT`: ETags of multipart uploads, and composite
/// checksums.
final class PartsDigest {
    private let algorithm: DigestAlgorithm
    /// Of the parts behind the current one, in bytes.
    private var following: ArraySlice<Int64>
    /// Bytes that the current part still takes; what comes behind the last part belongs to it.
    private var room: Int64
    private var part: DigestContext
    private let ofDigests: DigestContext

    /// - Parameter sizes: of the parts in order, in bytes.
    init(_ algorithm: DigestAlgorithm, sizes: [Int64]) {
        self.algorithm = algorithm
        following = sizes.dropFirst()
        room = sizes.first ?? 0
        part = DigestContext(algorithm)
        ofDigests = DigestContext(algorithm)
    }

    func update(_ bytes: RawSpan) {
        var offset = 0
        while offset < bytes.byteCount {
            while room == 0, !following.isEmpty { turn() }
            let left = bytes.byteCount - offset
            let count = following.isEmpty ? left : Int(min(Int64(left), room))
            part.update(bytes.extracting(offset..<offset + count))
            offset += count
            room -= Int64(count)
        }
    }

    /// Once only.
    func finalize() -> Digest {
        while !following.isEmpty { turn() }
        close()
        return ofDigests.finalize()
    }

    private func turn() {
        close()
        part = DigestContext(algorithm)
        room = following.removeFirst()
    }

    private func close() {
        let digest = part.finalize().bytes
        ofDigests.update(digest.span.bytes)
    }
}
