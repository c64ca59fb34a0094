import CLinux
import Glibc

/// Walks one `%ob`, paths in byte order. Holds the names of the directories on its way down, and no descriptor.
struct TreeCursor {
    struct Item {
        /// The object's name; what is comparable between mountpaths.
        var name: String
        var storedName: String
        /// Why this is no object; nil for a file.
        var oddity: String?
    }

    private struct Level {
        let path: String
        let listing: DirectoryListing
        var next = 0
        /// Nothing below it was given out.
        var isBare = true
    }

    private let side: BucketSide
    private let prefix: [UInt8]
    private let tidying: Bool
    private var levels: [Level] = []
    /// Objects under shortened names, by their own names, descending.
    private var shortened: [Item] = []
    private var pending: Item?
    /// The item that comes next; nil at the end.
    private(set) var head: Item?

    /// - Parameters:
    ///   - fqnPrefixes: what full FQNs of the bucket's objects begin with, on each mountpath.
    ///   - tidying: removes directories that turn out to be empty.
    init(_ side: BucketSide, prefix: String, fqnPrefixes: [String], tidying: Bool = false) throws(StoreError) {
        self.side = side
        self.tidying = tidying
        self.prefix = Array(prefix.utf8)
        let root = try DirectoryListing(side.objects)
        for index in 0..<root.count where root.kind(index) == .file {
            guard let name = root.name(index), Self.isShortened(name) else { continue }
            guard let own = try ownName(name, fqnPrefixes) else { continue }
            if own.utf8.starts(with: self.prefix) { shortened.append(Item(name: own, storedName: name)) }
        }
        shortened.sort { $1.name.utf8.lexicographicallyPrecedes($0.name.utf8) }
        shortNames = Set(shortened.map(\.storedName))
        levels = [Level(path: "", listing: root)]
        try advance()
    }

    private var shortNames: Set<String> = []

    /// Goes to the next item.
    mutating func advance() throws(StoreError) {
        if pending == nil { pending = try nextInTree() }
        guard let last = shortened.last else {
            head = pending
            pending = nil
            return
        }
        if let tree = pending, tree.name.utf8.lexicographicallyPrecedes(last.name.utf8) {
            head = tree
            pending = nil
        } else {
            head = shortened.removeLast()
        }
    }

    private mutating func nextInTree() throws(StoreError) -> Item? {
        while let level = levels.last {
            guard level.next < level.listing.count else {
                leave(levels.removeLast())
                continue
            }
            levels[levels.count - 1].next += 1
            let bytes = level.listing.bytes(level.next)
            let stored = level.path + String(decoding: bytes, as: UTF8.self)
            let kind = level.listing.kind(level.next)
            if kind == .directory, level.listing.name(level.next) != nil {
                try descend(stored + "/")
                continue
            }
            guard stored.utf8.starts(with: prefix), !(levels.count == 1 && shortNames.contains(stored)) else {
                continue
            }
            var oddity: String?
            if level.listing.name(level.next) == nil {
                oddity = "its name is not valid UTF-8"
            } else if kind != .file {
                oddity = "is \(try side.objects.status(of: stored)?.kindName ?? "gone")"
            }
            levels[levels.count - 1].isBare = false
            return Item(name: stored, storedName: stored, oddity: oddity)
        }
        return nil
    }

    /// The kernel decides whether a directory is empty: whatever is in it keeps it.
    private mutating func leave(_ level: Level) {
        guard level.isBare else {
            if !levels.isEmpty { levels[levels.count - 1].isBare = false }
            return
        }
        if tidying { side.removeEmpty(String(level.path.dropLast())) }
    }

    /// Enters a directory (its path ends in a slash) unless nothing in it can have the prefix.
    private mutating func descend(_ path: String) throws(StoreError) {
        guard path.utf8.starts(with: prefix) || prefix.starts(with: path.utf8) else { return }
        do throws(StoreError) {
            var directory = side.objects
            for component in path.split(separator: "/") { directory = try directory.directory(String(component)) }
            levels.append(Level(path: path, listing: try DirectoryListing(directory)))
        } catch {
            // Removed or replaced since its parent was read.
            guard error.errno == ENOENT || error.errno == ENOTDIR || error.errno == ELOOP else { throw error }
        }
    }

    /// The object's own name from its metadata; nil when it is called so without having a longer name.
    private func ownName(_ stored: String, _ fqnPrefixes: [String]) throws(StoreError) -> String? {
        guard let file = try side.objects.openIfThere(stored, O_RDONLY | O_NONBLOCK),
            let bytes = try file.attribute(LOM.xattrName), let lom = try? LOM(decoding: bytes), lom.hasLongName,
            let fqn = lom.custom[CustomKeys.originalFQN],
            let prefix = fqnPrefixes.first(where: { fqn.utf8.starts(with: $0.utf8) })
        else { return nil }
        return String(decoding: fqn.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }

    private static func isShortened(_ name: String) -> Bool {
        name.utf8.count == 66 && name.utf8.starts(with: ".x".utf8)
            && name.utf8.dropFirst(2).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
