import CLinux
import Glibc

/// A directory that holds a copy of the BMD: a mountpath's root, or the primary's configuration directory.
struct BMDPlace: Sendable {
    let directory: Descriptor
    /// Where temporaries go, on the same file system.
    let scratch: Descriptor
    let owner: Owner

    /// Of the copy.
    var path: String { directory.path(of: BMDCopies.fileName) }

    /// Nil when there is no copy.
    func read() throws(StoreError) -> [UInt8]? {
        try directory.openIfThere(BMDCopies.fileName, O_RDONLY)?.readAll()
    }

    /// Whole or not at all, and durable; the previous one stays beside it.
    func write(_ bytes: [UInt8], previous: [UInt8]? = nil) throws(StoreError) {
        if let previous { try replace(BMDCopies.previousName, previous) }
        try replace(BMDCopies.fileName, bytes)
    }

    private func replace(_ name: String, _ bytes: [UInt8]) throws(StoreError) {
        try directory.replaceFile(name, with: bytes, scratch: scratch, owner: owner, sync: true)
    }
}

extension MountpathRoot {
    var bmdPlace: BMDPlace { BMDPlace(directory: descriptor, scratch: own, owner: owner) }
}
