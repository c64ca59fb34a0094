import NodeStore
import ObjectModel

/// A shard compared with the disk: where it is to lie, and what is to be done with it.
public struct SurveyedShard: Sendable {
    public var shard: PlannedShard
    /// The bucket that it goes to, and its place there; nil when it can have none (refused).
    public var bucket: BucketStore?
    public var placement: Placement?
    /// The sound object of that name that is in the store.
    public var stored: LOM?

    public var decision: Decision { shard.decision ?? .move(.absent) }

    /// A sound or damaged object of that name is there, and moving replaces it.
    public var replacesObject: Bool {
        switch decision {
        case .recheck, .move(.changed): true
        case .move(.absent), .move(.damaged), .present, .conflict, .refused: false
        }
    }
}

/// Goes through the shards of a plan and compares each with the disk, one at a time as it is asked for.
///
/// Without `latest`, a sound object whose file has its size is `present` and costs no request; one whose listed size
/// differs has changed. Not thread-safe: lanes pull it under a lock.
public struct Survey {
    private let sequence: ShardSequence
    private let latest: Bool
    private let buckets: [Bucket: BucketStore]

    /// - Parameters:
    ///   - buckets: every destination of the sequence, opened.
    ///   - latest: present objects are to be checked at the source.
    public init(_ sequence: ShardSequence, buckets: [Bucket: BucketStore], latest: Bool) {
        self.sequence = sequence
        self.buckets = buckets
        self.latest = latest
    }

    /// The next shard with its decision, nil at the end.
    public func next() throws(PlanError) -> SurveyedShard? {
        guard let shard = try sequence.next() else { return nil }
        var surveyed = SurveyedShard(shard: shard)
        guard let number = shard.destination else { return surveyed }
        surveyed.bucket = buckets[sequence.destinations[number].bucket]
        guard shard.decision == nil, let bucket = surveyed.bucket else { return surveyed }
        do throws(StoreError) {
            let placement = try bucket.place(shard.object)
            surveyed.placement = placement
            compare(&surveyed, with: bucket.state(shard.object, at: placement))
        } catch {
            surveyed.shard.decision = .refused(NameError(shard.object, error.message))
        }
        return surveyed
    }

    private func compare(_ surveyed: inout SurveyedShard, with state: LocalObject) {
        switch state {
        case .absent: surveyed.shard.decision = .move(.absent)
        case .damaged(let reason): surveyed.shard.decision = .move(.damaged(reason))
        case .blocked(let reason): surveyed.shard.decision = .conflict(reason)
        case .present(let lom):
            surveyed.stored = lom
            if let size = surveyed.shard.size, size != lom.size {
                surveyed.shard.decision = .move(.changed)
            } else {
                surveyed.shard.decision = latest ? .recheck : .present
            }
        }
    }
}
