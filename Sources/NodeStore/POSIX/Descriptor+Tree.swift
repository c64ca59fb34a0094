import CLinux
import Glibc

/// Whole trees of directories; links in them are never followed.
extension Descriptor {
    /// Removes a directory with all that is below it. What others remove meanwhile does no harm; what they add can
    /// leave the directory standing.
    func removeTree(_ name: String) throws(StoreError) {
        try removeTree(Array(name.utf8)[...])
    }

    private func removeTree(_ name: ArraySlice<UInt8>) throws(StoreError) {
        let entry = name.map { CChar(bitPattern: $0) } + [0]
        let title = path(of: String(decoding: name, as: UTF8.self))
        let number = SystemCall.attempt { openat(self.number, entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        if number == -ENOENT { return }
        if number < 0 { throw StoreError(-number, "open", title) }
        let directory = Descriptor(adopting: number, path: title)
        let listing = try DirectoryListing(directory)
        for index in 0..<listing.count {
            if listing.kind(index) == .directory {
                try directory.removeTree(listing.bytes(index))
                continue
            }
            let file = listing.bytes(index).map { CChar(bitPattern: $0) } + [0]
            let result = SystemCall.attempt { unlinkat(directory.number, file, 0) }
            if result < 0, result != -ENOENT { throw StoreError(-result, "unlink", title) }
        }
        let result = SystemCall.attempt { unlinkat(self.number, entry, AT_REMOVEDIR) }
        if result < 0, result != -ENOENT, result != -ENOTEMPTY { throw StoreError(-result, "rmdir", title) }
    }

    /// The path of some file below an entry; nil when there is none, nor such an entry.
    func anyFile(below name: String) throws(StoreError) -> String? {
        guard let directory = try openIfThere(name, O_RDONLY | O_DIRECTORY) else { return nil }
        let listing = try DirectoryListing(directory)
        for index in 0..<listing.count {
            guard listing.kind(index) == .directory, let child = listing.name(index) else {
                return directory.path(of: String(decoding: listing.bytes(index), as: UTF8.self))
            }
            if let found = try directory.anyFile(below: child) { return found }
        }
        return nil
    }
}
