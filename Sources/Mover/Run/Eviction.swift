import NodeStore
import ObjectModel
import Planner

/// Takes objects out of the store: by template, name by name, or by prefix.
public struct Eviction {
    private let store: NodeStore
    private let dryRun: Bool
    private let cluster: ClusterSide?

    /// - Parameter cluster: the running cluster that the store's node belongs to; nil = none.
    public init(store: NodeStore, dryRun: Bool, cluster: ClusterSide? = nil) {
        self.store = store
        self.dryRun = dryRun
        self.cluster = cluster
    }

    /// - Parameter names: a template with brace ranges, or a prefix (empty = all objects of the bucket).
    public func run(
        _ bucket: BMDBucket, names: String, onLocked: RunOptions.OnLocked, recorder: RunRecorder, stop: StopSignal
    ) throws -> RunResult {
        cluster?.follow(stop)
        var result = RunResult()
        let template: Template?
        do {
            template = names.isEmpty ? nil : try Template(names, style: .bash)
        } catch {
            throw RunError(.usage, "\(error)")
        }
        let locking = Locking(store: store, onLocked: onLocked, recorder: recorder, stop: stop)
        guard let lock = try locking.take([bucket.bucket]) else {
            result.skipped = !stop.isStopped
            return result
        }
        defer { withExtendedLifetime(lock) {} }
        let opened = try store.openBucket(bucket, sync: true)
        if let template, !template.isLiteral {
            for name in template where !stop.isStopped { try evict(name, from: opened, recorder, stop) }
        } else {
            try opened.walk(prefix: names) { object in
                if case .odd = object.role { return true }
                try evict(object.name, from: opened, recorder, stop)
                return !stop.isStopped
            }
        }
        result.bmdVersion = cluster == nil ? try store.loadBMD().bmd.version : nil
        return result
    }

    private func evict(
        _ name: String, from bucket: BucketStore, _ recorder: RunRecorder, _ stop: StopSignal
    ) throws {
        let placement = bucket.place(name)
        var record = ShardRecord(source: "", object: "\(bucket.bucket.bucket.cname)/\(name)", outcome: .evicted)
        let state = bucket.state(name, at: placement)
        record.size = state.lom?.size
        record.mountpath = bucket.store.mountpaths[placement.mountpathIndex].hostPath
        let isThere =
            switch state {
            case .present, .damaged: true
            case .absent, .blocked: false
            }
        if let cluster {
            guard isThere else { return }
            do {
                if !dryRun { try cluster.takeAway(name, in: bucket.bucket.bucket) }
            } catch let error as RunError where error.code == .interrupted && stop.isStopped {
                return
            }
        } else if dryRun ? !isThere : !(try bucket.evict(name, at: placement)) {
            return
        }
        recorder.record(record)
    }
}
