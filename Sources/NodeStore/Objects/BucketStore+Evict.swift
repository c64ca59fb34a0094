import CLinux
import Glibc

extension BucketStore {
    /// Removes an object wherever it stands: its place first, then copies and misplaced ones, then directories below
    /// `%ob` that became empty. False when there was none. Not synced: after a crash it may be back, whole.
    ///
    /// Throws `.clusterOwned` in a cluster's store.
    public func evict(_ object: String, at placement: Placement) throws(StoreError) -> Bool {
        try refuse(placement)
        guard !store.ownership.clusterOwned else {
            throw store.ownership.refusal("cannot evict an object", path: fqn(placement))
        }
        let first = [placement.mountpathIndex] + placement.copies
        let others = sides.indices.filter { !first.contains($0) }
        var removed = false
        for index in first + others where try remove(placement.storedName, from: sides[index]) { removed = true }
        return removed
    }

    /// The same for an object whose metadata, read again right before, is what the caller wants gone; else nothing is
    /// touched. Of copies and misplaced ones only those go that say the same of themselves.
    public func evict(
        _ object: String, at placement: Placement, where isWanted: (LOM) -> Bool
    ) throws(StoreError) -> Bool {
        try refuse(placement)
        guard !store.ownership.clusterOwned else {
            throw store.ownership.refusal("cannot evict an object", path: fqn(placement))
        }
        guard let lom = state(object, at: placement).lom, isWanted(lom),
            try remove(placement.storedName, from: sides[placement.mountpathIndex])
        else { return false }
        for index in sides.indices where index != placement.mountpathIndex {
            guard let other = metadata(of: placement.storedName, on: index), isWanted(other) else { continue }
            _ = try remove(placement.storedName, from: sides[index])
        }
        return true
    }

    /// What a file says of itself; nil where none is, or it says nothing that can be read.
    private func metadata(of storedName: String, on mountpathIndex: Int) -> LOM? {
        guard let bytes = try? open(storedName: storedName, on: mountpathIndex).attribute() else { return nil }
        return try? LOM(decoding: bytes)
    }

    /// Removes one file that a walk found, and nothing else under its name: an odd file or a misplaced object.
    public func remove(_ walked: WalkedObject) throws(StoreError) -> Bool {
        guard !store.ownership.clusterOwned else {
            throw store.ownership.refusal("cannot remove a file", path: walked.fqn)
        }
        return try remove(walked.storedName, from: sides[walked.mountpathIndex])
    }

    func remove(_ storedName: String, from side: BucketSide) throws(StoreError) -> Bool {
        let (path, name) = Placement.split(storedName)
        do throws(StoreError) {
            guard try withFreshDirectory(path, side, { (directory) throws(StoreError) in try directory.remove(name) })
            else { return false }
        } catch {
            switch error.errno {
            case ENOENT, ENOTDIR, ELOOP: return false
            case EISDIR:
                throw StoreError(
                    .conflict, path: side.objects.path(of: storedName), message: "is a directory, not an object",
                    errno: EISDIR)
            default: throw error
            }
        }
        side.removeEmpty(path)
        return true
    }

    /// A directory opened before may have been removed and made again by another run: looks a second time.
    private func withFreshDirectory(
        _ path: String, _ side: BucketSide, _ body: (Descriptor) throws(StoreError) -> Bool
    ) throws(StoreError) -> Bool {
        let directory = try side.directories.directory(path, make: false)
        if try body(directory.descriptor) { return true }
        if path.isEmpty { return false }
        side.directories.forget(path)
        return try body(try side.directories.directory(path, make: false).descriptor)
    }
}

extension BucketSide {
    /// Removes a directory below `%ob` that is empty, and those above it that become empty.
    func removeEmpty(_ path: String) {
        var path = path
        while !path.isEmpty {
            let (parent, name) = Placement.split(path)
            guard let directory = try? directories.directory(parent, make: false),
                directory.descriptor.removeDirectory(name)
            else { return }
            directories.forget(path)
            path = parent
        }
    }
}
