import Backends
import NodeStore
import ObjectModel
import Planner
import Synchronization

/// The main job: what the sources name becomes verified objects in the store.
///
///     read what the sources refer to · refuse two sources of one name · take the run locks
///     first access: confirm each bucket, add it to the BMD · sweep what an earlier run left
///     lanes: survey → cold GET → verify → commit → record, until the plan is done
///     a sync: what the sources no longer have leaves the store (`Pruning`)
///
/// Not guaranteed: that a range is complete at the source (holes are reported); what others do to the store's files.
public struct Prefetch {
    private let store: NodeStore
    private let sources: [Source]
    private let options: RunOptions
    private let contents: SourceContents?
    private let check: Survey.Check
    /// The caller holds the run locks.
    private let holdsLocks: Bool

    /// - Parameter contents: what the sources give, where it is known and need not be read.
    public init(store: NodeStore, sources: [Source], options: RunOptions, contents: SourceContents? = nil) {
        self.store = store
        self.sources = sources
        self.options = options
        self.contents = contents
        check = options.latest || options.sync != nil ? .latest : .presence
        holdsLocks = false
    }

    /// Moves exactly what a lock names, in the state that it says.
    public init(store: NodeStore, locked: LockedPlan, options: RunOptions) {
        self.store = store
        sources = locked.sources.sources
        self.options = options.locked
        contents = locked.sources.contents
        check = .presence
        holdsLocks = false
    }

    /// Fetches known objects of buckets again, whatever the store has of them. The caller holds the run locks.
    init(store: NodeStore, repairing sources: [Source], options: RunOptions) {
        self.store = store
        self.sources = sources
        self.options = options
        contents = nil
        check = .repair("damaged")
        holdsLocks = true
    }

    /// Fetches the entries of a known list again, whatever the store has of them. The caller holds the run locks.
    init(store: NodeStore, repairing source: Source, items: [ListedItem], options: RunOptions) {
        self.store = store
        sources = [source]
        self.options = options
        contents = SourceContents(name: "verify", items: items)
        check = .repair("damaged")
        holdsLocks = true
    }

    /// - Throws: `RunError`, `StoreError`, `PlanError`, `ListError`, `SourceError`, `BackendError`: nothing was moved then.
    public func run(recorder: RunRecorder, stop: StopSignal) throws -> RunResult {
        options.beside?.follow(stop)
        let context = try RunContext(
            connecting: sources, options: options, store: store, recorder: recorder, stop: stop)
        var result = RunResult()
        result.sources = context.connections.sources
        let outline = try Outline(sources: context.connections.sources, contents: contents, context: context)
        defer { outline.close() }
        try outline.checkLogins(options.network)
        // What a verification repairs has been counted by it.
        if !holdsLocks, let count = outline.shardCount { recorder.expect(recorder.tally.done + count) }
        result.listingIncomplete = !outline.contents.incomplete.isEmpty
        for reason in outline.contents.incomplete { recorder.notice("incomplete: \(reason)") }
        for notice in outline.unmatchedPatterns { recorder.notice(notice) }

        let destinations = outline.candidates.map(\.destination.bucket)
        let locking = Locking(store: store, onLocked: options.onLocked, recorder: recorder, stop: stop)
        guard let lock = try locking.take(holdsLocks ? [] : destinations) else {
            result.skipped = !stop.isStopped
            return result
        }
        defer { withExtendedLifetime(lock) {} }
        let buckets = try open(Registration(context: context).run(outline.candidates), recorder, stop)
        result.bmdVersion = options.beside == nil ? try store.loadBMD().bmd.version : nil
        result.notes = buckets.keys.sorted().compactMap { bucket in
            buckets[bucket].flatMap { ECEncode.command($0.bucket) }.map { "\(ECEncode.remark): \($0)" }
        }
        if stop.isStopped { return result }
        try SpaceCheck(context: context).run(outline, buckets: buckets)
        let ledger = options.sync.map { SyncLedger(outline.sources, deletes: $0.deletes) }
        let elsewhere = try move(outline, buckets: buckets, context: context, ledger)
        for reason in outline.brokenListings { recorder.notice("incomplete: \(reason)") }
        result.listingIncomplete = result.listingIncomplete || !outline.brokenListings.isEmpty
        result.directoryMarkers = outline.markers
        if let ledger {
            let pruning = Pruning(ledger, sources: outline.sources, buckets: buckets, context: context)
            result.brake = try pruning.run(isComplete: !result.listingIncomplete)?.text
        }
        if let note = options.beside?.noteOfChange() { result.notes.append(note) }
        if elsewhere > 0 {
            result.notes.insert(
                "\(elsewhere) shards belong to other nodes of the cluster: run aismove there for them", at: 0)
        }
        return result
    }

    private func open(
        _ registered: [BMDBucket], _ recorder: RunRecorder, _ stop: StopSignal
    ) throws(StoreError) -> [Bucket: BucketStore] {
        var buckets: [Bucket: BucketStore] = [:]
        for bucket in registered where buckets[bucket.bucket] == nil {
            let opened: BucketStore
            if let cluster = options.beside {
                opened = try cluster.open(bucket, sync: options.durable, stop: stop)
            } else {
                opened = try restored(bucket, recorder)
            }
            _ = try opened.sweep()
            buckets[bucket.bucket] = opened
        }
        return buckets
    }

    /// Opens a bucket; where directories are missing (a disk was replaced), makes them again, as registering does.
    private func restored(_ bucket: BMDBucket, _ recorder: RunRecorder) throws(StoreError) -> BucketStore {
        do {
            return try store.openBucket(bucket, sync: options.durable)
        } catch {
            guard error.kind == .bucketRemoved else { throw error }
            let request = BucketRequest(bucket.bucket, originalURL: bucket.originalURL)
            _ = try store.register([request], now: Registration.now)
            let opened = try store.openBucket(bucket, sync: options.durable)
            recorder.notice("\(error.path): was missing; the directories of \(bucket.bucket.cname) were made again")
            return opened
        }
    }

    /// - Returns: how many shards belong to other nodes.
    private func move(
        _ outline: Outline, buckets: [Bucket: BucketStore], context: RunContext, _ ledger: SyncLedger?
    ) throws -> Int {
        let survey = Survey(
            outline.contents.sequence(of: outline.sources), buckets: buckets, check: check)
        let finisher = Finisher(context: context, sources: outline.sources, ledger: ledger)
        let clerk = Clerk(
            sources: outline.sources, buckets: buckets, finisher: finisher, context: context)
        let queue = JobQueue(
            survey: survey, sources: outline.sources.count, context: context, ledger: ledger,
            settle: { clerk.settle($0) })
        for listing in outline.contents.listings.values { listing.onMore { [weak queue] in queue?.ring() } }
        onThreads(options.lanes) { index in
            LaneRunner(index: index, context: context, queue: queue, finisher: finisher).run()
        }.wait()
        finisher.finish()
        if let error = queue.error { throw error }
        return clerk.elsewhere.count
    }
}

/// Counts the shards that the cluster's Smap gives to other nodes: they are no part of this run, like filtered names.
final class Elsewhere: Sendable {
    private let shards = Mutex(0)

    var count: Int { shards.withLock { $0 } }

    func add() { shards.withLock { $0 += 1 } }
}

/// Ends the shards that need no transfer, and makes jobs of the others.
struct Clerk: Sendable {
    let finisher: Finisher
    let context: RunContext
    let elsewhere = Elsewhere()
    /// `aismove_src` of each source, by bucket.
    private let tags: [[Bucket: String]]
    private let sources: [Source]
    /// Buckets in which an earlier run left something to continue.
    private let continuing: Set<Bucket>

    init(sources: [Source], buckets: [Bucket: BucketStore], finisher: Finisher, context: RunContext) {
        self.finisher = finisher
        self.context = context
        self.sources = sources
        tags = sources.map { source in
            Dictionary(
                uniqueKeysWithValues: buckets.keys.map { ($0, source.identity(job: context.options.job, bucket: $0)) })
        }
        let continues = context.options.sync?.isDryRun != true
        continuing = Set(buckets.values.filter { continues && $0.hasPartials }.map(\.bucket.bucket))
    }

    func settle(_ surveyed: SurveyedShard) -> ShardJob? {
        let surveyed = context.options.isLocked ? LockedBytes.checked(surveyed) : surveyed
        guard let bucket = surveyed.bucket, let placement = surveyed.placement else {
            return fail(surveyed, in: surveyed.bucket)
        }
        let destination = bucket.bucket.bucket
        if bucket.store.ownership.isNodes, placement.refusal == nil,
            (try? bucket.isHere(surveyed.shard.object)) == false
        {
            elsewhere.add()
            return nil
        }
        let job = ShardJob(
            surveyed, bucket: bucket, placement: placement, backend: context.bucket(of: surveyed.shard.source),
            sourceTag: tags[surveyed.shard.source][destination] ?? "",
            mayMiss: sources[surveyed.shard.source].mayMiss(position: surveyed.shard.position))
        switch surveyed.decision {
        case .present:
            finisher.present(job)
            return nil
        case .conflict, .refused, .defect: return fail(surveyed, in: bucket)
        case .move, .recheck:
            if surveyed.stored == nil, continuing.contains(destination) {
                job.partial = try? bucket.findPartial(surveyed.shard.object, at: placement)
            }
            return job
        }
    }

    private func fail(_ surveyed: SurveyedShard, in bucket: BucketStore?) -> ShardJob? {
        let shard = surveyed.shard
        let prefix = bucket.map { "\($0.bucket.bucket.cname)/" } ?? ""
        var record = ShardRecord(
            source: shard.shownURL, object: prefix + shard.object, outcome: .failed)
        record.retry = RetryNote(shard)
        switch surveyed.decision {
        case .conflict(let reason): (record.failureClass, record.reason) = (.conflict, reason)
        case .refused(let error): (record.failureClass, record.reason) = (.name, "\(error)")
        case .defect(let reason): (record.failureClass, record.reason) = (.refused, reason)
        case .move, .present, .recheck: (record.failureClass, record.reason) = (.name, "its URL names no bucket")
        }
        context.recorder.record(record)
        return nil
    }
}
