import Foundation
import Hashing
import NodeStore
import ObjectModel
import TestSupport
import Testing

/// A vector of this target as bytes.
func vectorBytes(_ name: String) throws -> [UInt8] { Array(try TestSupport.fixture("NodeStoreTests", name)) }

/// A vector of this target as JSON.
func vector(_ name: String) throws -> JSONValue { try JSONValue.parse(vectorBytes(name)) }

extension JSONValue {
    /// A member that must be there.
    func text(_ key: String) throws -> String { try #require(self[key]?.string) }

    func list(_ key: String) throws -> [JSONValue] { try #require(self[key]?.array) }
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
