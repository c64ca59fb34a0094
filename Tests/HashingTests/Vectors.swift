import Foundation

/// The owners' vectors, read from this target's folder.
enum Vectors {
    struct XXHash: Decodable {
        struct Big: Decodable {
            let seed0: String
            let seedMLCG32: String
        }
        struct Vector: Decodable {
            let inputHex: String
            let seed0: String
            let seedMLCG32: String

            enum CodingKeys: String, CodingKey {
                case inputHex = "input_hex"
                case seed0, seedMLCG32
            }
        }
        let big: Big
        let mlcg32: UInt64
        let vectors: [Vector]
    }

    struct Checksum: Decodable {
        let input: String
        let type: String
        let value: String
    }

    static func load<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// byte i = (i*7 + (i>>8)) mod 256, 1,048,583 bytes.
    static let big: [UInt8] = (0..<1_048_583).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 >> 8) }
}

/// A small generator with a fixed seed (splitmix64), so that a failing case comes back.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }
}
