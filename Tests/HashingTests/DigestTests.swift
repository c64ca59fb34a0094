import Testing

@testable import Hashing

@Suite struct DigestTests {
    @Test func agreesWithAISObjectChecksums() throws {
        let vectors = try Vectors.load("object-checksums.json", as: [Vectors.Checksum].self)
        var checked = 0
        for vector in vectors where vector.type != "none" {
            let name = vector.type == "xxhash2" ? "xxhash" : vector.type
            let algorithm = try #require(DigestAlgorithm(rawValue: name), "\(vector.type)")
            let input = vector.input.hasPrefix("big") ? Vectors.big : Array(vector.input.utf8)
            #expect(Digest.of(input.span.bytes, algorithm).hex == vector.value, "\(vector.type) of \(vector.input)")
            checked += 1
        }
        #expect(checked >= 15)
    }

    @Test(arguments: [
        (DigestAlgorithm.crc32, "cbf43926"), (.crc32c, "e3069283"), (.crc64nvme, "ae8b14860a799888"),
        (.md5, "25f9e794323b453885f5181f1b624d0b"), (.sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
        (.sha256, "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"),
        (.xxhash, "8cb841db40e6ae83"),
    ])
    func checkValue(algorithm: DigestAlgorithm, expected: String) {
        #expect(Digest.of("123456789".utf8Span.span.bytes, algorithm).hex == expected)
    }

    @Test(arguments: DigestAlgorithm.allCases)
    func piecesGiveTheDigestOfTheWhole(algorithm: DigestAlgorithm) {
        let bytes = Array(Vectors.big.prefix(100_003))
        let whole = Digest.of(bytes.span.bytes, algorithm)
        #expect(whole.bytes.count == algorithm.byteCount)
        for size in [1, 7, 63, 4096] {
            let context = DigestContext(algorithm)
            var offset = 0
            while offset < bytes.count {
                let end = min(offset + size, bytes.count)
                context.update(bytes.span.bytes.extracting(offset..<end))
                offset = end
            }
            #expect(context.finalize() == whole)
            #expect(context.finalize() == whole)
        }
    }

    @Test func crcTablesAgreeWithTheInstructionAndWithBitByBit() {
        let bytes = Array(Vectors.big.prefix(200))
        for length in 0...200 {
            let part = bytes.span.bytes.extracting(0..<length)
            var tables = CRC(.crc32cTables)
            var chosen = CRC(.crc32c)
            var long = CRC(.crc64nvme)
            tables.update(part)
            chosen.update(part)
            long.update(part)
            #expect(tables.value == chosen.value)
            #expect(tables.value == bitwise(bytes.prefix(length), polynomial: 0x82f6_3b78, ones: 0xffff_ffff))
            #expect(long.value == bitwise(bytes.prefix(length), polynomial: 0x9a6c_9329_ac4b_c9b5, ones: .max))
        }
    }

    private func bitwise(_ bytes: ArraySlice<UInt8>, polynomial: UInt64, ones: UInt64) -> UInt64 {
        bytes.reduce(ones) { state, byte in
            (0..<8).reduce(state ^ UInt64(byte)) { word, _ in word & 1 == 1 ? word >> 1 ^ polynomial : word >> 1 }
        } ^ ones
    }

    @Test func onlyADigestOfTheRightLengthIsOne() {
        #expect(Digest(.crc32c, hex: "E3069283")?.hex == "e3069283")
        #expect(Digest(.crc32c, base64: "4waSgw==")?.hex == "e3069283")
        #expect(Digest(.crc32c, hex: "e30692") == nil)
        #expect(Digest(.md5, hex: "e3069283") == nil)
        #expect(Digest(.crc32c, hex: "e306928g") == nil)
        #expect(Digest(.crc32c, bytes: [1, 2, 3, 4])?.base64 == "AQIDBA==")
        #expect(sha256("abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func strengthsOrderTheAlgorithms() {
        let order = DigestAlgorithm.allCases.sorted { $0.strength > $1.strength }
        #expect(order == [.sha512, .sha256, .sha1, .md5, .crc64nvme, .xxhash, .crc32c, .crc32])
    }
}
