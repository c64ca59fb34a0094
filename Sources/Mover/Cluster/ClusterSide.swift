import Backends
import Foundation
import NodeStore
import ObjectModel

/// The running cluster beside which a run places objects: it registers buckets, and whatever changes or removes an
/// object goes through its API, never behind the node's back.
public final class ClusterSide: Sendable {
    /// The node's store, with the cluster's own Smap.
    public let store: NodeStore
    private let client: ClusterClient
    private let environment: CloudEnvironment
    private let url: String
    private let activeTargets: [String]
    private let relay: StopRelay

    /// Asks the cluster for its Smap. `nodeID`: whose mountpaths these are, where they do not say so themselves.
    public init(url: String, nodeID: String?, store: NodeStore, in environment: CloudEnvironment) throws {
        self.url = url
        let relay = StopRelay()
        self.relay = relay
        var environment = environment
        environment.stopped = { relay.isStopped }
        self.environment = environment
        client = try Self.ask { () throws(BackendError) in
            try ClusterClient.connect(RemoteCluster(alias: url, urls: [url]), in: environment)
        }
        let smap = try Smap(root: client.map.kept, path: url)
        activeTargets = smap.activeTargets
        self.store = try store.beside(smap: smap, nodeID: nodeID, url: url)
    }

    /// From now on calls end, and are not retried, when the run is to stop.
    func follow(_ stop: StopSignal) { relay.follow(stop) }

    /// What has to be said at a run's end where targets have joined or left since its beginning: it has placed objects by
    /// the map that was. Nil when the map is the same, or nobody tells.
    func noteOfChange() -> String? {
        let cluster = RemoteCluster(alias: url, urls: [url])
        guard let now = try? ClusterFinder.mapNow(of: cluster, in: environment),
            let smap = try? Smap(root: now.kept, path: url), smap.activeTargets != activeTargets
        else { return nil }
        return "the cluster's targets have changed during the run (Smap v\(client.map.version), now v\(smap.version)): "
            + "objects may lie where nobody looks for them until 'ais start rebalance' has ended"
    }

    /// A bucket as the cluster has it; HEAD alone makes it add a remote one. Nil = it knows none, nor finds it.
    func find(_ bucket: Bucket) throws -> BMDBucket? {
        guard let head = try ask({ () throws(BackendError) in try client.head(bucket) }) else { return nil }
        return BMDBucket(bucket: bucket, bid: head.bid, props: head.props)
    }

    /// The same for a bucket that is not the cluster's own; one that it does not find is an error.
    @discardableResult
    public func add(_ bucket: Bucket) throws -> BMDBucket {
        if let known = try find(bucket) { return known }
        let remedy =
            bucket.provider == .ht
            ? "give --to ais://NAME" : "its nodes need credentials for it, or attach the remote cluster to it"
        throw RunError(.refused, "\(bucket.cname): the cluster at \(url) finds no such bucket; \(remedy)")
    }

    /// The same; an `ais://` bucket that is not there is created.
    /// - Parameter confirm: asked before a bucket is created; throws where its source does not let us in.
    func register(_ bucket: Bucket, confirm: () throws -> Void) throws -> BMDBucket {
        guard bucket.isAIS else { return try add(bucket) }
        if let known = try find(bucket) { return known }
        try confirm()
        _ = try ask { () throws(BackendError) in try client.create(bucket) }
        guard let made = try find(bucket) else {
            throw RunError(.store, "\(bucket.cname): the cluster at \(url) created it and does not find it")
        }
        return made
    }

    /// Opens a bucket of the cluster; waits a little for the node to have made its directories.
    func open(_ bucket: BMDBucket, sync: Bool, stop: StopSignal) throws(StoreError) -> BucketStore {
        var left = 50
        while true {
            do throws(StoreError) {
                return try store.openBucket(bucket, sync: sync)
            } catch {
                guard error.kind == .bucketRemoved, left > 0, !stop.isStopped else { throw error }
                left -= 1
                Thread.sleep(forTimeInterval: 0.1)
            }
        }
    }

    // MARK: - Objects

    /// Asked for each change anew: a backend that the bucket was given since would be reached by the next PUT or DELETE.
    private func head(_ bucket: Bucket) throws -> ClusterClient.BucketHead {
        guard let head = try ask({ () throws(BackendError) in try client.head(bucket) }) else { throw unknown(bucket) }
        return head
    }

    private func unknown(_ bucket: Bucket) -> RunError {
        RunError(.refused, "\(bucket.cname): the cluster at \(url) has no such bucket")
    }

    /// Whether changes in the bucket could reach somebody's cloud.
    func hasRemoteBackend(_ bucket: Bucket) throws -> Bool { try head(bucket).hasRemoteBackend(bucket) }

    /// Makes the cluster drop an object, its source untouched. Done when this returns.
    func takeAway(_ object: String, in bucket: Bucket) throws {
        let head = try head(bucket)
        if head.hasRemoteBackend(bucket) {
            try ask { () throws(BackendError) in try client.evict(object, in: bucket, head) }
        } else {
            try ask { () throws(BackendError) in try client.delete(object, in: bucket, head) }
        }
    }

    /// Puts what was received in the place of an object of an `ais://` bucket without a backend.
    ///
    /// Throws `ShardFailure` where something else arrived at the node.
    func put(_ received: ColdGet.Received, as object: String, in bucket: Bucket) throws {
        let head = try head(bucket)
        let file = FileBody(path: received.workfile.path, byteCount: received.workfile.byteCount)
        let arrived = try ask { () throws(BackendError) in try client.put(file, as: object, in: bucket, head) }
        let lom = received.lom
        if let arrived, arrived.algorithm == lom.checksumType.algorithm, arrived.hex != lom.checksumValue {
            throw ShardFailure(
                .digest, "the node has received \(arrived.hex), and \(lom.checksumValue) was sent; run again")
        }
        try describe(object, in: bucket, custom: lom.custom)
    }

    /// Gives an object the custom keys by which the next run sees that it has not changed.
    func describe(_ object: String, in bucket: Bucket, custom: CustomKeys) throws {
        let keys = custom.pairs.filter { $0.key != CustomKeys.originalFQN }.map {
            SourceMetadata.Key($0.key, $0.value)
        }
        try ask { () throws(BackendError) in try client.setCustom(keys, of: object, in: bucket) }
    }

    // MARK: - Buckets

    /// - Returns: false when it was there already.
    public func create(_ bucket: Bucket, _ changes: [PropChange]) throws -> Bool {
        try refuseRemoteBackend(changes)
        return try ask { () throws(BackendError) in
            try client.create(bucket, props: changes.isEmpty ? nil : Self.nested(changes))
        }
    }

    /// - Returns: before and after.
    public func set(_ bucket: Bucket, _ changes: [PropChange]) throws -> (before: BMDBucket, after: BMDBucket) {
        try refuseRemoteBackend(changes)
        guard let before = try find(bucket) else { throw unknown(bucket) }
        try ask { () throws(BackendError) in try client.set(bucket, props: Self.nested(changes)) }
        return (before, try find(bucket) ?? before)
    }

    /// AIStore's API takes a backend's name and provider and no more (`BackendBckToSet` in its `cmn/api.go`): a bucket of a
    /// remote cluster would turn into one of that name in the cluster's own cloud.
    private func refuseRemoteBackend(_ changes: [PropChange]) throws {
        for change in changes where change.name == "backend_bck" {
            guard let uuid = change.value?["namespace"]?["uuid"]?.string, !uuid.isEmpty else { continue }
            throw RunError(
                .usage,
                "backend_bck: a running cluster cannot be given a bucket of the remote cluster \(uuid): its API takes no "
                    + "namespace, and would take its own bucket of that name; use ais://@\(uuid)/BUCKET by itself")
        }
    }

    /// Drops a bucket with the cluster's objects in it; never what is at a source.
    public func remove(_ bucket: Bucket) throws {
        let head = try head(bucket)
        if bucket.isAIS {
            try ask { () throws(BackendError) in try client.destroy(bucket, head) }
        } else {
            try ask { () throws(BackendError) in try client.evict(bucket) }
        }
    }

    /// What a refusal of the cluster means to a run.
    private static func ask<Answer>(_ call: () throws(BackendError) -> Answer) throws(RunError) -> Answer {
        do throws(BackendError) {
            return try call()
        } catch {
            switch error.kind {
            case .usage: throw RunError(.usage, "\(error)")
            case .credentials, .refused, .noBucket: throw RunError(.refused, "\(error)")
            case .unreachable: throw RunError(.someFailed, "\(error)")
            case .incompleteListing: throw RunError(.incomplete, "\(error)")
            case .cancelled: throw RunError(.interrupted, "\(error)")
            }
        }
    }

    private func ask<Answer>(_ call: () throws(BackendError) -> Answer) throws(RunError) -> Answer {
        try Self.ask(call)
    }

    private static func nested(_ changes: [PropChange]) -> JSONValue {
        var value: JSONValue = [:]
        for change in changes { change.apply(to: &value, absent: "") }
        return value
    }
}
