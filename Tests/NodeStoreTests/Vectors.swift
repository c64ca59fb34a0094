import Foundation
import Hashing
import NodeStore
import ObjectModel
import Testing

/// A vector of this target as bytes.
func vectorBytes(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    return Array(try Data(contentsOf: folder.appending(path: name)))
}

/// A vector of this target as JSON.
func vector(_ name: String) throws -> JSONValue { try JSONValue.parse(vectorBytes(name)) }

extension JSONValue {
    /// A member that must be there.
    func text(_ key: String) throws -> String { try #require(self[key]?.string) }

    func list(_ key: String) throws -> [JSONValue] { try #require(self[key]?.array) }
}

/// splitmix64: the same mutations in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// The bytes with a few flips, cuts, insertions and copies.
func mutated(_ original: [UInt8], by generator: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
        guard !bytes.isEmpty else { return [] }
        let at = bytes.indices.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[at] = [0, 1, 0x2f, 0x7f, 0x80, 0xff].randomElement(using: &generator) ?? 0
        case 2: bytes.removeSubrange(at...)
        case 3: bytes.remove(at: at)
        case 4: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: at)
        default: bytes += bytes[at...].prefix(Int.random(in: 0..<40, using: &generator))
        }
    }
    return bytes
}
