import Testing

@testable import Archive

/// One peculiarity each.
@Suite struct TarFormTests {
    @Test func signedChecksumsAndBase256SizesAreRead() throws {
        let name = "gr\u{f6}\u{df}e"
        var maker = TarMaker()
        maker.add(TarMaker.header(name, type: "0", signed: true))
        maker.add(
            TarMaker.header("big") { block in
                for offset in 124..<136 { block[offset] = 0 }
                block[124] = 0x80
                block[134] = 0x02
            }, [UInt8](repeating: 1, count: 512))
        let members = try Walking.members(maker.ended)
        #expect(members.map(\.name) == [name, "big"])
        #expect(members.map(\.size) == [0, 512])
    }

    @Test(arguments: ["8", "-1", "0x10", "1 1", "12345678901x", "+000000000A"])
    func sizesThatAreNoNumberAreRefused(size: String) {
        let header = TarMaker.header("a") { block in
            for offset in 124..<136 { block[offset] = 0 }
            for (index, byte) in size.utf8.enumerated() { block[124 + index] = byte }
        }
        #expect(Walking.reason(header + TarMaker.end) == .fieldMalformed("size"))
    }

    @Test func hugeAndNegativeSizesAreRefused() {
        for first: UInt8 in [0xff, 0x81, 0x80] {
            let header = TarMaker.header("a") { block in
                for offset in 124..<136 { block[offset] = first == 0x80 ? 0x7f : 0xff }
                block[124] = first
            }
            #expect(Walking.reason(header + TarMaker.end) == .fieldMalformed("size"))
        }
    }

    @Test func sizesOfLinksAndFoldersMeanNoData() throws {
        var maker = TarMaker()
        for type in "12345".map({ $0 }) + ["6"] { maker.add(TarMaker.header("n\(type)", size: 1000, type: type)) }
        maker.add(TarMaker.header("unknown", size: 3, type: "Z"), [1, 2, 3])
        let members = try Walking.members(maker.ended)
        #expect(members.map(\.size) == [0, 0, 0, 0, 0, 0, 3])
        #expect(
            members.map(\.kind) == [.hardLink, .symbolicLink, .device, .device, .directory, .fifo, .file])
    }

    @Test func hardLinksOfPaxArchivesMayHaveData() throws {
        var maker = TarMaker()
        maker.add(pax: [("path", "linked")])
        maker.add(TarMaker.header("x", size: 600, type: "1"), [UInt8](repeating: 7, count: 600))
        maker.add(file: "after")
        let members = try Walking.members(maker.ended)
        #expect(members.map(\.name) == ["linked", "after"])
        #expect(members[0].size == 600)
    }

    @Test func paxSizeOverridesTheField() throws {
        var maker = TarMaker()
        maker.add(pax: [("size", "700")])
        maker.add(TarMaker.header("x", size: 0), [UInt8](repeating: 7, count: 700))
        maker.add(file: "after", [1])
        #expect(try Walking.members(maker.ended).map(\.size) == [700, 1])
    }

    @Test func prefixesAreJoinedInUstarOnly() throws {
        func patch(_ block: inout [UInt8]) { block[345] = UInt8(ascii: "p") }
        var maker = TarMaker()
        maker.add(TarMaker.header("a", patch: patch))
        maker.add(TarMaker.header("b", magic: .gnu, patch: patch))
        maker.add(TarMaker.header("c", magic: .v7, patch: patch))
        #expect(try Walking.members(maker.ended).map(\.name) == ["p/a", "b", "c"])
    }

    @Test func endsAreJudged() {
        var maker = TarMaker()
        maker.add(file: "a", [1, 2, 3])
        let zero = [UInt8](repeating: 0, count: 512)
        let tar = maker.ended
        #expect(Walking.reason(maker.bytes) == .noEndMarker)
        #expect(Walking.reason(maker.bytes + zero) == .noEndMarker)
        #expect(Walking.reason(maker.bytes + zero + tar) == .loneZeroBlock)
        #expect(Walking.reason(tar + [0]) == .lengthNotMultipleOfBlock)
        #expect(Walking.reason(tar + Array("<html>".utf8)) == .lengthNotMultipleOfBlock)
        #expect(Walking.reason(tar + [UInt8](repeating: 65, count: 512)) == .garbageBehindEnd)
        #expect(Walking.reason(tar + maker.bytes) == .noEndMarker)
        #expect(Walking.reason(tar + maker.bytes + zero) == .noEndMarker)
        #expect(Walking.reason(tar + zero + tar) == nil)
        #expect(Walking.reason(TarMaker.end) == .noMember)
        #expect(Walking.reason([UInt8](repeating: 0, count: 1 << 20)) == .noMember)
        #expect(Walking.reason([]) == .empty)
        #expect(Walking.reason(Array("<html>".utf8)) == .headerCutShort)
        #expect(Walking.reason([UInt8](repeating: 60, count: 512)) == .headerChecksumWrong)
    }

    @Test func aCutMemberIsNamedWithTheByte() {
        var maker = TarMaker()
        maker.add(file: "a/b.jpg", [UInt8](repeating: 1, count: 5000))
        let error = Walking.error(Array(maker.bytes.prefix(2000)))
        #expect(error == TarError(offset: 2000, reason: .memberCutShort("a/b.jpg")))
        #expect(error?.description == "member 'a/b.jpg' cut short (tar byte 2000)")
    }

    @Test func extendedHeadersAreJudged() {
        func reason(_ payload: String, _ type: Character = "x") -> TarError.Reason? {
            var maker = TarMaker()
            maker.add(TarMaker.header("x", size: payload.utf8.count, type: type), Array(payload.utf8))
            maker.add(file: "a")
            return Walking.reason(maker.ended)
        }
        #expect(reason("8 a=bc1\n") == nil)
        #expect(reason("8 a=bc1\n\0\0\0") == nil)
        #expect(reason("8 a=bc1\n", "g") == nil)
        let malformed = [
            "x", "8 a=bc1", "9 a=bc1\n", "7 a=bc1\n", "99 a=b\n", "5 ab\n", "5 =b\n", "10 size=x\n", "-8 a=b\n",
        ]
        for bad in malformed {
            guard case .extendedHeaderMalformed = reason(bad) else {
                Issue.record("\(bad) was taken")
                continue
            }
        }
        var orphan = TarMaker()
        orphan.add(file: "a")
        orphan.add(pax: [("path", "b")])
        #expect(Walking.reason(orphan.ended) == .extendedHeaderWithoutMember)
        let huge = TarMaker.header("x", size: 2 << 20, type: "x")
        #expect(Walking.reason(huge) == .extendedHeaderTooLarge(2 << 20))
    }
}
