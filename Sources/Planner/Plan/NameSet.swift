import Hashing

/// The object names that have been given out, as 128 bits each.
struct NameSet {
    private struct Key: Hashable {
        let high: UInt64
        let low: UInt64
    }

    private var keys: Set<Key> = []

    /// False when the name was there.
    mutating func insert(_ object: String, destination: Int) -> Bool {
        let seed = UInt64(truncatingIfNeeded: destination)
        let key = Key(
            high: XXH64.hash(object, seed: seed), low: XXH64.hash(object, seed: seed &+ 0x9e37_79b9_7f4a_7c15))
        return keys.insert(key).inserted
    }
}
