import CLinux
import Glibc

extension NodeStore {
    /// Makes a store: probes the mountpaths, writes a first BMD where there is none, then the description.
    ///
    /// Without mountpaths, `DIR/mp1` is the one. Mountpaths must exist, but for those in `directory` itself. Relative
    /// paths are those of the working directory. Where a node has been, its VMD decides the set (`MountpathAdoption`).
    /// - Parameter bmd: the configuration directory of the proxy that is to start a cluster from the store.
    public static func initialise(
        directory: String, mountpaths given: [(host: String, ais: String?)] = [], nodeID: String? = nil,
        format: String = StoreFormat.v4_9.rawValue, bmd: String? = nil
    ) throws(StoreError) -> NodeStore {
        guard let format = StoreFormat(rawValue: format) else {
            throw StoreError(.usage, path: "", message: "unknown format \(format); known are 4.9 and 5.0")
        }
        guard !directory.isEmpty else {
            throw StoreError(
                .usage, path: "", message: "the store's directory has no name; give one, e.g. /srv/aismove")
        }
        // As AIS wants IDs of its nodes (`IsAlphaNice`).
        if let nodeID, nodeID.wholeMatch(of: /[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?/) == nil {
            throw StoreError(
                .usage, path: "",
                message: "\"\(nodeID)\" is no node's ID: letters, digits, and - or _ within; AIS shows it in its Smap")
        }
        let directory = absolute(directory)
        if try readDescription(directory) != nil {
            throw StoreError(
                .usage, path: directory, message: "is a store already; see it with `aismove store show`")
        }
        var mountpaths: [Mountpath] = []
        for (host, ais) in given.isEmpty ? [(directory + "/mp1", nil)] : given {
            guard !host.isEmpty else {
                throw StoreError(
                    .usage, path: "", message: "a mountpath has no name; give its directory, e.g. --mountpath /mnt/d1")
            }
            if let ais, !ais.hasPrefix("/") {
                throw StoreError(.usage, path: ais, message: "the node's path of a mountpath must be absolute")
            }
            mountpaths.append(Mountpath(hostPath: absolute(host), aisPath: ais))
        }
        for mountpath in mountpaths { try MountpathProbe.checkOutside(mountpath) }
        let home = try makeHome(directory)
        for mountpath in mountpaths where mountpath.hostPath.hasPrefix(directory + "/") {
            try makeBelow(home, directory, mountpath.hostPath)
        }
        let adoption = try MountpathAdoption.resolve(mountpaths)
        try MountpathProbe.checkApart(adoption.mountpaths)
        for mountpath in adoption.mountpaths { try MountpathProbe.check(mountpath) }
        let primary = bmd.map(absolute)
        if let primary { try refuseUsed(primary, adoption) }
        let description = StoreDescription(
            format: format, nodeID: nodeID ?? adoption.daemonID, mountpaths: adoption.mountpaths)
        var store = try NodeStore(directory: directory, description: description, isNew: true)
        if let primary {
            try store.refuseAnother(primary)
            store = NodeStore(store, ownership: store.ownership, bmdDirectory: primary)
        }
        try store.checkMembership(isListed: adoption.isListed)
        try store.ensureBMD()
        try store.noteMembership(bmd: store.bmdDirectory)
        try store.replaceDescription(description)
        return store
    }

    /// A store that a cluster already has cannot start a new one.
    private static func refuseUsed(_ path: String, _ adoption: MountpathAdoption.Result) throws(StoreError) {
        let primary = try PrimaryDirectory(path, apartFrom: adoption.mountpaths)
        if let evidence = try primary.evidence() { throw usedPrimary(path, evidence) }
        guard let node = adoption.daemonID else { return }
        throw StoreError(
            .usage, path: path,
            message: "--bmd prepares a store that no node has used, and these mountpaths are node \(node)'s; make the "
                + "store without it")
    }

    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return Mountpath.clean(path) }
        return Mountpath.clean(MountpathProbe.realPath(".") + "/" + path)
    }

    private static func makeHome(_ directory: String) throws(StoreError) -> Descriptor {
        var path = ""
        for component in directory.split(separator: "/") {
            path += "/\(component)"
            if try FileStatus.at(path) == nil {
                let result = SystemCall.attempt { mkdir(path, 0o755) }
                if result < 0, result != -EEXIST { throw StoreError(-result, "mkdir", path) }
            }
        }
        return try Descriptor(directory, O_RDONLY | O_DIRECTORY)
    }

    private static func makeBelow(_ home: Descriptor, _ directory: String, _ path: String) throws(StoreError) {
        if try FileStatus.at(path) != nil { return }
        let owner = try home.status().owner
        var parent = home
        for component in path.dropFirst(directory.count + 1).split(separator: "/") {
            parent = try parent.makeDirectory(String(component), owner: owner).directory
        }
    }
}
