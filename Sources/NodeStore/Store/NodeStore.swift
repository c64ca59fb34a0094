import CLinux
import Glibc

/// An opened store: its mountpaths, each probed and owned by somebody, and where its locks and its BMD are.
///
///     open      description (or a node's VMD) → mountpaths opened → whose BMD is it
///     register  lock · read all BMD copies · make directories · next version → each copy in turn
///     bucket    BucketStore: place, state, Workfile → commit, evict, walk, sweep
///
/// What is not guaranteed: anything against a process that changes the mountpaths without taking the locks here.
public final class NodeStore: Sendable {
    /// What the store was named by; messages use it.
    public let directory: String
    public let description: StoreDescription
    public let ownership: Ownership
    let roots: [MountpathRoot]
    /// Where one more copy of the BMD is kept: a primary proxy's configuration directory; nil = nowhere.
    public let bmdDirectory: String?

    public var mountpaths: [Mountpath] { description.mountpaths }
    public var format: StoreFormat { description.format }

    /// Opens what `initialise` made in `directory`, or a node's mountpath itself.
    public static func open(directory: String) throws(StoreError) -> NodeStore {
        let path = Mountpath.clean(directory)
        if let description = try readDescription(path) {
            let store = try NodeStore(directory: path, description: description, isNew: false)
            try store.checkNotes()
            return store
        }
        guard let description = try adopted(path) else {
            throw StoreError(
                .notAStore, path: path,
                message: "is not a store (no \(StoreDescription.fileName)); make one with `aismove store init \(path)`")
        }
        let store = try NodeStore(directory: path, description: description, isNew: true)
        try store.checkPlaces()
        return store
    }

    /// The mountpaths of the store that `directory` names, without a look at them; none where it names no store.
    public static func mountpaths(of directory: String) -> [Mountpath] {
        let path = Mountpath.clean(directory)
        let description = (try? readDescription(path)) ?? (try? adopted(path))
        return description?.mountpaths ?? []
    }

    /// `isNew` when aismove has not been on the mountpaths before.
    init(directory: String, description: StoreDescription, isNew: Bool) throws(StoreError) {
        var syncs: [UInt64: GroupSync] = [:]
        var roots: [MountpathRoot] = []
        for mountpath in description.mountpaths {
            roots.append(try MountpathRoot(mountpath, isNew: isNew, syncs: &syncs))
        }
        try MountpathProbe.checkApart(description.mountpaths)
        let adoption = try MountpathAdoption.resolve(description.mountpaths)
        guard adoption.mountpaths.count == description.mountpaths.count else {
            let lines = adoption.mountpaths.map { "--mountpath \($0.hostPath)=\($0.aisPath)" }
            throw StoreError(
                .mountpath, path: directory,
                message: "the node now has other mountpaths than this store; make the store again with "
                    + lines.joined(separator: " "))
        }
        self.directory = directory
        self.description = description
        self.roots = roots
        let noted = try Self.ordered(roots)[0].notedBMD()
        // That it is not there is an error where the BMD is read.
        let primary = noted.flatMap { try? PrimaryDirectory($0, apartFrom: description.mountpaths) }
        ownership = try Ownership(roots, nodeID: description.nodeID, primary: primary)
        bmdDirectory = ownership.clusterOwned ? nil : noted
    }

    /// The same store in other circumstances.
    init(_ other: NodeStore, ownership: Ownership, bmdDirectory: String?) {
        directory = other.directory
        description = other.description
        roots = other.roots
        self.ownership = ownership
        self.bmdDirectory = bmdDirectory
    }

    static func readDescription(_ directory: String) throws(StoreError) -> StoreDescription? {
        guard let status = try FileStatus.at(directory) else { return nil }
        guard status.isDirectory else {
            throw StoreError(.notAStore, path: directory, message: "is no directory; name the store's directory")
        }
        let descriptor = try Descriptor(directory, O_RDONLY | O_DIRECTORY)
        guard let file = try descriptor.openIfThere(StoreDescription.fileName, O_RDONLY) else { return nil }
        return try StoreDescription(decoding: file.readAll(limit: 1 << 20), path: file.path)
    }

    /// A node's mountpath named directly: the VMD on it says which the others are.
    private static func adopted(_ directory: String) throws(StoreError) -> StoreDescription? {
        guard let status = try FileStatus.at(directory), status.isDirectory else { return nil }
        let absolute = MountpathProbe.realPath(directory)
        guard try MountpathAdoption.vmd(at: absolute) != nil else { return nil }
        let adoption = try MountpathAdoption.resolve([Mountpath(hostPath: absolute)])
        return StoreDescription(format: .v4_9, nodeID: adoption.daemonID, mountpaths: adoption.mountpaths)
    }

    /// Bytes on a mountpath's file system: those that can still be written, and all.
    public func space(mountpath index: Int) throws(StoreError) -> (free: Int64, total: Int64) {
        try roots[index].descriptor.space()
    }

    /// The number of the first mountpath on the same file system: those of one share its room.
    public func fileSystem(of mountpath: Int) -> Int {
        roots.firstIndex { $0.identity.device == roots[mountpath].identity.device } ?? mountpath
    }

    /// Writes the description again, as `remote attach` changes it. Whole or not at all.
    public func replaceDescription(_ description: StoreDescription) throws(StoreError) {
        let home = try Descriptor(directory, O_RDONLY | O_DIRECTORY)
        try home.replaceFile(
            StoreDescription.fileName, with: description.encoded(), scratch: home, owner: home.status().owner,
            sync: true)
    }

    /// The mountpaths in the order of their AIS paths: who opens a store under any of its names finds the same first
    /// one, with the locks, and the same first two, with the BMD.
    var ordered: [MountpathRoot] { Self.ordered(roots) }

    private static func ordered(_ roots: [MountpathRoot]) -> [MountpathRoot] {
        roots.sorted { $0.mountpath.aisPath.utf8.lexicographicallyPrecedes($1.mountpath.aisPath.utf8) }
    }

    /// Opens a lock file in `.aismove` of the first mountpath. Lock files stay.
    func lockFile(_ name: String) throws(StoreError) -> Descriptor {
        let root = ordered[0]
        if let there = try root.own.openIfThere(name, O_RDONLY) { return there }
        let file = try root.own.open(name, O_RDONLY | O_CREAT, mode: 0o640)
        try file.belong(to: root.owner, permissions: 0o640)
        return file
    }
}
