import Backends
import NodeStore
import ObjectModel

extension Attachment {
    /// As the backends take it.
    public var cluster: RemoteCluster {
        RemoteCluster(
            alias: alias, uuid: uuid, urls: urls,
            smap: lastSeen.flatMap { $0.smap.isNull ? nil : $0.smap.text() })
    }
}

extension Attachment.Sighting {
    /// What a cluster map says, to be kept.
    public init(_ map: ClusterMap) {
        self.init(
            uuid: map.uuid, primary: map.primary, smapVersion: map.version, targets: map.targets.count,
            smap: map.kept)
    }
}
