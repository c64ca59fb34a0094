import Foundation
import NodeStore

/// A received small object on its way from a lane to the committer.
///
/// `@unchecked Sendable` because ownership passes with it: the lane that made it never touches it again.
struct SealedObject: @unchecked Sendable {
    let workfile: Workfile
    let lom: LOM
    let bucket: BucketStore
    let record: ShardRecord

    /// Whether that is all: somebody else has placed the very same object since the survey, as a node does that is asked
    /// for it meanwhile.
    func stands(despite error: any Error) -> Bool {
        guard let error = error as? StoreError, error.kind == .conflict, error.errno == EEXIST,
            let stored = bucket.state(workfile.object, at: workfile.placement).lom
        else { return false }
        return stored.size == lom.size && stored.checksumType == lom.checksumType
            && stored.checksumValue == lom.checksumValue
    }
}

/// Makes small objects visible, many to a `syncfs` (node-store.md, durable and crash-safe).
///
/// One thread: takes whatever the lanes have sealed since the last batch, syncs each mountpath once, renames them all,
/// syncs each directory once, and records the outcomes. At most eight objects a lane are under way; `submit` waits for
/// room, which bounds what a crash can cost.
final class Committer: @unchecked Sendable {
    // @unchecked: `pending` and `closed` are only touched under `condition`.
    private let condition = NSCondition()
    private var pending: [SealedObject] = []
    /// Objects of the batch that is being committed.
    private var committing = 0
    private var closed = false
    private var finished = false
    /// How long an object waits for others to be synced with.
    private static let patienceSeconds = 0.02

    /// What a crash may cost at most, in objects a lane (node-store.md, durable and crash-safe).
    static let objectsPerLane = 8

    private let capacity: Int
    private let replace: Bool
    private let settle: @Sendable (SealedObject, StoreError?) -> Void

    /// - Parameters:
    ///   - capacity: objects under way at most.
    ///   - replace: whether an object that stands may be replaced.
    ///   - settle: told what became of each, on the committer's thread.
    init(capacity: Int, replace: Bool, settle: @escaping @Sendable (SealedObject, StoreError?) -> Void) {
        self.capacity = capacity
        self.replace = replace
        self.settle = settle
        Thread.detachNewThread { self.run() }
    }

    func submit(_ object: SealedObject) {
        condition.lock()
        while pending.count + committing >= capacity { condition.wait() }
        pending.append(object)
        condition.broadcast()
        condition.unlock()
    }

    /// Commits what is left and ends the thread.
    func finish() {
        condition.lock()
        closed = true
        condition.broadcast()
        while !finished { condition.wait() }
        condition.unlock()
    }

    private func run() {
        while let batch = takeBatch() {
            let together = SmallBatch()
            for object in batch { together.add(object.workfile, replace: replace) }
            for (object, outcome) in zip(batch, together.commit()) { settle(object, outcome.error) }
            condition.lock()
            committing = 0
            condition.broadcast()
            condition.unlock()
        }
        condition.lock()
        finished = true
        condition.broadcast()
        condition.unlock()
    }

    /// What is pending, once half the room is taken or the oldest has waited long enough: a sync costs the same for one
    /// object as for many.
    private func takeBatch() -> [SealedObject]? {
        condition.lock()
        defer { condition.unlock() }
        while pending.isEmpty && !closed { condition.wait() }
        let due = Date(timeIntervalSinceNow: Self.patienceSeconds)
        while pending.count * 2 < capacity, !closed, condition.wait(until: due) {}
        guard !pending.isEmpty else { return nil }
        let batch = pending
        pending = []
        committing = batch.count
        return batch
    }
}
