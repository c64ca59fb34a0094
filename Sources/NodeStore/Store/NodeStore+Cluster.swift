import ObjectModel

/// A store whose node is part of a cluster: one that was asked itself, or one that does not run.
extension NodeStore {
    /// This store, objects placed by the cluster's own Smap instead of the one on the mountpaths.
    ///
    /// - Parameters:
    ///   - nodeID: of the target whose mountpaths these are; nil = what they say themselves.
    ///   - url: the cluster's, for messages.
    /// - Throws: `.usage` where no node has used the store, or none is known; `.clusterOwned` where the store belongs to
    ///   another cluster, or the node is no active target of this one.
    public func beside(smap: Smap, nodeID: String?, url: String) throws(StoreError) -> NodeStore {
        let ownership = try joined(smap, nodeID: nodeID, source: url, flag: "--cluster", clusterOwned: true)
        return NodeStore(self, ownership: ownership, bmdDirectory: nil)
    }

    /// This store while no node of its cluster runs: its BMD and its objects can be changed as if it were no node's, but
    /// still only objects that the Smap gives to this node are placed. The primary's copy of the BMD is kept in step, and
    /// written first. That nothing runs is the caller's word.
    ///
    /// - Parameter path: the configuration directory of the cluster's primary proxy.
    /// - Throws: `.usage` where no node has used the store, or none is known; `.notAStore` where `path` has no BMD;
    ///   `.clusterOwned` where it is another cluster's or another proxy's, or no Smap tells what belongs here.
    public func whileClusterIsDown(primary path: String, nodeID: String?) throws(StoreError) -> NodeStore {
        let primary = try PrimaryDirectory(Self.absolute(path), apartFrom: mountpaths)
        guard try primary.bmdPlace.read() != nil else {
            throw StoreError(
                .notAStore, path: primary.bmdPlace.path,
                message:
                    "is missing: --bmd names the configuration directory of the cluster's primary proxy, which has "
                    + "its BMD")
        }
        let theirs = try primary.smap()
        let known = self.ownership.smap
        if let known, let theirs { try Self.refuse(known, unlike: theirs, directory, source: primary.path) }
        let newest = [known, theirs].compactMap { $0 }.max { $0.version < $1.version }
        guard let smap = newest else {
            throw StoreError(
                .clusterOwned, path: directory,
                message: "which objects belong to this node is unknown: .ais.smap is missing on the mountpaths and in "
                    + "\(primary.path)")
        }
        if let proxy = try primary.proxyID(), !smap.primaryID.isEmpty, proxy != smap.primaryID {
            throw StoreError(
                .clusterOwned, path: primary.path,
                message: "is the configuration directory of the proxy \(proxy), and the primary is \(smap.primaryID); "
                    + "name the primary's")
        }
        let ownership = try joined(
            smap, nodeID: nodeID, source: primary.path, flag: "--whole-cluster-is-down", clusterOwned: false)
        return NodeStore(self, ownership: ownership, bmdDirectory: primary.path)
    }

    private func joined(
        _ smap: Smap, nodeID: String?, source: String, flag: String, clusterOwned: Bool
    ) throws(StoreError) -> Ownership {
        guard ownership.isNodes, let evidence = ownership.evidence else {
            throw StoreError(
                .usage, path: directory,
                message: "no node has used these mountpaths (no .ais.vmd): \(flag) is for those of a cluster's node")
        }
        if let known = ownership.smap { try Self.refuse(known, unlike: smap, directory, source: source) }
        if let nodeID, let known = ownership.daemonID, nodeID != known {
            throw StoreError(
                .clusterOwned, path: directory, message: "belongs to node \(known), not to --node-id \(nodeID)")
        }
        guard let daemonID = nodeID ?? ownership.daemonID else {
            throw StoreError(.usage, path: directory, message: "says no node's ID; give --node-id")
        }
        guard smap.activeTargets.contains(daemonID) else {
            throw StoreError(
                .clusterOwned, path: directory,
                message: "node \(daemonID) is no active target of the cluster at \(source); objects placed here would "
                    + "not be found")
        }
        return Ownership(daemonID: daemonID, smap: smap, evidence: evidence, clusterOwned: clusterOwned)
    }

    private static func refuse(
        _ known: Smap, unlike smap: Smap, _ directory: String, source: String
    ) throws(StoreError) {
        guard known.uuid != smap.uuid else { return }
        throw StoreError(
            .clusterOwned, path: directory,
            message: "belongs to the cluster \(known.uuid), and \(source) is the cluster \(smap.uuid)")
    }
}

extension NodeStore {
    /// The same as of an opened bucket (`BucketStore.isHere`), registered or not.
    public func isHere(_ object: String, in bucket: Bucket) throws(StoreError) -> Bool {
        try ownership.isHere(HRW.digest(bucket.objectUname(object)), path: "\(bucket.cname)/\(object)")
    }
}

extension BucketStore {
    /// Whether an object belongs to this node; all do in a store that no node has used. Throws `.clusterOwned` when
    /// nothing says so.
    public func isHere(_ object: String) throws(StoreError) -> Bool {
        try store.ownership.isHere(digest(object), path: sides[0].objects.path(of: object))
    }
}
