import Testing

@testable import Hashing

@Suite struct PartsDigestTests {
    private func digest(_ algorithm: DigestAlgorithm, _ sizes: [Int64], _ bytes: [UInt8], step: Int) -> Digest {
        let context = DigestContext(algorithm, parts: sizes)
        for start in stride(from: 0, to: bytes.count, by: step) {
            context.update(bytes[start..<min(start + step, bytes.count)].span.bytes)
        }
        return context.finalize()
    }

    private static let megabyte: Int64 = 1 << 20

    /// Parts of their own number, repeated, as SeaweedFS digested them after an upload by boto3.
    private static let vectors: [(algorithm: DigestAlgorithm, sizes: [Int64], expected: String)] = [
        (.md5, [5 * megabyte, 5 * megabyte, 3 * megabyte], "3725f082b5bd8de3183d0cad103ccbfd"),
        (.md5, [524_288], "a662461b172246ad94614f84c9c5a9c5"),
        (.md5, [5, 7, 6, 1].map { $0 * megabyte }, "226ebb0c6140e19b07f747dd96bd230d"),
        (.crc32, [5 * megabyte, 5 * megabyte, 1000], "19b964fb"),
        (.sha256, [5 * megabyte, 1000], "83cf7620a5031840fe18700f8363360d364556a1076fd36f8f2be0d48694ce47"),
    ]

    @Test(arguments: vectors.indices) func serversVectors(index: Int) {
        let (algorithm, sizes, expected) = Self.vectors[index]
        var bytes: [UInt8] = []
        for (number, size) in sizes.enumerated() { bytes += [UInt8](repeating: UInt8(number + 1), count: Int(size)) }
        #expect(digest(algorithm, sizes, bytes, step: 512 << 10).hex == expected)
        #expect(digest(algorithm, sizes, bytes, step: 777_777).hex == expected)
    }

    /// Against the plain definition, with steps that end before, at and behind the ends of parts.
    @Test(arguments: [[0], [1], [3, 4], [5, 0, 2], [4, 0], [0, 4], [1, 1, 1, 1], [100, 7]] as [[Int64]])
    func theDefinition(sizes: [Int64]) {
        let bytes = (0..<Int(sizes.reduce(0, +))).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        var digests: [UInt8] = []
        var offset = 0
        for size in sizes {
            digests += Digest.of(bytes[offset..<offset + Int(size)].span.bytes, .sha1).bytes
            offset += Int(size)
        }
        let expected = Digest.of(digests.span.bytes, .sha1)
        for step in [1, 2, 3, 5, 1000] { #expect(digest(.sha1, sizes, bytes, step: step) == expected, "\(step)") }
    }

    @Test func oneByteMore() {
        #expect(digest(.md5, [2, 2], [1, 2, 3, 4, 5], step: 5) != digest(.md5, [2, 2], [1, 2, 3, 4], step: 5))
        let context = DigestContext(.md5, parts: [2])
        #expect(context.algorithm == .md5)
        #expect(context.finalize() == context.finalize())
    }
}
