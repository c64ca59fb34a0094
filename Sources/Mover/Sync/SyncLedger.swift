import Foundation
import NodeStore
import ObjectModel
import Planner

/// What the sources of a sync gave while it moved, written down so that what they no longer have can be told afterwards.
///
///     a listing's names, in their order → a spool            (constant memory)
///     a list's names, in any order      → 128 bits each
///     names that were asked for         → those that the source answered 404 and the store has of it
///
/// @unchecked Sendable: all lanes write to it, and mutable state is only touched under `lock`; what reads it comes
/// after the lanes have ended.
final class SyncLedger: @unchecked Sendable {
    /// A name that a source answered 404 for while the store has it from there; its record waits until it is known
    /// whether it is evicted.
    private struct Missed: Codable {
        let source: Int
        let position: Int
        let name: String
        let record: ShardRecord
    }

    private let sources: [Source]
    private let deletes: Bool
    private let lock = NSLock()
    private var counts: [Int]
    private var listings: [Int: LineSpool] = [:]
    private var lists: Set<NameHash> = []
    private let missed = LineSpool()
    private var positions: [Int: IndexSet] = [:]
    private var failure: RunError?

    init(_ sources: [Source], deletes: Bool) {
        self.sources = sources
        self.deletes = deletes
        counts = sources.map { _ in 0 }
        for (number, source) in sources.enumerated() where source.telling == .listing { listings[number] = LineSpool() }
    }

    // MARK: - While lanes move

    /// A source gave a shard; called in its order.
    func drew(_ drawn: Survey.Drawn) {
        let shard = drawn.shard
        lock.withLock {
            counts[shard.source] += 1
            // The store can have no object of such a name.
            if case .refused = shard.decision { return }
            switch sources[shard.source].telling {
            case .eachName, .nothing: return
            case .list:
                if let bucket = drawn.destination { lists.insert(NameHash(bucket.objectUname(shard.object))) }
            case .listing: note { () throws(RunError) in try listings[shard.source]?.append(shard.object.utf8) }
            }
        }
    }

    /// A source answered that a shard is missing.
    /// - Returns: whether its record waits here: the store has the object from this very source, and it may be evicted.
    func holdsBack(_ record: ShardRecord, of job: ShardJob) -> Bool {
        let shard = job.shard
        guard deletes, sources[shard.source].telling == .eachName,
            let stored = job.surveyed.stored, stored.custom[CustomKeys.aismoveSource] == job.sourceTag
        else { return false }
        let entry = Missed(source: shard.source, position: shard.position, name: shard.object, record: record)
        guard let line = try? JSONEncoder().encode(entry) else { return false }
        return lock.withLock {
            positions[shard.source, default: IndexSet()].insert(shard.position)
            note { () throws(RunError) in try missed.append(line) }
            return failure == nil
        }
    }

    private func note(_ body: () throws(RunError) -> Void) {
        do throws(RunError) {
            try body()
        } catch {
            failure = failure ?? error
        }
    }

    // MARK: - Afterwards

    /// Throws what kept it from being whole.
    func check() throws(RunError) { if let failure { throw failure } }

    /// How many shards a source gave.
    func count(of source: Int) -> Int { counts[source] }

    /// The names that a listing gave.
    func names(of source: Int) throws(RunError) -> AscendingNames? {
        try listings[source].map { (spool) throws(RunError) in AscendingNames(try spool.makeReader()) }
    }

    /// Whether a list or an index page gave the name.
    func isListed(_ object: String, in bucket: Bucket) -> Bool {
        lists.contains(NameHash(bucket.objectUname(object)))
    }

    /// Whether the source answered that the name at the position is missing.
    func isMissed(_ source: Int, _ position: Int) -> Bool { positions[source]?.contains(position) ?? false }

    /// Records the shards whose records wait here.
    /// - Parameter settle: what becomes of each: nil = it has its outcome already.
    func release(to recorder: RunRecorder, _ settle: (Int, Int, ShardRecord) -> ShardRecord?) throws(RunError) {
        let reader = try missed.makeReader()
        while let line = try reader() {
            guard let entry = try? JSONDecoder().decode(Missed.self, from: Data(line)),
                let record = settle(entry.source, entry.position, entry.record)
            else { continue }
            let byNumber = sources[entry.source].hasHolesByNumber
            recorder.addHole(source: entry.source, position: byNumber ? entry.position : nil, name: entry.name)
            recorder.record(record)
        }
    }
}
