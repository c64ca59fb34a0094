import ObjectModel

extension Workfile {
    /// Makes the object visible, on its own: metadata, sync, rename, sync of the directory. Copies of a mirrored
    /// bucket go first. The metadata's checksum, size, version and custom keys are the caller's; copies and long names
    /// are added here.
    ///
    /// Without `replace`, an object that already stands is `.conflict` with errno `EEXIST`. In a store of a cluster
    /// nothing is ever replaced. Whatever fails, the work file is removed.
    public func commit(_ lom: LOM, replace: Bool = true) throws(StoreError) {
        do throws(StoreError) {
            try refuseReplacing(replace)
            if !isSealed { try seal(lom) }
            let sync = bucket.sync
            if sync { for file in copies + [staged] { try file.descriptor.sync() } }
            for (index, copy) in zip(placement.copies, copies) {
                let directory = try copy.publish(placement.storedName, replace: mayReplaceCopies)
                if sync { try directory.entries.sync() }
                try bucket.sides[index].confirm()
            }
            let directory = try staged.publish(placement.storedName, replace: replace)
            if sync {
                try directory.entries.sync()
                try staged.side.confirm()
            } else {
                try staged.side.confirmUnlessRecent()
            }
        } catch {
            discard()
            throw error
        }
        removeSidecarIfAny()
    }

    /// Sets the metadata, so that a `SmallBatch` can make the object visible together with others. A mirrored bucket's
    /// copies are written now.
    public func seal(_ lom: LOM) throws(StoreError) {
        do throws(StoreError) {
            guard lom.size == byteCount else {
                throw StoreError(
                    .io, path: path, message: "\(byteCount) bytes were written, the metadata says \(lom.size)")
            }
            let bytes = try encoded(lom)
            try removeNodesCopies()
            try staged.descriptor.setAttribute(LOM.xattrName, bytes)
            for index in placement.copies {
                let copy = try StagedFile(bucket.sides[index], base: Placement.split(object).name)
                try copy.descriptor.append(contentsOf: staged.descriptor)
                try copy.descriptor.setAttribute(LOM.xattrName, bytes)
                copies.append(copy)
            }
            isSealed = true
        } catch {
            discard()
            throw error
        }
    }

    /// A node puts copies where it likes. In the store of one that does not run, those of the object that is to be
    /// replaced go first: they would outlive it elsewhere.
    private func removeNodesCopies() throws(StoreError) {
        let ownership = bucket.store.ownership
        guard ownership.isNodes, !ownership.clusterOwned, let old = bucket.state(object, at: placement).lom else {
            return
        }
        for (index, side) in bucket.sides.enumerated()
        where index != placement.mountpathIndex && !placement.copies.contains(index) {
            guard old.copies.contains(side.fqn(placement.storedName)) else { continue }
            _ = try bucket.remove(placement.storedName, from: side)
        }
    }

    private func encoded(_ lom: LOM) throws(StoreError) -> [UInt8] {
        var lom = lom
        if let original = placement.originalFQN {
            lom.custom[CustomKeys.originalFQN] = original
            lom.lid |= LOM.longNameBit
        }
        if !placement.copies.isEmpty {
            let places = [placement.mountpathIndex] + placement.copies
            lom.copies = places.map { bucket.sides[$0].fqn(placement.storedName) }
        }
        do throws(LOMError) {
            return try lom.encoded()
        } catch {
            throw StoreError(.name, path: bucket.fqn(placement), message: error.description)
        }
    }

    /// Behind a node's back not even a copy is replaced, which may belong to an object that it is mending.
    var mayReplaceCopies: Bool { !bucket.store.ownership.clusterOwned }

    func refuseReplacing(_ replace: Bool) throws(StoreError) {
        guard replace, bucket.store.ownership.clusterOwned else { return }
        throw bucket.store.ownership.refusal("cannot replace an object", path: bucket.fqn(placement))
    }
}
