import NodeStore
import ObjectModel
import TestSupport
import Testing

struct JSPTests {
    @Test(arguments: ["ais-bmd", "ais-bmd.prev"])
    func readsANodesBMD(_ name: String) throws {
        let value = try JSP.decode(vectorBytes("store/\(name)"), kind: .bmd, path: name)
        #expect(try value == vector("store/\(name).json"))
        #expect(try JSP.decode(JSP.encode(value, kind: .bmd), kind: .bmd, path: name) == value)
    }

    @Test func readsAnEmptyBMD() throws {
        let value = try JSP.decode(vectorBytes("empty.bmd"), kind: .bmd, path: "empty.bmd")
        #expect(value == ["providers": [:], "uuid": "kFxJOtfA7", "version": "7"])
    }

    @Test func theFlagsSayWhatIsThere() throws {
        let json = Array("{\"a\":1}\n".utf8)
        let head = Array("aistore".utf8) + [3, 0, 0, 0, 2, 0, 0, 0]
        #expect(try JSP.decode(head + [0] + json, kind: .bmd, path: "x") == ["a": 1])
        let compressed = try vectorBytes("empty.bmd")
        let unchecked = head + [1] + compressed[24...]
        #expect(try JSP.decode(unchecked, kind: .bmd, path: "x")["version"] == "7")
    }

    @Test func unknownFormatsAreRefused() throws {
        let good = JSP.encode(["a": 1], kind: .bmd)
        for (index, value) in [(7, 2), (7, 4), (11, 1), (11, 3), (8, 1), (15, 6), (12, 1)] as [(Int, UInt8)] {
            var bytes = good
            bytes[index] = value
            let error = #expect(throws: StoreError.self) { try JSP.decode(bytes, kind: .bmd, path: "/m/.ais.bmd") }
            #expect(error?.kind == .unknownFormat)
            #expect(error?.path == "/m/.ais.bmd")
        }
        #expect(throws: StoreError.self) { try JSP.decode(good, kind: .conf, path: "x") }
        #expect(try JSP.decode(JSP.encode(["a": 1], kind: .conf), kind: .conf, path: "x") == ["a": 1])
    }

    @Test func damageIsSeen() throws {
        for good in [try vectorBytes("store/ais-vmd"), JSP.encode(["a": [1, 2]], kind: .vmd)] {
            for index in good.indices {
                let error = #expect(throws: StoreError.self) {
                    try JSP.decode(Array(good[..<index]), kind: .vmd, path: "x")
                }
                #expect(error?.kind == .unreadable)
                if index >= 24 { continue }
                var bytes = good
                bytes[index] ^= 0x40
                #expect(throws: StoreError.self) { try JSP.decode(bytes, kind: .vmd, path: "x") }
            }
        }
        var flipped = JSP.encode(["a": 1], kind: .vmd)
        flipped[flipped.count - 3] ^= 1
        #expect(throws: StoreError.self) { try JSP.decode(flipped, kind: .vmd, path: "x") }
    }

    @Test func hostileFilesNeverCrash() throws {
        var generator = SeededGenerator(state: 2)
        let compressed = try vectorBytes("store/ais-bmd")
        var small = BMD(uuid: "Abcdefgh1")
        small.add(BucketRequest(try Bucket(provider: .ais, name: "b")), created: 1)
        let plain = small.encoded()
        let empty = try vectorBytes("empty.bmd")
        let vmd = try vectorBytes("store/ais-vmd")
        var read = 0
        for round in 0..<10_000 {
            // Unchecked ones, so that the decompressor, the JSON parser and the readers are reached.
            var bytes = [round % 15 == 0 ? compressed : empty, plain, vmd][round % 3]
            if round % 4 != 0 {
                bytes[15] &= 1
                bytes.removeSubrange(16..<24)
                bytes = Array(bytes[..<16]) + mutated(Array(bytes[16...]), by: &generator)
            } else {
                bytes = mutated(bytes, by: &generator)
            }
            if round % 3 == 2 {
                _ = try? VMD(decoding: bytes, path: "x")
            } else if var bmd = try? BMD(decoding: bytes, path: "x") {
                read += 1
                bmd.add(BucketRequest(try Bucket(provider: .aws, name: "new")), created: 1)
                #expect(try BMD(decoding: bmd.encoded(), path: "x") == bmd)
            }
            _ = try? Smap(decoding: bytes, path: "x")
        }
        #expect(read > 100)
    }
}
