import Foundation
import TestSupport

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
        try JSONDecoder().decode(type, from: TestSupport.fixture("HashingTests", name))
    }

    /// byte i = (i*7 + (i>>8)) mod 256, 1,048,583 bytes.
    static let big: [UInt8] = (0..<1_048_583).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 >> 8) }
}
