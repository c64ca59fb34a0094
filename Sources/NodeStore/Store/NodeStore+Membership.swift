import CLinux
import Glibc
import ObjectModel

/// Which mountpaths belong together, noted on each of them: placement depends on the whole set, so a second store over
/// some of the disks would put objects where the first one's node does not look.
extension NodeStore {
    private static let membershipName = "mountpaths.json"

    /// Throws where a mountpath was part of another set and its BMD has buckets.
    func checkMembership() throws(StoreError) {
        let ours = Set(mountpaths.map(\.aisPath))
        for root in roots {
            guard let file = try root.own.openIfThere(Self.membershipName, O_RDONLY),
                let noted = try? JSONValue.parse(try file.readAll(limit: 1 << 20), maxBytes: 1 << 20),
                let paths = noted["mountpaths"]?.array?.compactMap(\.string), Set(paths) != ours
            else { continue }
            guard try !loadBMD().bmd.buckets.isEmpty else { continue }
            throw StoreError(
                .usage, path: root.mountpath.hostPath,
                message:
                    "belongs to a store over other mountpaths (\(paths.sorted().joined(separator: ", "))) that holds "
                    + "buckets, and placement depends on the whole set; give exactly those")
        }
    }

    func noteMembership() throws(StoreError) {
        let noted: JSONValue = [
            "version": 1, "mountpaths": .array(mountpaths.map(\.aisPath).sorted().map { .string($0) }),
        ]
        for root in roots {
            try root.own.replaceFile(
                Self.membershipName, with: noted.serialized() + [0x0A], scratch: root.own, owner: root.owner, sync: true
            )
        }
    }
}
