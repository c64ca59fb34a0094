/// Which mountpaths a store has when a node was there first: the node's own list (`.ais.vmd`) decides the set, and
/// every path of it must be mapped to a place on this host.
///
///     given paths hold no .ais.vmd        → the given ones
///     else, for each enabled VMD path:
///       given under this AIS path         → the given host path
///       this host's path of that name has the same daemon ID, `fs` and `fs_type`   → that one
///       else                              → refused, with the --mountpath lines to give
enum MountpathAdoption {
    /// `daemonID` is nil when no node was there; `isListed` where a VMD decides the set.
    struct Result: Sendable {
        let mountpaths: [Mountpath]
        let daemonID: String?
        let isListed: Bool
    }

    static func resolve(_ given: [Mountpath]) throws(StoreError) -> Result {
        guard let vmd = try commonVMD(given) else {
            var daemonID: String?
            for mountpath in given where daemonID == nil { daemonID = try self.daemonID(at: mountpath.hostPath) }
            return Result(mountpaths: given, daemonID: daemonID, isListed: false)
        }
        var mapped: [Mountpath] = []
        var missing: [String] = []
        for entry in vmd.enabled {
            if let mountpath = given.first(where: { $0.aisPath == entry.path }) {
                mapped.append(mountpath)
            } else if try isSame(entry, daemonID: vmd.daemonID) {
                mapped.append(Mountpath(hostPath: entry.path))
            } else {
                missing.append(entry.path)
            }
        }
        let enabled = Set(vmd.enabled.map(\.path))
        let strangers = given.filter { !enabled.contains($0.aisPath) }
        guard missing.isEmpty, strangers.isEmpty else {
            throw refusal(vmd, missing: missing, strangers: strangers, mapped: mapped)
        }
        guard !mapped.isEmpty else {
            throw StoreError(
                .mountpath, path: given.first?.hostPath ?? "",
                message: "the node \(vmd.daemonID) has no enabled mountpath; enable one on the node first")
        }
        return Result(mountpaths: mapped, daemonID: vmd.daemonID, isListed: true)
    }

    /// The VMD of the highest version; all must be of one node.
    private static func commonVMD(_ given: [Mountpath]) throws(StoreError) -> VMD? {
        var found: (vmd: VMD, path: String)?
        for mountpath in given {
            guard let vmd = try vmd(at: mountpath.hostPath) else { continue }
            if let found, found.vmd.daemonID != vmd.daemonID {
                throw StoreError(
                    .mountpath, path: mountpath.hostPath,
                    message: "belongs to node \(vmd.daemonID), but \(found.path) to node \(found.vmd.daemonID); "
                        + "make a store for each node")
            }
            if vmd.version >= found?.vmd.version ?? 0 { found = (vmd, mountpath.hostPath) }
        }
        return found?.vmd
    }

    /// Whether this host has the node's mountpath under the node's own name for it.
    private static func isSame(_ entry: VMD.Mountpath, daemonID: String) throws(StoreError) -> Bool {
        guard let status = try FileStatus.at(entry.path), status.isDirectory,
            let vmd = try vmd(at: entry.path), vmd.daemonID == daemonID,
            let mounted = try MountedFileSystem.of(entry.path)
        else { return false }
        return mounted.source == entry.fileSystem && mounted.type == entry.fileSystemType
    }

    static func vmd(at hostPath: String) throws(StoreError) -> VMD? {
        let root = try MountpathRoot.open(Mountpath(hostPath: hostPath))
        guard let bytes = try root.openIfThere(JSP.Kind.vmd.fileName, 0)?.readAll() else { return nil }
        return try VMD(decoding: bytes, path: "\(hostPath)/\(JSP.Kind.vmd.fileName)")
    }

    static func daemonID(at hostPath: String) throws(StoreError) -> String? {
        let root = try MountpathRoot.open(Mountpath(hostPath: hostPath))
        return try root.attribute(Ownership.daemonIDAttribute).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func refusal(
        _ vmd: VMD, missing: [String], strangers: [Mountpath], mapped: [Mountpath]
    ) -> StoreError {
        var lines = mapped.map { "--mountpath \($0.hostPath)=\($0.aisPath)" }
        lines += missing.map { "--mountpath HOST=\($0)" }
        var message = "node \(vmd.daemonID) has the mountpaths \(vmd.enabled.map(\.path).joined(separator: ", "))"
        if !missing.isEmpty {
            message += "; not found on this host as that node's: \(missing.joined(separator: ", "))"
        }
        if !strangers.isEmpty {
            message += "; not among them: \(strangers.map(\.aisPath).joined(separator: ", "))"
        }
        message += ". Name each with the path where this host has it:\n  " + lines.joined(separator: "\n  ")
        return StoreError(.mountpath, path: strangers.first?.hostPath ?? missing.first ?? "", message: message)
    }
}
