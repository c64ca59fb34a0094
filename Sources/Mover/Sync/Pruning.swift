import Foundation
import NodeStore
import ObjectModel
import Planner

/// The second half of a sync: what its sources no longer have leaves the store, or is told as missing.
///
///     every listing complete? → what is gone (`Departures`) → too much? (`DeletionBrake`)
///     a few at a time: ask once more for names that answered 404 → read the metadata again → evict
///
/// The caller holds the run locks, and nothing moves any more.
struct Pruning {
    private static let batchCount = 128

    private let sources: [Source]
    private let buckets: [BucketStore]
    private let ledger: SyncLedger
    private let rules: SyncRules
    private let context: RunContext

    init(_ ledger: SyncLedger, sources: [Source], buckets: [Bucket: BucketStore], context: RunContext) {
        self.sources = sources
        self.buckets = buckets.sorted { $0.key < $1.key }.map(\.value)
        self.ledger = ledger
        rules = context.options.sync ?? SyncRules()
        self.context = context
    }

    /// - Parameter isComplete: every listing came to its end.
    /// - Returns: the brake that kept everything; nil when none did, or the run was stopped.
    func run(isComplete: Bool) throws -> DeletionBrake? {
        if context.stop.isStopped { return nil }
        try ledger.check()
        guard isComplete else {
            try ledger.release(to: context.recorder) { _, _, record in record.kept }
            return rules.deletes ? .incompleteListing : nil
        }
        let search = Departures(sources: sources, buckets: buckets, ledger: ledger, rules: rules, context: context)
        guard let found = try search.find() else { return nil }
        let brake = brake(found)
        let evicts = rules.deletes && brake == nil
        try ledger.release(to: context.recorder) { source, position, record in
            let isGone = found.positions[source]?.contains(position) ?? false
            return !isGone ? record : evicts ? nil : record.kept
        }
        if evicts {
            try evict(found)
        } else {
            try each(of: found) { gone in
                if gone.position == nil { tellMissing(gone, isKept: brake != nil) }
            }
        }
        return brake
    }

    private func brake(_ found: Departures.Found) -> DeletionBrake? {
        for (number, source) in sources.enumerated() where source.telling == .listing || source.telling == .list {
            guard ledger.count(of: number) == 0, found.candidates[number] > 0 else { continue }
            let bucket = source.onlyDestination?.bucket.cname ?? ""
            return .nothingListed(
                source, place: "\(bucket)/\(source.namePrefix)", candidates: found.candidates[number])
        }
        guard rules.deletes else { return nil }
        // Each source by itself: a small one that loses everything must not hide behind a large one.
        for (number, source) in sources.enumerated() {
            let (gone, candidates) = (found.gone[number], found.candidates[number])
            if rules.maxDelete.allows(gone, of: candidates) { continue }
            return .limit(rules.maxDelete, source, gone: gone, candidates: candidates)
        }
        return nil
    }

    private func each(of found: Departures.Found, _ body: (Departures.Gone) throws -> Void) throws {
        let reader = try found.names.makeReader()
        while !context.stop.isStopped, let line = try reader() {
            try body(try JSONDecoder().decode(Departures.Gone.self, from: Data(line)))
        }
    }

    private func tellMissing(_ gone: Departures.Gone, isKept: Bool) {
        var record = record(of: gone, .missing)
        record.reason = "the listing no longer has it"
        if sources[gone.source].spec.missing == .allow { record.allowed = true }
        context.recorder.addHole(source: gone.source, position: nil, name: gone.name)
        context.recorder.record(isKept ? record.kept : record)
    }

    // MARK: - Eviction

    private func evict(_ found: Departures.Found) throws {
        var batch: [Departures.Gone] = []
        try each(of: found) { gone in
            batch.append(gone)
            guard batch.count == Self.batchCount else { return }
            evict(batch)
            batch.removeAll(keepingCapacity: true)
        }
        evict(batch)
    }

    private func evict(_ batch: [Departures.Gone]) {
        let answers = askAgain(batch)
        for (index, gone) in batch.enumerated() {
            if context.stop.isStopped { return }
            if gone.position == nil {
                evict(gone)
                continue
            }
            switch answers[index] {
            case .missing: evict(gone)
            case .there:
                var record = record(of: gone, .present)
                record.reason = "the source has it again"
                context.recorder.record(record)
            case .refused(let reason): fail(gone, ShardFailure(.refused, reason))
            case .unknown(let reason): fail(gone, ShardFailure(.transfer, reason))
            case nil: return
            }
        }
    }

    private func askAgain(_ batch: [Departures.Gone]) -> [Int: SizeAsker.Answer] {
        var questions: [Int: SizeAsker.Question] = [:]
        for (index, gone) in batch.enumerated() {
            guard let position = gone.position else { continue }
            let (url, key) = sources[gone.source].request(at: position)
            questions[index] = SizeAsker.Question(source: gone.source, url: url, key: key)
        }
        return questions.isEmpty ? [:] : SizeAsker(context: context).ask(questions)
    }

    private func evict(_ gone: Departures.Gone) {
        let bucket = buckets[gone.bucket]
        let tag = Departures.tag(of: sources[gone.source], in: bucket, context)
        func isOurs(_ lom: LOM) -> Bool { lom.custom[CustomKeys.aismoveSource] == tag }
        let placement = bucket.place(gone.name)
        do {
            let isEvicted: Bool
            if rules.isDryRun || context.options.beside != nil {
                isEvicted = bucket.state(gone.name, at: placement).lom.map(isOurs) ?? false
                if isEvicted, !rules.isDryRun {
                    try context.options.beside?.takeAway(gone.name, in: bucket.bucket.bucket)
                }
            } else {
                isEvicted = try bucket.evict(gone.name, at: placement, where: isOurs)
            }
            var record = record(of: gone, isEvicted ? .evicted : .missing)
            if !isEvicted { record.reason = "not evicted: the object was replaced or removed meanwhile" }
            context.recorder.record(record)
        } catch {
            fail(gone, ShardFailure(error))
        }
    }

    private func fail(_ gone: Departures.Gone, _ failure: ShardFailure) {
        var record = record(of: gone, .failed)
        record.failureClass = failure.failureClass
        record.reason = "not evicted: \(failure.reason)"
        context.recorder.record(record)
    }

    private func record(of gone: Departures.Gone, _ outcome: Outcome) -> ShardRecord {
        let bucket = buckets[gone.bucket]
        var record = ShardRecord(
            source: sources[gone.source].shown(gone.name, position: gone.position),
            object: "\(bucket.bucket.bucket.cname)/\(gone.name)", outcome: outcome)
        record.size = gone.size
        record.mountpath = context.store.mountpaths[bucket.place(gone.name).mountpathIndex].hostPath
        return record
    }
}

extension ShardRecord {
    /// The same of a missing shard whose object the deletion brake kept.
    fileprivate var kept: ShardRecord {
        var record = self
        record.isKept = true
        return record
    }
}
