import CLinux
import Glibc

/// What must be true of mountpaths before a store is made of them.
enum MountpathProbe {
    static let attribute = "user.aismove"

    /// Existing, a directory, writable for us on behalf of its owner, and with extended attributes that work.
    /// Leaves `.aismove` behind and nothing else.
    static func check(_ mountpath: Mountpath) throws(StoreError) {
        var syncs: [UInt64: GroupSync] = [:]
        let root = try MountpathRoot(mountpath, isNew: true, syncs: &syncs)
        let name = "probe.\(String(UInt64.random(in: .min ... .max), radix: 16))"
        let file = try root.own.open(name, O_RDWR | O_CREAT | O_EXCL, mode: 0o640)
        defer { _ = unlinkat(root.own.number, name, 0) }
        try file.belong(to: root.owner, permissions: 0o640)
        let value = Array("aismove".utf8)
        try file.setAttribute(attribute, value)
        guard try file.attribute(attribute) == value else {
            throw StoreError(
                .mountpath, path: mountpath.hostPath,
                message: "extended attributes do not come back as they were set; choose another file system")
        }
        try file.removeAttribute(attribute)
    }

    /// No mountpath may be another one or lie in it, by either of its names.
    static func checkApart(_ mountpaths: [Mountpath]) throws(StoreError) {
        var real: [String] = []
        for mountpath in mountpaths { real.append(realPath(mountpath.hostPath)) }
        for (index, one) in mountpaths.enumerated() {
            for (other, two) in mountpaths.enumerated() where other != index {
                let overlap =
                    contains(real[index], real[other])
                    ? two.hostPath
                    : contains(one.aisPath, two.aisPath) ? two.aisPath : nil
                guard let overlap else { continue }
                throw StoreError(
                    .mountpath, path: overlap,
                    message: "the mountpath is \(one.hostPath) or lies in it; each mountpath needs a place of its own")
            }
        }
    }

    /// No mountpath may lie in one of another store or of a node, whether it exists yet or not.
    static func checkOutside(_ mountpath: Mountpath) throws(StoreError) {
        var place = mountpath.hostPath
        while place != "/", try FileStatus.at(place) == nil { place = parent(place) }
        var outer = place == mountpath.hostPath ? parent(realPath(place)) : realPath(place)
        while true {
            if let evidence = try evidence(at: outer) {
                throw StoreError(
                    .mountpath, path: mountpath.hostPath,
                    message:
                        "lies in \(outer), which is a mountpath already (\(evidence)); name a directory outside of it")
            }
            if outer == "/" { return }
            outer = parent(outer)
        }
    }

    /// What shows that a directory is a mountpath.
    private static func evidence(at directory: String) throws(StoreError) -> String? {
        // A BMD alone may be the copy of a proxy's own directory.
        let names = [JSP.Kind.vmd.fileName, "\(MountpathRoot.ownDirectory)/\(MountpathRoot.noteName)"]
        for name in names where try FileStatus.at("\(directory)/\(name)") != nil { return name }
        // A directory that we may not open we may not ask.
        guard let id = try? MountpathAdoption.daemonID(at: directory) else { return nil }
        return "node \(id)'s"
    }

    private static func parent(_ path: String) -> String {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        return "/\(folder)"
    }

    /// Without links; the path itself when it does not exist.
    static func realPath(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Whether a path is another one or lies in it.
    static func contains(_ outer: String, _ inner: String) -> Bool {
        inner == outer || inner.hasPrefix(outer == "/" ? "/" : outer + "/")
    }
}
