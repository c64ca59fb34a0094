import CLinux
import Glibc

/// The further copies of a mirrored bucket's objects.
extension BucketStore {
    /// What is wrong with the copies that an object's metadata names; nil when they stand and are as many as the bucket
    /// wants. Does not read them. A node mirrors in its own time and picks mountpaths by load, so that in a node's
    /// store their number, and anywhere their order, says nothing.
    public func copiesProblem(_ lom: LOM, at placement: Placement) -> String? {
        let own = sides[placement.mountpathIndex].fqn(placement.storedName)
        for fqn in lom.copies where fqn != own {
            let side = sides.first { $0.fqn(placement.storedName) == fqn }
            guard let side, (try? side.objects.status(of: placement.storedName))?.isRegular == true else {
                return "its copy \(fqn) is missing"
            }
        }
        let found = max(1, Set(lom.copies).count)
        let wanted = placement.copies.count + 1
        guard found != wanted, !store.ownership.isNodes else { return nil }
        return "it has \(found == 1 ? "1 copy" : "\(found) copies"), the bucket wants \(wanted)"
    }

    /// Writes an object again from its own main file, with exactly the copies that the bucket wants, in the order in
    /// which every commit does it; whoever reads meanwhile finds it whole. The caller has read the main file and found
    /// it sound.
    ///
    /// Throws `.clusterOwned` in a cluster's store.
    public func mendCopies(_ object: String) throws(StoreError) {
        let placement = place(object)
        try refuse(placement)
        guard !store.ownership.clusterOwned else {
            throw store.ownership.refusal("cannot mend copies", path: fqn(placement))
        }
        let side = sides[placement.mountpathIndex]
        let (path, name) = Placement.split(placement.storedName)
        let main = try side.directories.directory(path, make: false).descriptor.open(name, O_RDONLY | O_NONBLOCK)
        let attribute = try main.attribute(LOM.xattrName) ?? []
        var lom: LOM
        do throws(LOMError) {
            lom = try LOM(decoding: attribute)
        } catch {
            throw StoreError(.conflict, path: main.path, message: error.description)
        }
        lom.copies = []
        let workfile = try createWorkfile(for: object, at: placement)
        try workfile.append(contentsOf: main)
        try workfile.commit(lom)
        for index in sides.indices where index != placement.mountpathIndex && !placement.copies.contains(index) {
            _ = try remove(placement.storedName, from: sides[index])
        }
    }
}

extension Workfile {
    /// A whole file, without passing its bytes through this process.
    fileprivate func append(contentsOf source: Descriptor) throws(StoreError) {
        try staged.descriptor.append(contentsOf: source)
        byteCount += try source.status().size
    }
}
