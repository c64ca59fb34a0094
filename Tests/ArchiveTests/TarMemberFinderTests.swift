import Testing

@testable import Archive

@Suite struct TarMemberFinderTests {
    private static let long = String(repeating: "deep/", count: 40) + "name.jpg"
    private static let data: [UInt8] = (0..<3000).map { UInt8(truncatingIfNeeded: $0 * 7) }

    private static let tar: [UInt8] = {
        var maker = TarMaker()
        maker.add(file: "./a.txt", Array("first".utf8))
        maker.add(file: "empty")
        maker.add(TarMaker.header("folder/", type: "5"))
        maker.add(pax: [("path", long)])
        maker.add(file: "short", data)
        let payload = Array((long + "2\0").utf8)
        maker.add(TarMaker.header("././@LongLink", size: payload.count, type: "L", magic: .gnu), payload)
        maker.add(file: "short", Array(data.reversed()), magic: .gnu)
        maker.add(file: "a.txt", Array("second".utf8))
        return maker.ended
    }()

    private func find(_ name: String, pieces size: Int, in tar: [UInt8] = tar) throws -> [UInt8] {
        var finder = TarMemberFinder(name: name)
        var found: [UInt8] = []
        var offset = 0
        while offset < tar.count {
            let end = min(offset + size, tar.count)
            try finder.feed(tar.span.bytes.extracting(offset..<end)) { piece in
                for index in 0..<piece.byteCount { found.append(piece.byte(at: index)) }
            }
            offset = end
        }
        try finder.finish()
        return found
    }

    @Test(arguments: [1, 511, 513, 4096, 1 << 20])
    func passesOnTheMembersBytesAndNoOthers(size: Int) throws {
        #expect(try find("a.txt", pieces: size) == Array("first".utf8))
        #expect(try find("empty", pieces: size) == [])
        #expect(try find(Self.long, pieces: size) == Self.data)
        #expect(try find(Self.long + "2", pieces: size) == Self.data.reversed())
    }

    @Test func saysWhatIsWrong() throws {
        func reason(_ name: String, in tar: [UInt8] = Self.tar) -> TarError.Reason? {
            do {
                _ = try find(name, pieces: 700, in: tar)
                return nil
            } catch {
                return (error as? TarError)?.reason
            }
        }
        #expect(reason("nothing") == .memberNotFound("nothing"))
        #expect(reason("folder/") == .memberHasNoData("folder/", .directory))
        #expect(reason(Self.long, in: Array(Self.tar.prefix(5000))) == .memberCutShort(Self.long))
        #expect(reason("nothing", in: Array(Self.tar.prefix(5120))) != nil)
        #expect(reason("a.txt", in: Array(Self.tar.prefix(1024))) == nil)
    }

    @Test func sinkErrorsPassThrough() {
        struct Full: Error {}
        var finder = TarMemberFinder(name: "a.txt")
        let tar = Self.tar
        #expect(throws: Full.self) { try finder.feed(tar.span.bytes) { _ in throw Full() } }
    }
}
