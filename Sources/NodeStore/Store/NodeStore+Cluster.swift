import ObjectModel

/// A store whose node is part of a running cluster that was asked itself.
extension NodeStore {
    /// This store, objects placed by the cluster's own Smap instead of the one on the mountpaths.
    ///
    /// - Parameters:
    ///   - nodeID: of the target whose mountpaths these are; nil = what they say themselves.
    ///   - url: the cluster's, for messages.
    /// - Throws: `.usage` where no node has used the store, or none is known; `.clusterOwned` where the store belongs to
    ///   another cluster, or the node is no active target of this one.
    public func beside(smap: Smap, nodeID: String?, url: String) throws(StoreError) -> NodeStore {
        guard ownership.clusterOwned, let evidence = ownership.evidence else {
            throw StoreError(
                .usage, path: directory,
                message: "no node has used these mountpaths (no .ais.vmd): --cluster is for a node's own, where it runs"
            )
        }
        if let known = ownership.smap, known.uuid != smap.uuid {
            throw StoreError(
                .clusterOwned, path: directory,
                message: "belongs to the cluster \(known.uuid), and \(url) is the cluster \(smap.uuid)")
        }
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
                message: "node \(daemonID) is no active target of the cluster at \(url); objects placed here would not "
                    + "be found")
        }
        return NodeStore(self, ownership: Ownership(daemonID: daemonID, smap: smap, evidence: evidence))
    }
}

extension Ownership {
    fileprivate init(daemonID: String, smap: Smap, evidence: String) {
        clusterOwned = true
        self.daemonID = daemonID
        self.smap = smap
        self.evidence = evidence
    }
}

extension BucketStore {
    /// Whether an object belongs to this node; all do in a store that no cluster owns. Throws `.clusterOwned` when
    /// nothing says so.
    public func isHere(_ object: String) throws(StoreError) -> Bool {
        try store.ownership.isHere(digest(object), path: sides[0].objects.path(of: object))
    }
}

extension Workfile {
    /// The bytes written so far. Throws `.unreadable` beyond `limit`.
    public func contents(limit: Int) throws(StoreError) -> [UInt8] { try staged.descriptor.readAll(limit: limit) }
}
