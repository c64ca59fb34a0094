import Hashing

/// The object names that a list has given out, as 128 bits each, and the directories that they need.
struct NameSet {
    private struct Key: Hashable {
        let high: UInt64
        let low: UInt64

        init(_ name: some StringProtocol, _ destination: Int) {
            let seed = UInt64(truncatingIfNeeded: destination)
            let name = String(name)
            high = XXH64.hash(name, seed: seed)
            low = XXH64.hash(name, seed: seed &+ 0x9e37_79b9_7f4a_7c15)
        }
    }

    private var names: Set<Key> = []
    private var directories: Set<Key> = []

    /// Why the name cannot be given out: somebody has it, or it and a name before it (`a` and `a/b`) cannot both be
    /// files. Nil when it is given out now.
    mutating func conflict(of object: String, destination: Int) -> String? {
        let key = Key(object, destination)
        if names.contains(key) { return "an entry before it has the same name" }
        if directories.contains(key) { return "an entry before it has this name as a directory" }
        var needed: [Key] = []
        for slash in object.utf8.indices where object.utf8[slash] == UInt8(ascii: "/") {
            let directory = object[..<slash]
            let key = Key(directory, destination)
            if names.contains(key) { return "an entry before it has its directory \"\(directory)\" as a name" }
            needed.append(key)
        }
        names.insert(key)
        directories.formUnion(needed)
        return nil
    }
}
