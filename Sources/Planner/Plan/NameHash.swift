import Hashing

/// A name as 128 bits: for sets of names that are too many to keep as they are.
public struct NameHash: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// - Parameter seed: tells equal names of different kinds apart.
    public init(_ name: some StringProtocol, seed: UInt64 = 0) {
        let name = String(name)
        high = XXH64.hash(name, seed: seed)
        low = XXH64.hash(name, seed: seed &+ 0x9e37_79b9_7f4a_7c15)
    }
}
