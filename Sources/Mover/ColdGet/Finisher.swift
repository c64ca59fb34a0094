import NodeStore
import Planner

/// Ends shards: commits what was received, and records exactly one outcome for each.
final class Finisher: Sendable {
    private let context: RunContext
    private let sources: [Source]
    private let committer: Committer?
    private let ledger: SyncLedger?

    /// - Parameter ledger: of a sync.
    init(context: RunContext, sources: [Source], ledger: SyncLedger? = nil) {
        self.ledger = ledger
        self.context = context
        self.sources = sources
        // Without syncs there is nothing to gather: lanes rename by themselves.
        guard context.options.durable else {
            committer = nil
            return
        }
        let (recorder, stop) = (context.recorder, context.stop)
        let capacity = Committer.objectsPerLane * context.options.lanes
        committer = Committer(capacity: capacity, replace: context.mayReplace) { object, error in
            Self.settle(object, error, recorder: recorder, stop: stop)
        }
    }

    /// Waits until everything that was received is visible and recorded.
    func finish() { committer?.finish() }

    /// Makes a received object visible, small ones in batches.
    func commit(_ received: ColdGet.Received, of job: ShardJob, isSmall: Bool) {
        let sealed = SealedObject(
            workfile: received.workfile, lom: received.lom, bucket: job.bucket, record: received.record)
        do {
            if let cluster = context.options.beside, try settle(received, of: job, through: cluster) { return }
            if isSmall, let committer {
                try received.workfile.seal(received.lom)
                committer.submit(sealed)
            } else {
                try received.workfile.commit(received.lom, replace: context.mayReplace)
                context.recorder.record(received.record)
            }
        } catch {
            received.workfile.discard()
            // The cluster's answer was not waited for: the shard is left to the next run.
            if (error as? RunError)?.code == .interrupted, context.stop.isStopped { return }
            Self.settle(sealed, error, recorder: context.recorder, stop: context.stop)
        }
    }

    /// Beside a running node: what stands already changes through the cluster's API alone.
    /// - Returns: whether the shard has its outcome; else its place is free now, and it is committed as new.
    private func settle(_ received: ColdGet.Received, of job: ShardJob, through cluster: ClusterSide) throws -> Bool {
        let (object, bucket) = (job.shard.object, job.bucket.bucket.bucket)
        var record = received.record
        switch job.bucket.state(object, at: job.placement) {
        case .absent, .blocked: return false
        case .present(let lom, _):
            let isSame = lom.size == received.lom.size && lom.checksumType == received.lom.checksumType
            if isSame, lom.checksumValue == received.lom.checksumValue, !job.surveyed.isRepair {
                if lom.custom != received.lom.custom {
                    try cluster.describe(object, in: bucket, custom: received.lom.custom)
                }
                received.workfile.discard()
                record.outcome = .present
                context.recorder.record(record)
                return true
            }
        case .damaged: break
        }
        guard try !cluster.hasRemoteBackend(bucket) else {
            try cluster.takeAway(object, in: bucket)
            return false
        }
        try cluster.put(received, as: object, in: bucket)
        received.workfile.discard()
        if !job.surveyed.isRepair { record.outcome = .updated }
        context.recorder.record(record)
        return true
    }

    func present(_ job: ShardJob) {
        var record = job.record(.present)
        record.size = job.surveyed.stored?.size ?? record.size
        context.recorder.record(record)
    }

    /// A hole: allowed, known, or a reason for exit code 4.
    func missing(_ job: ShardJob, status: Int) {
        missing(job.record(.missing), of: job.shard, status: status, job)
    }

    /// - Parameter job: nil where nothing is in the store.
    func missing(_ record: ShardRecord, of shard: PlannedShard, status: Int, _ job: ShardJob? = nil) {
        var record = record
        record.outcome = .missing
        // What was to be replaced stands in the store, damaged as it was.
        let damaged = job?.surveyed.isRepair == true ? "damaged, and " : ""
        record.reason = "\(damaged)the source answers \(status)"
        let (number, position) = (shard.source, shard.position)
        if sources[number].mayMiss(position: position) { record.allowed = true }
        record.retry = RetryNote(shard)
        if context.options.isLocked, let locked = shard.listed {
            let then = LockedDifference.text(locked.size, locked.validator, locked.digests)
            record.reason = "the source has moved: locked \(then), now \(status)"
            (record.mismatch, record.allowed) = (record.reason, nil)
        }
        if let ledger, let job, ledger.holdsBack(record, of: job) { return }
        context.recorder.addHole(
            source: number, position: sources[number].hasHolesByNumber ? position : nil, name: shard.object)
        context.recorder.record(record)
    }

    /// Records a failure; what concerns the whole store or a disk stops the run.
    func fail(_ job: ShardJob, with error: any Error) {
        Self.settle(error, record: job.record(.failed), recorder: context.recorder, stop: context.stop)
    }

    /// - Parameter error: why the object could not be committed; nil = it is visible.
    private static func settle(
        _ object: SealedObject, _ error: (any Error)?, recorder: RunRecorder, stop: StopSignal
    ) {
        var record = object.record
        if let error {
            guard object.stands(despite: error) else {
                return settle(error, record: record, recorder: recorder, stop: stop)
            }
            record.outcome = .present
        }
        recorder.record(record)
    }

    private static func settle(_ error: any Error, record: ShardRecord, recorder: RunRecorder, stop: StopSignal) {
        let failure = ShardFailure(error)
        var record = record
        record.outcome = .failed
        record.failureClass = failure.failureClass
        record.reason = failure.reason
        record.verifiedBy = nil
        recorder.record(record)
        switch failure.failureClass {
        case .space: stop.stop(.noSpace(failure.reason))
        case .store where (error as? StoreError)?.kind == .bucketRemoved: stop.stop(.storeGone(failure.reason))
        default: break
        }
    }
}

extension ShardFailure {
    /// Whether a clean re-fetch may give another result.
    var isVerification: Bool {
        switch failureClass {
        case .digest, .size, .tar, .wrongContent: true
        case .transfer, .refused, .conflict, .name, .space, .store: false
        }
    }

    /// What a shard's error means to its user.
    init(_ error: any Error) {
        switch error {
        case let failure as ShardFailure: self = failure
        case let error as StoreError:
            switch error.kind {
            case .space: self.init(.space, "\(error)")
            case .conflict: self.init(.conflict, "\(error)")
            case .name: self.init(.name, "\(error)")
            default: self.init(.store, "\(error)")
            }
        default: self.init(.transfer, "\(error)")
        }
    }
}
