import CLinux
import Glibc

/// An opened mountpath: descriptors of its root and of aismove's own directory there, and whom all files belong to.
final class MountpathRoot: Sendable {
    /// aismove's own files on a mountpath; a node leaves the directory alone.
    static let ownDirectory = ".aismove"

    let mountpath: Mountpath
    let descriptor: Descriptor
    let own: Descriptor
    let identity: FileStatus.Identity
    let owner: Owner
    /// `syncfs`; shared by mountpaths of one file system.
    let fileSystem: GroupSync

    /// Opens it. `isNew` makes `.aismove`; else it must be there, or we would write below a mount point whose disk is
    /// not mounted. Mountpaths of one device share what `syncs` holds.
    init(_ mountpath: Mountpath, isNew: Bool, syncs: inout [UInt64: GroupSync]) throws(StoreError) {
        let descriptor = try Self.open(mountpath)
        let status = try descriptor.status()
        self.mountpath = mountpath
        self.descriptor = descriptor
        identity = status.identity
        owner = status.owner
        own = try Self.openOwn(descriptor, isNew: isNew, owner: status.owner)
        let sync = syncs[status.identity.device] ?? GroupSync(descriptor, .fileSystem)
        syncs[status.identity.device] = sync
        fileSystem = sync
    }

    static func open(_ mountpath: Mountpath) throws(StoreError) -> Descriptor {
        let path = mountpath.hostPath
        guard let status = try FileStatus.at(path) else {
            throw StoreError(
                .mountpath, path: path, message: "the mountpath does not exist; mount its disk, or make the directory")
        }
        guard status.isDirectory else {
            throw StoreError(.mountpath, path: path, message: "the mountpath is no directory; name another")
        }
        return try Descriptor(path, O_RDONLY | O_DIRECTORY)
    }

    private static func openOwn(_ root: Descriptor, isNew: Bool, owner: Owner) throws(StoreError) -> Descriptor {
        if let there = try root.openIfThere(ownDirectory, O_RDONLY | O_DIRECTORY) { return there }
        guard isNew else {
            throw StoreError(
                .mountpath, path: root.path,
                message: "is not the mountpath that the store was made with (no \(ownDirectory)): mount its disk; "
                    + "if the disk is new, make the directory \(root.path)/\(ownDirectory) and run again")
        }
        return try root.makeDirectory(ownDirectory, owner: owner).directory
    }

    /// A whole metadata file at the root; nil when it is not there.
    func file(_ name: String) throws(StoreError) -> [UInt8]? {
        try descriptor.openIfThere(name, O_RDONLY)?.readAll()
    }

    /// Makes a directory with its parents below the root, and directories in it, all durable. Links are not followed.
    func makeDirectories(_ relative: String, containing names: [String]) throws(StoreError) {
        var directory = descriptor
        for component in relative.split(separator: "/") {
            let (next, made) = try directory.makeDirectory(String(component), owner: owner)
            if made { try directory.sync() }
            directory = next
        }
        var anyMade = false
        for name in names where try directory.makeDirectory(name, owner: owner).made { anyMade = true }
        if anyMade { try directory.sync() }
    }
}
