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

    @Test func mutatedFramesAreReadOrRefused() throws {
        let compressed = [
            try vectorBytes("store/ais-bmd"), try vectorBytes("empty.bmd"), try vectorBytes("store/ais-vmd"),
        ]
        var small = BMD(uuid: "Abcdefgh1")
        small.add(BucketRequest(try Bucket(provider: .ais, name: "b")), created: 1)
        let vmd = try JSP.decode(compressed[2], kind: .vmd, path: "x")
        let originals = [
            BMD(uuid: "Abcdefgh1").encoded(), small.encoded(), JSP.encode(vmd, kind: .vmd),
            JSP.encode(MapTests.map, kind: .smap),
        ]
        let new = BucketRequest(try Bucket(provider: .aws, name: "new"))
        var read = [0, 0, 0, 0]
        let failure = Fuzz.failure(seed: 2) { round, random in
            let form = round % 4
            var bytes = round % 16 < compressed.count ? compressed[round % 16] : originals[form]
            // Unchecked ones, so that the decompressor, the JSON parser and the readers are reached.
            if Int.random(in: 0..<4, using: &random) != 0 {
                bytes[15] &= 1
                bytes.removeSubrange(16..<24)
                bytes = Array(bytes[..<16]) + mutated(Array(bytes[16...]), by: &random)
            } else {
                bytes = mutated(bytes, by: &random)
            }
            do throws(StoreError) {
                let complaint = try Self.complaint(bytes, form, new)
                read[form] += 1
                return complaint
            } catch {
                let isKnown = error.kind == .unreadable || error.kind == .unknownFormat
                return isKnown && error.path == "/m/x" ? nil : "an error of another kind: \(error)"
            }
        }
        #expect(failure == nil)
        #expect(read.allSatisfy { $0 > 20 }, "\(read)")
    }

    /// What is read is written again as the same, and holds what those who ask rely on.
    private static func complaint(_ bytes: [UInt8], _ form: Int, _ new: BucketRequest) throws(StoreError) -> String? {
        switch form {
        case 2:
            let vmd = try VMD(decoding: bytes, path: "/m/x")
            if vmd.daemonID.isEmpty || vmd.enabled.count > vmd.mountpaths.count { return "no VMD: \(vmd)" }
            let document = try JSP.decode(bytes, kind: .vmd, path: "/m/x")
            return try VMD(decoding: JSP.encode(document, kind: .vmd), path: "/m/x") == vmd ? nil : "another VMD"
        case 3:
            let smap = try Smap(decoding: bytes, path: "/m/x")
            let ids = smap.targets.map(\.id)
            if ids != ids.sorted() || !Set(ids).isSuperset(of: smap.activeTargets) { return "no Smap: \(smap)" }
            let document = try JSP.decode(bytes, kind: .smap, path: "/m/x")
            return try Smap(decoding: JSP.encode(document, kind: .smap), path: "/m/x") == smap ? nil : "another Smap"
        default:
            var bmd = try BMD(decoding: bytes, path: "/m/x")
            let (before, buckets) = (bmd.version, bmd.buckets)
            let added = bmd.add(new, created: 1)
            if try BMD(decoding: bmd.encoded(), path: "/m/x") != bmd { return "another BMD" }
            if buckets.contains(where: { $0.bucket != new.bucket && $0.bid == added.bid }) {
                return "a bucket ID twice"
            }
            return bmd.version > before || bmd.buckets == buckets ? nil : "the version stays"
        }
    }
}
