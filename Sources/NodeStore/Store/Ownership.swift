import ObjectModel

/// Whose BMD it is. Where a node has been (`.ais.smap`, `.ais.vmd` or a daemon ID), it is the cluster's primary's.
public struct Ownership: Sendable, Hashable {
    static let daemonIDAttribute = "user.ais.daemon_id"

    /// Whether a cluster owns the BMD: then buckets cannot be added here, and objects only added, never changed.
    public let clusterOwned: Bool
    /// Whether a node has been here: then its cluster's Smap says which objects belong on it.
    public let isNodes: Bool
    /// The node's ID, from its VMD, its mountpaths or the store's description.
    public let daemonID: String?
    /// The cluster map of the highest version found.
    public let smap: Smap?
    /// What shows it, for messages: `/mnt/d1/.ais.smap`.
    public let evidence: String?

    /// Looks at all mountpaths.
    /// - Parameter primary: that a proxy has been started where a new store keeps a copy of its BMD shows it, too.
    init(_ roots: [MountpathRoot], nodeID: String?, primary: PrimaryDirectory?) throws(StoreError) {
        var evidence: String?
        var daemonID: String?
        var smap: Smap?
        for root in roots {
            let path = root.mountpath.hostPath
            if let bytes = try root.file(JSP.Kind.smap.fileName) {
                let found = try Smap(decoding: bytes, path: "\(path)/\(JSP.Kind.smap.fileName)")
                if found.version >= smap?.version ?? 0 { smap = found }
                evidence = evidence ?? "\(path)/\(JSP.Kind.smap.fileName)"
            }
            if let bytes = try root.file(JSP.Kind.vmd.fileName) {
                let vmd = try VMD(decoding: bytes, path: "\(path)/\(JSP.Kind.vmd.fileName)")
                daemonID = daemonID ?? vmd.daemonID
                evidence = evidence ?? "\(path)/\(JSP.Kind.vmd.fileName)"
            }
            if let bytes = try root.descriptor.attribute(Self.daemonIDAttribute) {
                daemonID = daemonID ?? String(decoding: bytes, as: UTF8.self)
                evidence = evidence ?? "\(path) (\(Self.daemonIDAttribute))"
            }
        }
        if let found = daemonID, let nodeID, found != nodeID {
            throw StoreError(
                .mountpath, path: roots.first?.mountpath.hostPath ?? "",
                message: "belongs to node \(found), but the store was made for node \(nodeID); "
                    + "check what is mounted, or run `aismove store init` for this node")
        }
        if evidence == nil, let primary { evidence = try primary.evidence() }
        clusterOwned = evidence != nil
        isNodes = clusterOwned
        self.daemonID = daemonID ?? nodeID
        self.smap = smap
        self.evidence = evidence
    }

    /// Public URLs of this node and of its cluster's proxies, as far as the Smap has them: who would notice that the store
    /// is changed.
    public var clusterURLs: [String] {
        guard let smap else { return [] }
        return smap.targets.filter { $0.id == daemonID && !$0.url.isEmpty }.map(\.url) + smap.proxyURLs
    }

    /// A node's, whose cluster is asked itself (`clusterOwned`), or does not run.
    init(daemonID: String, smap: Smap, evidence: String, clusterOwned: Bool) {
        self.clusterOwned = clusterOwned
        isNodes = true
        self.daemonID = daemonID
        self.smap = smap
        self.evidence = evidence
    }

    /// Why the BMD, or an object, is not changed here. Exit code 6.
    func refusal(_ what: String, path: String) -> StoreError {
        StoreError(
            .clusterOwned, path: path,
            message: "\(what): the store belongs to an AIS cluster (\(evidence ?? "its mountpaths say so")). A change "
                + "behind the cluster's back would be lost, and data with it. Say where the running cluster is "
                + "(--cluster URL); if no node of it runs, name its primary's configuration directory (--bmd DIR "
                + "--whole-cluster-is-down); or make a store of its own with `aismove store init`")
    }

    /// Whether objects with this digest belong to this node. Throws when a node was here and nothing says so.
    func isHere(_ digest: UInt64, path: @autoclosure () -> String) throws(StoreError) -> Bool {
        guard isNodes else { return true }
        guard let smap, let daemonID else {
            throw refusal("which objects belong to this node is unknown without .ais.smap", path: path())
        }
        return HRW.target(for: digest, among: smap.activeTargets) == daemonID
    }
}
