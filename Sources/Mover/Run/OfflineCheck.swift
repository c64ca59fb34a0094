import NodeStore
import ObjectModel
import Planner

/// `prefetch --offline`: whether the store has everything that the sources name. Asks nobody and writes nothing.
public struct OfflineCheck {
    private let store: NodeStore
    private let sources: [Source]
    private let contents: SourceContents
    private let isLocked: Bool

    /// - Throws: `RunError` (usage) for sources that only their servers can enumerate.
    public init(store: NodeStore, sources: [Source]) throws(RunError) {
        for source in sources { try Self.check(source) }
        self.store = store
        self.sources = sources
        contents = SourceContents()
        isLocked = false
    }

    public init(store: NodeStore, locked: LockedPlan) {
        self.store = store
        sources = locked.sources.sources
        contents = locked.sources.contents
        isLocked = true
    }

    private static func check(_ source: Source) throws(RunError) {
        let remedy = "write a lock while online ('aismove plan … --lock FILE'), then --locked FILE --offline"
        let what: String
        switch source.kind {
        case .range, .single: what = ""
        case .index: what = "an index page says its names"
        case .list(let file, _): what = file.contains("://") ? "its list is at a URL" : ""
        case .bucket(let bucket): what = bucket.prefix == nil ? "" : "a listing says its names"
        }
        if !what.isEmpty {
            throw RunError(.usage, "\(source.spec.shown): \(what), and --offline asks nobody; \(remedy)")
        }
        if case .allow = source.spec.missing {
            throw RunError(
                .usage,
                "\(source.spec.shown): --offline cannot tell a hole from what was never fetched;"
                    + " use --known-missing instead of --missing allow, or a lock")
        }
    }

    public func run(recorder: RunRecorder, stop: StopSignal) throws -> RunResult {
        let bmd = try store.loadBMD().bmd
        let finder = BucketFinder(bmd: bmd, clusters: try knownClusters())
        var result = RunResult()
        result.bmdVersion = bmd.version
        result.sources = try sources.map { source in
            try finder.find(source).map { source.found(at: $0.address, into: $0.destination) } ?? source
        }
        var buckets: [Bucket: BucketStore] = [:]
        for bucket in bmd.buckets { buckets[bucket.bucket] = try? store.openBucket(bucket, sync: false) }
        var survey = Survey(
            contents.sequence(of: result.sources), buckets: buckets, check: .presence, unregistered: store)
        while !stop.isStopped, let surveyed = try survey.next() {
            record(isLocked ? LockedBytes.checked(surveyed) : surveyed, result.sources, recorder)
        }
        return result
    }

    /// Attached clusters, once it is sure that none has to be asked who it is.
    private func knownClusters() throws -> AttachedClusters {
        for source in sources {
            guard let name = source.bucketSource?.address.bucket.namespace.uuid, !name.isEmpty,
                let attached = try store.attachments().find(name), attached.uuid == nil
            else { continue }
            throw RunError(
                .usage, "\(source.spec.shown): \(name) was never seen, and --offline asks nobody; run once online")
        }
        return AttachedClusters(store, keeps: false, in: RunOptions().environment(StopSignal()))
    }

    private func record(_ surveyed: SurveyedShard, _ sources: [Source], _ recorder: RunRecorder) {
        let shard = surveyed.shard
        let prefix = surveyed.destination.map { "\($0.cname)/" } ?? ""
        var record = ShardRecord(source: shard.shownURL, object: prefix + shard.object, outcome: .missing)
        record.size = surveyed.stored?.size
        record.mountpath = surveyed.placement.map { store.mountpaths[$0.mountpathIndex].hostPath }
        switch surveyed.decision {
        case .present, .recheck: record.outcome = .present
        case .move(.absent): record.reason = "it is not in the store, and --offline fetches nothing"
        case .move(.damaged(let reason)): record.reason = "what the store has is damaged: \(reason)"
        case .move(.changed): record.reason = "the store has another one than the lock says"
        case .conflict(let reason), .defect(let reason):
            (record.outcome, record.failureClass, record.reason) = (.failed, .conflict, reason)
        case .refused(let error): (record.outcome, record.failureClass, record.reason) = (.failed, .name, "\(error)")
        }
        if record.outcome == .missing {
            if !isLocked, sources[shard.source].mayMiss(position: shard.position) { record.allowed = true }
            let position = sources[shard.source].hasHolesByNumber ? shard.position : nil
            recorder.addHole(source: shard.source, position: position, name: shard.object)
        }
        recorder.record(record)
    }
}
