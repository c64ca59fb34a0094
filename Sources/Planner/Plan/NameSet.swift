/// The object names that a list has given out, as 128 bits each, and the directories that they need.
struct NameSet {
    private var names: Set<NameHash> = []
    private var directories: Set<NameHash> = []

    /// Why the name cannot be given out: somebody has it, or it and a name before it (`a` and `a/b`) cannot both be
    /// files. Nil when it is given out now.
    mutating func conflict(of object: String, destination: Int) -> String? {
        let seed = UInt64(truncatingIfNeeded: destination)
        let key = NameHash(object, seed: seed)
        if names.contains(key) { return "an entry before it has the same name" }
        if directories.contains(key) { return "an entry before it has this name as a directory" }
        var needed: [NameHash] = []
        for slash in object.utf8.indices where object.utf8[slash] == UInt8(ascii: "/") {
            let directory = object[..<slash]
            let key = NameHash(directory, seed: seed)
            if names.contains(key) { return "an entry before it has its directory \"\(directory)\" as a name" }
            needed.append(key)
        }
        names.insert(key)
        directories.formUnion(needed)
        return nil
    }
}
