import CLinux
import Glibc

extension BucketStore {
    /// Removes what runs that ended badly left of this bucket: work files that nobody holds and no sidecar makes useful,
    /// sidecars without work file, and copies in a mirrored bucket whose main one is not there. Returns how many.
    ///
    /// Only touches work files whose lock it gets. The caller holds the bucket's run lock.
    public func sweep() throws(StoreError) -> Int {
        var removed = 0
        if !store.ownership.clusterOwned { try store.sweepRemoved() }
        for side in sides {
            let useful = try sweepSidecars(side, &removed)
            try sweepWorkfiles(side, useful, &removed)
        }
        if bucket.mirrorCopies > 1, !store.ownership.isNodes { try sweepCopies(&removed) }
        return removed
    }

    /// The names of work files that a later run can continue.
    private func sweepSidecars(_ side: BucketSide, _ removed: inout Int) throws(StoreError) -> Set<String> {
        var useful: Set<String> = []
        let own = side.root.own
        let listing = try DirectoryListing(own)
        for index in 0..<listing.count where listing.kind(index) == .file {
            guard let name = listing.name(index) else { continue }
            if name.hasPrefix("tmp.") {
                try removeOldTemporary(name, own)
                continue
            }
            guard name.hasPrefix(PartialRecord.prefix), let file = try own.openIfThere(name, O_RDONLY) else { continue }
            // Sidecars of other buckets are theirs; one that cannot be read is of use to nobody.
            let record = PartialRecord(decoding: try file.readAll(limit: 1 << 20))
            if let record, record.bucket != uname { continue }
            if let record, let work = try side.work.status(of: record.workfile), work.isRegular,
                record.usableBytes(fileSize: work.size) > 0
            {
                useful.insert(record.workfile)
            } else if try own.remove(name) {
                removed += 1
            }
        }
        return useful
    }

    /// Temporaries live for milliseconds; an hour later their writer is gone.
    private func removeOldTemporary(_ name: String, _ own: Descriptor) throws(StoreError) {
        guard let status = try own.status(of: name), status.modified / 1_000_000_000 + 3_600 < Int64(time(nil)) else {
            return
        }
        try own.remove(name)
    }

    private func sweepWorkfiles(
        _ side: BucketSide, _ useful: Set<String>, _ removed: inout Int
    ) throws(StoreError) {
        let listing = try DirectoryListing(side.work)
        for index in 0..<listing.count where listing.kind(index) == .file {
            guard let name = listing.name(index), name.hasPrefix(StagedFile.prefix), !useful.contains(name) else {
                continue
            }
            guard let staged = try StagedFile(continuing: name, side) else { continue }
            staged.discard()
            removed += 1
        }
    }

    private func sweepCopies(_ removed: inout Int) throws(StoreError) {
        var orphans: [WalkedObject] = []
        do {
            try walk { object in
                if object.misplaced { orphans.append(object) }
                return true
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.io, path: bucket.bucket.cname, message: "\(error)")
        }
        for orphan in orphans where try isOrphanedCopy(orphan) {
            if try remove(orphan) { removed += 1 }
        }
    }

    /// Says so itself: its metadata names copies, itself and the place where the main one is not.
    private func isOrphanedCopy(_ object: WalkedObject) throws(StoreError) -> Bool {
        let placement = place(object.name)
        let file = try sides[object.mountpathIndex].objects.openIfThere(object.storedName, O_RDONLY | O_NONBLOCK)
        guard let bytes = try file?.attribute(LOM.xattrName), let lom = try? LOM(decoding: bytes) else { return false }
        return lom.copies.contains(sides[object.mountpathIndex].fqn(object.storedName))
            && lom.copies.contains(sides[placement.mountpathIndex].fqn(placement.storedName))
    }
}
