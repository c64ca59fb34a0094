import Backends
import NodeStore
import ObjectModel
import Planner

/// A dry run of a sync: asks the sources all that the run would ask but for bodies, and records what would become of each
/// shard. Writes nothing, takes no lock, registers no bucket.
public struct SyncPreview {
    private let store: NodeStore
    private let sources: [Source]
    private let options: RunOptions

    public init(store: NodeStore, sources: [Source], options: RunOptions) {
        self.store = store
        self.sources = sources
        var options = options
        options.keepsClusters = false
        self.options = options
    }

    /// - Throws: `RunError`, `StoreError`, `PlanError`, `ListError`, `SourceError`, `BackendError`.
    public func run(recorder: RunRecorder, stop: StopSignal) throws -> RunResult {
        let context = try RunContext(
            connecting: sources, options: options, store: store, recorder: recorder, stop: stop)
        var result = RunResult()
        result.sources = context.connections.sources
        let outline = try Outline(sources: context.connections.sources, contents: nil, context: context)
        defer { outline.close() }
        let loaded = try store.loadBMD()
        for notice in loaded.repairs { recorder.notice(notice) }
        let (buckets, unregistered) = try outline.standingBuckets(in: store, loaded.bmd)
        if let notice = Outline.notice(of: unregistered) { recorder.notice(notice) }
        for notice in outline.unmatchedPatterns { recorder.notice(notice) }
        result.bmdVersion = loaded.bmd.version

        let ledger = SyncLedger(outline.sources, deletes: options.sync?.deletes ?? false)
        try Preview(outline, buckets: buckets, ledger: ledger, context: context).run()
        let broken = outline.contents.incomplete + outline.brokenListings
        for reason in broken { recorder.notice("incomplete: \(reason)") }
        result.listingIncomplete = !broken.isEmpty
        result.directoryMarkers = outline.markers
        let pruning = Pruning(ledger, sources: outline.sources, buckets: buckets, context: context)
        result.brake = try pruning.run(isComplete: broken.isEmpty)?.text
        return result
    }
}

/// Goes through the shards, a batch at a time.
private struct Preview {
    let outline: Outline
    let buckets: [Bucket: BucketStore]
    let ledger: SyncLedger
    let context: RunContext
    let finisher: Finisher
    let clerk: Clerk

    init(_ outline: Outline, buckets: [Bucket: BucketStore], ledger: SyncLedger, context: RunContext) {
        self.outline = outline
        self.buckets = buckets
        self.ledger = ledger
        self.context = context
        finisher = Finisher(context: context, sources: outline.sources, ledger: ledger)
        clerk = Clerk(sources: outline.sources, buckets: buckets, finisher: finisher, context: context)
    }

    func run() throws {
        defer { finisher.finish() }
        var survey = Survey(
            outline.contents.sequence(of: outline.sources), buckets: buckets, check: .latest,
            unregistered: context.store)
        var examiner = survey.examiner
        var batch: [SurveyedShard] = []
        while !context.stop.isStopped {
            let drawn = try survey.draw()
            if let drawn {
                ledger.drew(drawn)
                batch.append(examiner.examine(drawn))
                if batch.count < SizeAsker.batchCount { continue }
            }
            let answers = SizeAsker(context: context).ask(batch, checks: true)
            for (index, surveyed) in batch.enumerated() where !context.stop.isStopped {
                settle(surveyed, answers[index])
            }
            batch.removeAll(keepingCapacity: true)
            if drawn == nil { return }
        }
    }

    private func settle(_ surveyed: SurveyedShard, _ answer: SizeAsker.Answer?) {
        if surveyed.bucket == nil, let destination = surveyed.destination, case .move = surveyed.decision {
            return settle(surveyed, of: destination, answer)
        }
        guard let job = clerk.settle(surveyed) else { return }
        var record = job.record(surveyed.replacesObject ? .updated : .moved)
        switch answer {
        case .there(let facts):
            if job.isUnchanged(facts.validator, isHead: true, promised: facts.promised) { return finisher.present(job) }
            record.size = facts.size ?? record.size
        case .missing(let status): return finisher.missing(job, status: status)
        case .refused(let reason): return finisher.fail(job, with: ShardFailure(.refused, reason))
        case .unknown(let reason): return finisher.fail(job, with: ShardFailure(.transfer, reason))
        case nil: break
        }
        context.recorder.record(record)
    }

    /// Of a bucket that is not registered yet.
    private func settle(_ surveyed: SurveyedShard, of destination: Bucket, _ answer: SizeAsker.Answer?) {
        let shard = surveyed.shard
        var record = ShardRecord(
            source: shard.shownURL, object: "\(destination.cname)/\(shard.object)", outcome: .moved)
        record.size = shard.size
        record.mountpath = surveyed.placement.map { context.store.mountpaths[$0.mountpathIndex].hostPath }
        switch answer {
        case .there(let facts): record.size = facts.size ?? record.size
        case .missing(let status):
            return finisher.missing(record, of: shard, status: status)
        case .refused(let reason): (record.outcome, record.failureClass, record.reason) = (.failed, .refused, reason)
        case .unknown(let reason): (record.outcome, record.failureClass, record.reason) = (.failed, .transfer, reason)
        case nil: break
        }
        context.recorder.record(record)
    }
}
