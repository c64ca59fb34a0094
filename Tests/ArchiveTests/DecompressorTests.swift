import CArchive
import Testing

@testable import Archive

@Suite struct DecompressorTests {
    static let kinds: [Compression] = [.gzip, .zstd, .xz, .bzip2, .lz4]

    static func compress(_ bytes: [UInt8], _ kind: Compression) throws -> [UInt8] {
        switch kind {
        case .none: bytes
        case .gzip: try Tools.run(["gzip", "-nc"], input: bytes)
        case .zstd: try Tools.run(["zstd", "-qc"], input: bytes)
        case .xz: try Tools.run(["xz", "-c"], input: bytes)
        case .bzip2: try Tools.run(["bzip2", "-c"], input: bytes)
        case .lz4: try Tools.run(["lz4", "-qc"], input: bytes)
        }
    }

    static func decompress(_ bytes: [UInt8], _ kind: Compression, pieces size: Int = 1 << 16) throws -> [UInt8] {
        var content: [UInt8] = []
        try bytes.withUnsafeBytes { whole in
            var offset = 0
            try Decompressor(kind).run(
                next: {
                    guard offset < whole.count else { return nil }
                    let end = min(offset + size, whole.count)
                    defer { offset = end }
                    return UnsafeRawBufferPointer(rebasing: whole[offset..<end])
                },
                sink: { piece in
                    #expect(piece.byteCount <= 4 << 20)
                    piece.withUnsafeBytes { content += $0 }
                })
            #expect(offset == whole.count, "not drained")
        }
        return content
    }

    /// Some of it compresses, some does not.
    static func sample(_ count: Int) -> [UInt8] {
        var random = SeededGenerator(state: 8)
        return (0..<count).map { $0 % 3 == 0 ? UInt8.random(in: 0...255, using: &random) : UInt8($0 / 100 % 256) }
    }

    @Test(arguments: [Compression.none] + kinds)
    func givesBackWhatWasCompressed(kind: Compression) throws {
        for count in [1, 3000, 1_000_000] {
            let content = Self.sample(count)
            let compressed = try Self.compress(content, kind)
            for size in [count > 10_000 ? 4093 : 1, 1 << 19] {
                #expect(try Self.decompress(compressed, kind, pieces: size) == content)
            }
        }
    }

    @Test(arguments: kinds)
    func takesSeveralStreamsInARow(kind: Compression) throws {
        let content = Self.sample(100_000)
        let compressed = try Self.compress(content, kind) + Self.compress([9], kind) + Self.compress(content, kind)
        for size in [777, 1 << 19] {
            #expect(try Self.decompress(compressed, kind, pieces: size) == content + [9] + content)
        }
    }

    @Test(arguments: kinds)
    func everyCutIsAnError(kind: Compression) throws {
        let compressed = try Self.compress(Self.sample(700), kind)
        for count in 0..<compressed.count {
            #expect(throws: DecompressionError.self, "\(kind) cut to \(count) of \(compressed.count)") {
                try Self.decompress(Array(compressed.prefix(count)), kind)
            }
        }
    }

    @Test(arguments: kinds)
    func everyCutOfALaterStreamIsAnError(kind: Compression) throws {
        let first = try Self.compress(Self.sample(700), kind)
        let second = try Self.compress(Self.sample(400), kind)
        for count in 1..<second.count {
            #expect(throws: DecompressionError.self, "\(kind) second cut to \(count) of \(second.count)") {
                try Self.decompress(first + second.prefix(count), kind)
            }
        }
    }

    @Test(arguments: kinds)
    func aFlippedBitNeverGivesOtherContent(kind: Compression) throws {
        let content = Self.sample(600)
        let compressed = try Self.compress(content, kind)
        var refused = 0
        for bit in stride(from: 0, to: compressed.count * 8, by: 3) {
            var damaged = compressed
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            do {
                let result = try Self.decompress(damaged, kind)
                #expect(result == content, "\(kind) bit \(bit)")
            } catch is DecompressionError {
                refused += 1
            }
        }
        #expect(refused > compressed.count * 8 / 3 * 9 / 10)
    }

    @Test(arguments: kinds)
    func garbageBehindTheEndIsAnError(kind: Compression) throws {
        let compressed = try Self.compress(Self.sample(700), kind)
        for garbage in [[1], Array("<html>error</html>".utf8), [UInt8](repeating: 0xff, count: 100_000)] {
            for size in [1 << 19, compressed.count] {
                #expect(throws: DecompressionError.self, "\(kind) \(garbage.count) \(size)") {
                    try Self.decompress(compressed + garbage, kind, pieces: size)
                }
            }
        }
    }

    @Test(arguments: kinds)
    func aCutStreamTellsWhere(kind: Compression) throws {
        let compressed = try Self.compress(Self.sample(700), kind)
        let error = #expect(throws: DecompressionError.self) {
            try Self.decompress(Array(compressed.dropLast(3)), kind)
        }
        let offset = try #require(error?.compressedOffset)
        #expect((0...Int64(compressed.count)).contains(offset))
    }

    @Test func zerosThatPadAGzipStreamAreTaken() throws {
        let compressed = try Self.compress([1, 2, 3], .gzip)
        #expect(try Self.decompress(compressed + [UInt8](repeating: 0, count: 10_000), .gzip) == [1, 2, 3])
        #expect(throws: DecompressionError.self) { try Self.decompress(compressed + [0, 0, 0x1f], .gzip) }
    }

    @Test(arguments: kinds)
    func anotherKindIsSaidToBeOne(kind: Compression) throws {
        for other in Compression.allCases where other != kind {
            let compressed = try Self.compress(Array("hello, this is not what was announced".utf8), other)
            let error = #expect(throws: DecompressionError.self) { try Self.decompress(compressed, kind) }
            let text = other == .none ? "not \(kind.rawValue) data" : "not \(kind.rawValue) data, but \(other.rawValue)"
            #expect(error?.message == text)
        }
        #expect(throws: DecompressionError(kind, at: 0, "no bytes at all")) { try Self.decompress([], kind) }
        let twice = try Self.compress(Self.compress([1, 2, 3], kind), kind)
        if kind != .gzip { #expect(throws: DecompressionError.self) { try Self.decompress(twice, kind) } }
    }

    @Test func zstdMayBeginWithASkippableFrame() throws {
        let skippable: [UInt8] = [0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]
        #expect(try Self.decompress(skippable + Self.compress([7, 7], .zstd), .zstd) == [7, 7])
    }

    /// No decompressor can see that a whole stream is missing at the end; the tar in it does.
    @Test(arguments: kinds)
    func theWalkerSeesAMissingLaterStream(kind: Compression) throws {
        var maker = TarMaker()
        maker.add(file: "a.bin", Self.sample(5000))
        let tar = maker.ended
        let first = try Self.compress(Array(tar.prefix(3000)), kind)
        let second = try Self.compress(Array(tar.dropFirst(3000)), kind)
        #expect(Walking.reason(try Self.decompress(first + second, kind)) == nil)
        #expect(Walking.reason(try Self.decompress(first, kind)) == .memberCutShort("a.bin"))
    }

    @Test(arguments: [Compression.none] + kinds)
    func errorsOfTheCallerPassThrough(kind: Compression) throws {
        struct Mine: Error {}
        let compressed = try Self.compress(Self.sample(200_000), kind)
        #expect(throws: Mine.self) { try Decompressor(kind).run(next: { throw Mine() }, sink: { _ in }) }
        compressed.withUnsafeBytes { whole in
            var calls = 0
            #expect(throws: Mine.self) {
                try Decompressor(kind).run(
                    next: {
                        calls += 1
                        if calls > 1 { throw Mine() }
                        return UnsafeRawBufferPointer(rebasing: whole[..<1000])
                    }, sink: { _ in })
            }
            #expect(throws: Mine.self) {
                try Decompressor(kind).run(next: { whole }, sink: { _ in throw Mine() })
            }
        }
    }
}
