import Foundation
import Hashing
import NodeStore
import ObjectModel
import TestSupport
import Testing

struct LOMTests {
    static let plain = LOM(checksumType: .xxhash2, checksumValue: "971bf0d51f46f902", size: 186)

    /// Any payload behind a correct preamble.
    static func xattr(_ payload: [UInt8], version: UInt8 = 2, hash: UInt8 = 1) -> [UInt8] {
        let digest = XXH64.hash(payload.span.bytes, seed: HRW.seed)
        return [version, hash] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: digest >> ($0 * 8)) } + payload
    }

    @Test func readsAndWritesWhatANodeWrote() throws {
        let objects = try #require(try vector("store/lom-xattrs.json").array)
        #expect(objects.count == 16)
        for object in objects {
            let bytes = try #require(Hex.decode(object.text("xattr_hex")))
            let lom = try LOM(decoding: bytes)
            let decoded = try #require(object["decoded"])
            #expect(lom.checksumType.rawValue == decoded["cksum_type"]?.string)
            #expect(lom.checksumValue == decoded["cksum_value"]?.string)
            #expect(lom.version == decoded["version"]?.string)
            #expect(lom.size == decoded["size"]?.integer)
            #expect(lom.lid == decoded["lid"]?.unsigned)
            #expect(lom.flags == decoded["flags"]?.unsigned)
            #expect(lom.copies == (decoded["copies"]?.array ?? []).compactMap(\.string))
            #expect(lom.custom.dictionary == (decoded["custom"]?.object ?? [:]).compactMapValues(\.string))
            #expect(try lom.encoded() == bytes)
        }
    }

    @Test func bucketIDs() {
        let bid: UInt64 = 1 << 63 | 4
        #expect(Self.plain.belongs(toBucket: bid))
        #expect(LOM(checksumType: .none, checksumValue: "", size: 0, lid: bid).belongs(toBucket: bid))
        #expect(LOM(checksumType: .none, checksumValue: "", size: 0, lid: bid | LOM.longNameBit).belongs(toBucket: bid))
        #expect(LOM(checksumType: .none, checksumValue: "", size: 0, lid: LOM.longNameBit).belongs(toBucket: bid))
        #expect(!LOM(checksumType: .none, checksumValue: "", size: 0, lid: 4).belongs(toBucket: bid))
        #expect(!LOM(checksumType: .none, checksumValue: "", size: 0, lid: bid + 1).belongs(toBucket: bid))
    }

    @Test func sizesThatAISCannotRepresent() throws {
        for size: Int64 in [14_888_893, 0xe3_2fbd00, 0xe3_2fbd_0000_0001, 0x77e3_2fbd_0000_0000, -1] {
            #expect(!LOM.canRepresent(size: size))
            var lom = Self.plain
            lom.size = size
            #expect(throws: LOMError.sizeNotRepresentable(size)) { try lom.encoded() }
        }
        for size: Int64 in [0, 1, 14_888_892, 14_888_894, 0xe3_2f, 0x2fbd_e3, .max] {
            #expect(LOM.canRepresent(size: size))
            var lom = Self.plain
            lom.size = size
            #expect(try LOM(decoding: lom.encoded()) == lom)
        }
        var lom = Self.plain
        lom.lid = 14_888_893
        #expect(throws: LOMError.self) { try lom.encoded() }
        lom = Self.plain
        lom.flags = 14_888_893 << 8
        #expect(throws: LOMError.self) { try lom.encoded() }
    }

    @Test func versionsOfTheFormat() throws {
        let old =
            Array("\0\0xxhash".utf8) + [0xe3, 0x2f, 0xbd] + Array("\0\u{1}ab".utf8) + [0xe3, 0x2f, 0xbd, 0, 3]
            + [0, 0, 0, 0, 0, 0, 0, 9]
        let lom = try LOM(decoding: Self.xattr(old, version: 1))
        #expect(lom == LOM(checksumType: .xxhash, checksumValue: "ab", size: 9))
        for version: UInt8 in [0, 3, 4, 255] {
            #expect(throws: LOMError.unknownVersion(version)) { try LOM(decoding: Self.xattr(old, version: version)) }
        }
        #expect(throws: LOMError.unknownHash(2)) { try LOM(decoding: Self.xattr(old, hash: 2)) }
        #expect(try LOM(decoding: Self.xattr([0, 3] + [UInt8](repeating: 0, count: 8))).checksumType == .none)
    }

    @Test func damageIsSeen() throws {
        let bytes = try Self.plain.encoded()
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(throws: LOMError.self) { try LOM(decoding: damaged) }
            #expect(throws: LOMError.self) { try LOM(decoding: Array(bytes[..<index])) }
        }
        let separator: [UInt8] = [0xe3, 0x2f, 0xbd]
        let size: [UInt8] = [0, 3, 0, 0, 0, 0, 0, 0, 0, 1]
        let bad: [[UInt8]] = [
            size + separator, separator + size, size + separator + size, size + separator + [0], [0, 3, 1],
            size + separator + [0, 8, 1], size + separator + [1, 0], [0, 2, 0x31],
            size + separator + [0, 4], size + separator + [0, 4, 0x61, 0], size + separator + [0, 5, 0x61],
            size + separator + [0, 6, 1], size + separator + [0, 7, 1], size + separator + [0, 0, 0x61],
            size + separator + [0, 1, 0x61], [0, 3, 0xff, 0, 0, 0, 0, 0, 0, 0],
        ]
        for payload in bad {
            #expect(throws: LOMError.self, "\(payload)") { try LOM(decoding: Self.xattr(payload)) }
        }
    }

    @Test func customKeysAreDroppedInOrder() throws {
        func lom(_ lengths: [(String, Int)]) -> LOM {
            var lom = Self.plain
            for (key, count) in lengths {
                lom.custom[key] = String(repeating: "v", count: count - key.utf8.count)
            }
            return lom
        }
        func kept(_ lom: LOM) throws -> [String] { try LOM(decoding: lom.encoded()).custom.pairs.map(\.key) }
        let keys = [CustomKeys.lastModified, "ETag", CustomKeys.originalURL, CustomKeys.verifiedBy]
        #expect(try kept(lom(keys.map { ($0, 512) })) == keys)
        #expect(
            try kept(lom([(keys[0], 512), (keys[1], 513), (keys[2], 512), (keys[3], 512)])) == Array(keys.prefix(3)))
        #expect(
            try kept(lom([(keys[0], 512), (keys[1], 1_025), (keys[2], 512), (keys[3], 20)])) == Array(keys.prefix(2)))
        #expect(try kept(lom([(keys[0], 20), (keys[1], 2_048), (keys[2], 20), (keys[3], 20)])) == ["ETag"])
        #expect(throws: LOMError.customTooLong(2_049)) { try lom([("ETag", 2_049)]).encoded() }
    }

    @Test func theWholeHasALimit() throws {
        var lom = Self.plain
        lom.copies = [String(repeating: "c", count: 1_900), String(repeating: "d", count: 1_900)]
        lom.custom = [CustomKeys.verifiedBy: "md5", CustomKeys.etag: "e"]
        let rest = LOM.byteCountMax - (try lom.encoded().count)
        lom.custom[CustomKeys.etag] = String(repeating: "e", count: rest + 1)
        #expect(try lom.encoded().count == LOM.byteCountMax)
        lom.custom[CustomKeys.etag] = String(repeating: "e", count: rest + 2)
        #expect(try LOM(decoding: lom.encoded()).custom[CustomKeys.verifiedBy] == nil)
        lom.custom[CustomKeys.etag] = String(repeating: "e", count: 300)
        #expect(throws: LOMError.self) { try lom.encoded() }
    }

    @Test func separatorsAreRefused() {
        for custom: CustomKeys in [["a\u{1}": "b"], ["a": "b\u{1}"], ["": "b"]] {
            var lom = Self.plain
            lom.custom = custom
            #expect(throws: LOMError.self) { try lom.encoded() }
        }
        var lom = Self.plain
        for copies in [[""], ["a\u{0}b"]] {
            lom.copies = copies
            #expect(throws: LOMError.self) { try lom.encoded() }
        }
    }

    /// What is read is written as it was understood.
    @Test func mutatedMetadataIsReadOrRefused() throws {
        let originals = try #require(try vector("store/lom-xattrs.json").array)
            .map { try #require(Hex.decode($0.text("xattr_hex"))) }
        var read = 0
        let failure = Fuzz.failure(seed: 1) { round, random in
            let original = originals[round % originals.count]
            // Half of them with a preamble that fits, so that the records themselves are reached.
            let bytes =
                round % 2 == 0
                ? mutated(original, by: &random) : Self.xattr(mutated(Array(original[10...]), by: &random))
            guard let lom = try? LOM(decoding: bytes) else { return nil }
            read += 1
            guard let written = try? lom.encoded() else { return nil }
            return try LOM(decoding: written) == lom.fitted() ? nil : "comes back as another: \(lom)"
        }
        #expect(failure == nil)
        #expect(read > 100)
    }

    @Test func generatedMetadataComesBackAsItWas() {
        func text(_ random: inout SeededGenerator) -> String {
            String(
                (0..<Int.random(in: 1...40, using: &random)).map { _ in
                    "aZ9/:.-% é日\u{2}".randomElement(using: &random) ?? "x"
                })
        }
        let failure = Fuzz.failure(seed: 5) { _, random in
            var lom = LOM(
                checksumType: ChecksumType.allCases.randomElement(using: &random) ?? .none,
                checksumValue: text(&random),
                size: .random(in: 0...Int64.max, using: &random) >> Int64.random(in: 0..<63, using: &random))
            if Bool.random(using: &random) { lom.version = text(&random) }
            if Bool.random(using: &random) { lom.copies = (0..<3).map { _ in text(&random) } }
            lom.lid = random.next() >> UInt64.random(in: 0..<64, using: &random)
            lom.flags = random.next() >> UInt64.random(in: 0..<64, using: &random)
            for _ in 0..<Int.random(in: 0...5, using: &random) { lom.custom[text(&random)] = text(&random) }
            let isWritable = [UInt64(lom.size), lom.lid, lom.flags].allSatisfy { value in
                !(0...5).contains { value >> ($0 * 8) & 0xff_ffff == 0xe3_2fbd }
            }
            guard isWritable else {
                return (try? lom.encoded()) == nil ? nil : "a number that no node reads is written"
            }
            return try LOM(decoding: lom.encoded()) == lom ? nil : "comes back as another: \(lom)"
        }
        #expect(failure == nil)
    }
}
