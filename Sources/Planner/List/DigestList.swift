import Backends
import Hashing

/// What `digests:` lists promise for the names of a range: a checksum file (or any list with names and digests) beside
/// the shards. A shard's key is its path below the longest directory of the source that holds no range.
public struct DigestList: Sendable {
    /// By the names' bytes: to a String, "é" composed and decomposed are one name.
    private var promised: [[UInt8]: [PromisedDigest]] = [:]

    public init() {}

    /// Names that have a digest.
    public var count: Int { promised.count }

    /// Takes all of a list. Of two lists, both count; two different digests of one kind for one name are an error, and so
    /// is a list without any.
    public mutating func add(_ reader: ListReader, file: String) throws(ListError) {
        var isEmpty = true
        while let item = try reader.next() {
            guard !item.digests.isEmpty else { continue }
            isEmpty = false
            guard item.defect == nil, let name = item.name ?? Self.lastComponent(item.url) else { continue }
            for digest in item.digests { try add(digest, name: name, file: file, line: item.line) }
        }
        if isEmpty { throw ListError(file: file, line: 0, reason: "holds no digests; give a list such as SHA256SUMS") }
    }

    /// What is promised for a name; empty when nothing is.
    public subscript(name: String) -> [PromisedDigest] { promised[Array(name.utf8)] ?? [] }

    private mutating func add(_ new: PromisedDigest, name: String, file: String, line: Int) throws(ListError) {
        let key = Array(name.utf8)
        let known = promised[key] ?? []
        guard let same = known.first(where: { $0.digest.algorithm == new.digest.algorithm }) else {
            promised[key] = known + [new]
            return
        }
        guard same.digest == new.digest else {
            throw ListError(
                file: file, line: line,
                reason: "\"\(name)\" has another \(new.digest.algorithm.rawValue) digest here than before"
                    + " (\(same.origin))")
        }
    }

    private static func lastComponent(_ url: String) -> String? {
        let path = url.utf8.prefix { $0 != ASCII.question }
        guard let slash = path.lastIndex(of: ASCII.slash),
            let name = PercentEscape.decode(path[path.index(after: slash)...])
        else { return nil }
        return String(validating: name, as: UTF8.self)
    }
}
