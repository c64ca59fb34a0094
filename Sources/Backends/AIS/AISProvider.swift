import ObjectModel

/// Buckets of remote AIS clusters. The address says which cluster (`BucketAddress.cluster`); the bucket's namespace has
/// its UUID here, and none there.
public enum AISProvider: CloudProvider {
    public static func connect(
        _ address: BucketAddress, in environment: CloudEnvironment, lookup: Bool
    ) throws(BackendError) -> ConnectedBucket {
        let map = try clusterMap(address, environment, lookup: lookup)
        let there = try remote(address.bucket)
        let token = try AuthNToken.find(in: environment)
        let nodes = ClusterNodes(map, bucket: there, token: token, now: environment.now)
        let backend = AISBackend(address.bucket, there: there, nodes: nodes)
        guard lookup else { return ConnectedBucket(backend: backend, facts: nil) }
        let subject = address.bucket.cname
        let lane = environment.makeLane()
        let (head, body) = try lane.ask(
            backend.bucketRequest(), nodes, subject: subject, bodyLimit: ClusterFinder.mapLimitBytes)
        switch backend.bucketAnswer(head, body: body) {
        case .found(let facts): return ConnectedBucket(backend: backend, facts: facts)
        case .missing:
            let name = address.cluster?.alias ?? map.uuid
            throw BackendError(.noBucket, subject, "cluster \(name) has no such bucket")
        case .refused(let words):
            throw BackendError(
                .refused, subject, "the cluster answers \(words); set AIS_AUTHN_TOKEN or AIS_AUTHN_TOKEN_FILE")
        case .retryable(let status):
            throw BackendError(.unreachable, subject, "the cluster answers \(status), retries included")
        case .failed(let words): throw BackendError(.refused, subject, "the cluster answers \(words)")
        case .elsewhere: throw BackendError(.refused, subject, "the cluster answers with a region")
        }
    }

    public static func buckets(
        _ address: BucketAddress, in environment: CloudEnvironment
    ) throws(BackendError) -> [Bucket] {
        let map = try clusterMap(address, environment, lookup: true)
        let client = ClusterClient(map, token: try AuthNToken.find(in: environment), environment)
        let there = Namespace(name: address.bucket.namespace.name)
        return try client.buckets(provider: address.bucket.provider, namespace: there)
            .compactMap { bucket in
                let namespace = Namespace(uuid: map.uuid, name: bucket.namespace.name)
                return try? Bucket(provider: bucket.provider, namespace: namespace, name: bucket.name)
            }
            .sorted()
    }

    /// The Smap from the cluster; where nothing is to be looked up, the one that was seen last will do.
    private static func clusterMap(
        _ address: BucketAddress, _ environment: CloudEnvironment, lookup: Bool
    ) throws(BackendError) -> ClusterMap {
        guard address.bucket.namespace.isRemote else {
            throw BackendError(
                .usage, address.bucket.cname, "is of this store itself; ais://@ALIAS names an attached cluster")
        }
        guard let cluster = address.cluster else {
            throw BackendError(
                .usage, address.bucket.cname,
                "\(address.bucket.namespace.uuid) is no attached cluster; `aismove remote attach ALIAS=URL` attaches one"
            )
        }
        if !lookup, let smap = cluster.smap,
            let map = try? ClusterMap(parsing: Array(smap.utf8), subject: cluster.alias)
        {
            return map
        }
        return try ClusterFinder.map(of: cluster, in: environment)
    }

    private static func remote(_ bucket: Bucket) throws(BackendError) -> Bucket {
        do throws(NameError) {
            return try Bucket(
                provider: bucket.provider, namespace: Namespace(name: bucket.namespace.name), name: bucket.name)
        } catch {
            throw BackendError(.usage, bucket.cname, error.reason)
        }
    }
}
