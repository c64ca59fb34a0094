import CLinux
import Glibc
import ObjectModel

/// A directory below `%ob` that objects are put into, opened component by component without following links.
final class ObjectDirectory: Sendable {
    let descriptor: Descriptor
    /// Whether it holds only what this process has put there: it made the directory, or found `%ob` empty when the bucket
    /// was opened. (Runs open it under the bucket's run lock; others only look.)
    let isFresh: Bool
    /// Concurrent batches into one directory share its `fsync`.
    let entries: GroupSync

    init(_ descriptor: Descriptor, isFresh: Bool) {
        self.descriptor = descriptor
        self.isFresh = isFresh
        entries = GroupSync(descriptor, .directory)
    }
}

/// The directories in use below one `%ob`; shards share directories, so few descriptors serve many objects.
final class ObjectDirectories: Sendable {
    private let objects: ObjectDirectory
    private let owner: Owner
    private let sync: Bool
    /// By the path's bytes: two spellings of one character are equal as strings, but not as directories.
    private let opened = Guarded<[[UInt8]: ObjectDirectory]>([:])
    private static let countMax = 64

    init(objects: Descriptor, owner: Owner, sync: Bool) {
        self.objects = ObjectDirectory(objects, isFresh: objects.isEmptyDirectory)
        self.owner = owner
        self.sync = sync
    }

    /// The directory with this path below `%ob`. With `make`, what is missing is made, and each made one is durable in
    /// its parent before anybody gets it. Throws `.conflict` where something else than a directory stands.
    func directory(_ path: String, make: Bool) throws(StoreError) -> ObjectDirectory {
        if path.isEmpty { return objects }
        let key = Array(path.utf8)
        let there = opened.withLock { $0[key] }
        if let there { return there }
        return try opened.withLock { (cache) throws(StoreError) -> ObjectDirectory in
            let (start, rest) = longestOpened(path, cache)
            var (directory, made) = (start, false)
            for component in rest.split(separator: "/") {
                (directory, made) = try step(directory, String(component), make: make)
            }
            let found = ObjectDirectory(directory, isFresh: made)
            if cache.count >= Self.countMax { cache.removeAll(keepingCapacity: true) }
            cache[key] = found
            return found
        }
    }

    /// Whether it is in use here and fresh.
    func isFresh(_ path: String) -> Bool {
        if path.isEmpty { return objects.isFresh }
        let key = Array(path.utf8)
        return opened.withLock { $0[key]?.isFresh } ?? false
    }

    /// Forgets a directory that turned out to be gone, with its parents.
    func forget(_ path: String) {
        opened.withLock { cache in
            var path = path
            while !path.isEmpty {
                cache[Array(path.utf8)] = nil
                path = Placement.split(path).directory
            }
        }
    }

    private func longestOpened(_ path: String, _ cache: [[UInt8]: ObjectDirectory]) -> (Descriptor, Substring) {
        var end = path.endIndex
        while let slash = path[..<end].utf8.lastIndex(of: UInt8(ascii: "/")) {
            if let found = cache[Array(path[..<slash].utf8)] { return (found.descriptor, path[slash...]) }
            end = slash
        }
        return (objects.descriptor, path[...])
    }

    private func step(
        _ parent: Descriptor, _ name: String, make: Bool
    ) throws(StoreError) -> (directory: Descriptor, made: Bool) {
        do throws(StoreError) {
            guard make else { return (try parent.directory(name), false) }
            if let there = try parent.openIfThere(name, O_RDONLY | O_DIRECTORY) { return (there, false) }
            let (directory, made) = try parent.makeDirectory(name, owner: owner)
            if made, sync { try parent.sync() }
            return (directory, made)
        } catch {
            guard error.errno == ENOTDIR || error.errno == ELOOP else { throw error }
            throw StoreError(
                .conflict, path: error.path,
                message: "is no directory, but another object's name needs one there; remove or rename one of the two",
                errno: error.errno)
        }
    }
}
