import CLinux
import Glibc

/// The copy of the BMD in the primary's configuration directory, in a store that is to start a new cluster.
extension NodeStore {
    /// This store with one more copy of its BMD in `path`, from now on: its mountpaths remember it, so that no later command
    /// can leave that copy behind. Nil = no longer.
    ///
    /// - Returns: the store, and one line for what was done.
    /// - Throws: `.usage` for a store that another directory is remembered of, or that a node has used; `.clusterOwned`
    ///   where a proxy has been started from `path`; `.unreadable` where `path` has another store's BMD.
    public func keepingBMD(in path: String?) throws(StoreError) -> (store: NodeStore, lines: [String]) {
        let wanted = path.map(Self.absolute)
        guard !ownership.isNodes || wanted == nil else { throw notFresh(wanted ?? "") }
        let known = try ordered[0].notedBMD()
        guard wanted != known else { return (self, []) }
        if let wanted { try refuseAnother(wanted) }
        let store = NodeStore(self, ownership: ownership, bmdDirectory: wanted)
        return try withExclusiveLock { () throws(StoreError) -> (store: NodeStore, lines: [String]) in
            let copies = try readCopies(primary: wanted)
            let current = try copies.current()
            let lines = try repair(copies, to: current)
            try noteMembership(bmd: wanted)
            let told =
                wanted.map { "\($0): keeps a copy of the BMD from now on" }
                ?? "\(known ?? ""): its copy of the BMD is not kept any more; remove it before a proxy starts there"
            return (store, lines + [told])
        }
    }

    /// A second directory would leave the first one's copy behind.
    func refuseAnother(_ wanted: String) throws(StoreError) {
        guard let known = try ordered[0].notedBMD(), known != wanted else { return }
        throw StoreError(
            .usage, path: wanted,
            message:
                "the store keeps a copy of its BMD in \(known), which would be left behind; let it forget that one "
                + "first (--bmd none)")
    }

    private func notFresh(_ path: String) -> StoreError {
        StoreError(
            .usage, path: path,
            message: "--bmd alone is for a store that no node has used, and \(directory) belongs to a cluster "
                + "(\(ownership.evidence ?? "")). If no node of it runs, give --whole-cluster-is-down too; if it runs, "
                + "--cluster URL instead")
    }

    static func usedPrimary(_ path: String, _ evidence: String) -> StoreError {
        StoreError(
            .clusterOwned, path: path,
            message:
                "a proxy has been started here (\(evidence)): its BMD is a cluster's, which this store cannot join; "
                + "a prepared store can start a new cluster, from a directory that no proxy has used")
    }
}
