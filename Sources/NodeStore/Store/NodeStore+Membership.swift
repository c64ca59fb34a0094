import CLinux
import Glibc
import ObjectModel

/// Which mountpaths belong together, noted on each of them: placement depends on the whole set, so a second store over
/// some of the disks would put objects where the first one's node does not look, and so would disks that have changed
/// places. With it stands where one more copy of the BMD is kept: whichever way the store is named, that copy stays in
/// step.
///
///     .aismove/mountpaths.json, on the disk of /mnt/d1 (older ones lack "mountpath"):
///
///     {"version": 1, "mountpaths": ["/mnt/d1", "/mnt/d2"], "mountpath": "/mnt/d1", "bmd": "/etc/ais"}
extension NodeStore {
    /// Throws where a mountpath is part of another set, or in another's place.
    /// - Parameter isListed: a node's list says which the set is. What it was before counts while there are buckets.
    func checkMembership(isListed: Bool) throws(StoreError) {
        let notes = notes
        guard let (root, paths) = otherSet(notes) else { return try checkPlaces(notes, .usage) }
        // Without a copy of the BMD among these mountpaths nobody knows.
        let hasBuckets = (try? loadBMD())?.bmd.buckets.isEmpty == false
        if !hasBuckets, isListed { return }
        throw StoreError(
            .usage, path: root.mountpath.hostPath,
            message: "belongs to a store over other mountpaths (\(paths))\(hasBuckets ? " that holds buckets" : ""), "
                + "and placement depends on the whole set; give exactly those"
                + (hasBuckets ? "" : ", or, if that store is gone, remove \(root.notePath)"))
    }

    /// Throws where a mountpath was taken into another store since this one was made, or is in another's place.
    func checkNotes() throws(StoreError) {
        let notes = notes
        guard let (root, paths) = otherSet(notes) else { return try checkPlaces(notes, .mountpath) }
        throw StoreError(
            .mountpath, path: root.mountpath.hostPath,
            message:
                "has been made part of a store over other mountpaths (\(paths)) since, and placement depends on the "
                + "whole set; use that store, or, if it is gone, remove \(root.notePath)")
    }

    /// Throws where the disk of one mountpath is in the place of another.
    func checkPlaces() throws(StoreError) { try checkPlaces(notes, .mountpath) }

    private func checkPlaces(_ notes: [Note], _ kind: StoreError.Kind) throws(StoreError) {
        let paths = Set(mountpaths.map(\.aisPath))
        for (root, note) in notes {
            let here = root.mountpath.aisPath
            guard let noted = note["mountpath"]?.string, noted != here, paths.contains(noted) else { continue }
            throw StoreError(
                kind, path: root.mountpath.hostPath,
                message: "is not the mountpath that the store was made with: the disk of \(noted) is in the place of "
                    + "\(here); mount each where it was")
        }
    }

    private typealias Note = (root: MountpathRoot, note: JSONValue)

    /// The notes that can be read, in the order of the mountpaths.
    private var notes: [Note] {
        roots.compactMap { root in (try? root.membership()).map { (root, $0) } }
    }

    /// A mountpath that is noted as one of another set, and that set.
    private func otherSet(_ notes: [Note]) -> (root: MountpathRoot, paths: String)? {
        let ours = Set(mountpaths.map(\.aisPath))
        for (root, note) in notes {
            guard let paths = note["mountpaths"]?.array?.compactMap(\.string), Set(paths) != ours else { continue }
            return (root, paths.sorted().joined(separator: ", "))
        }
        return nil
    }

    /// The first mountpath's note is the one that counts, and is written first.
    func noteMembership(bmd: String?) throws(StoreError) {
        var noted: JSONValue = [
            "version": 1, "mountpaths": .array(mountpaths.map(\.aisPath).sorted().map { .string($0) }),
        ]
        if let bmd { noted["bmd"] = .string(bmd) }
        for root in ordered {
            noted["mountpath"] = .string(root.mountpath.aisPath)
            try root.own.replaceFile(
                MountpathRoot.noteName, with: noted.serialized() + [0x0A], scratch: root.own, owner: root.owner,
                sync: true)
        }
    }
}

extension MountpathRoot {
    static let noteName = "mountpaths.json"
    fileprivate var notePath: String { "\(mountpath.hostPath)/\(Self.ownDirectory)/\(Self.noteName)" }

    /// Nil where nothing is noted. Throws `.unreadable`.
    fileprivate func membership() throws(StoreError) -> JSONValue? {
        guard let file = try own.openIfThere(Self.noteName, O_RDONLY) else { return nil }
        do {
            return try JSONValue.parse(try file.readAll(limit: 1 << 20), maxBytes: 1 << 20)
        } catch {
            throw StoreError(
                .unreadable, path: file.path,
                message: "is \(error): `aismove store init` over the same mountpaths writes it again")
        }
    }

    /// Where the store keeps one more copy of its BMD; nil = nowhere.
    func notedBMD() throws(StoreError) -> String? { try membership()?["bmd"]?.string }
}
