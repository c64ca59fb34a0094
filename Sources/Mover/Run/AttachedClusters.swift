import Backends
import NodeStore
import Planner

/// The remote clusters that are attached to a store, as one run finds them.
struct AttachedClusters {
    /// A cluster whose UUID is known.
    struct Found {
        let uuid: String
        let details: RemoteCluster
    }

    private let store: NodeStore
    private let keeps: Bool
    private let environment: CloudEnvironment

    /// - Parameter keeps: write down what a cluster says of itself that was never seen before.
    init(_ store: NodeStore, keeps: Bool, in environment: CloudEnvironment) {
        self.store = store
        self.keeps = keeps
        self.environment = environment
    }

    /// By alias or UUID; nil when none is attached by that name. A cluster never seen before is asked for its UUID.
    ///
    /// - Throws: `StoreError`, and `BackendError` when the cluster does not answer.
    func find(_ name: String) throws -> Found? {
        guard var attachment = try store.attachments().find(name) else { return nil }
        if let uuid = attachment.uuid { return Found(uuid: uuid, details: attachment.cluster) }
        let sighting = Attachment.Sighting(try ClusterFinder.map(of: attachment.cluster, in: environment))
        attachment.lastSeen = sighting
        if keeps, try store.ownAttachments().find(attachment.alias) != nil {
            try store.changeAttachments { $0.saw(attachment.alias, sighting) }
        }
        return Found(uuid: sighting.uuid, details: attachment.cluster)
    }
}
