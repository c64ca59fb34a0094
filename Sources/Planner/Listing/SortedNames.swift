/// Whether names that come in UTF-8 order can all be files: `a` and `a/b` cannot. Keeps only the names that the present
/// one begins with, however many came before.
struct SortedNames {
    /// Each begins with the one before it.
    private var prefixes: [[UInt8]] = []

    /// Why the name cannot be given out; nil when it is given out now.
    mutating func conflict(of name: String) -> String? {
        let bytes = Array(name.utf8)
        while let last = prefixes.last, !bytes.starts(with: last) { prefixes.removeLast() }
        if let last = prefixes.last, last.count == bytes.count { return "an entry before it has the same name" }
        if let file = prefixes.first(where: { bytes[$0.count] == ASCII.slash }) {
            let directory = String(decoding: file, as: UTF8.self)
            return "an entry before it has its directory \"\(directory)\" as a name"
        }
        prefixes.append(bytes)
        return nil
    }
}
