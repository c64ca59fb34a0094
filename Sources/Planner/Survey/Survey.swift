import NodeStore
import ObjectModel

/// A shard compared with the disk: where it is to lie, and what is to be done with it.
public struct SurveyedShard: Sendable {
    public var shard: PlannedShard
    /// The bucket that it goes to; nil when its URL or name says none.
    public var destination: Bucket?
    /// The same bucket, opened; nil for one that is not registered yet.
    public var bucket: BucketStore?
    /// Its place there; nil when it can have none (refused).
    public var placement: Placement?
    /// The sound object of that name that is in the store.
    public var stored: LOM?
    /// When its file was written last, in nanoseconds since 1970.
    public var storedModified: Int64?

    public var decision: Decision { shard.decision ?? .move(.absent) }

    /// What is there is known to be damaged, whatever its metadata says.
    public var isRepair: Bool {
        if case .move(.damaged) = decision { true } else { false }
    }

    /// A sound or damaged object of that name is there, and moving replaces it.
    public var replacesObject: Bool {
        switch decision {
        case .recheck, .move(.changed): true
        case .move(.absent), .move(.damaged), .present, .conflict, .refused, .defect: false
        }
    }
}

/// Goes through the shards of a plan and compares each with the disk, one at a time as it is asked for.
///
/// Without `latest`, a sound object whose file has its size is `present` and costs no request; one whose size or
/// validator differs in the listing has changed. Not thread-safe: lanes that share one `draw` under a lock, and
/// `examine` each for itself.
public struct Survey {
    private let sequence: ShardSequence
    /// What looks at the disk; each lane takes a copy.
    public private(set) var examiner: Examiner

    /// What a sound object of the right size means.
    public enum Check: Sendable, Hashable {
        /// It is present; nobody is asked.
        case presence
        /// The source is asked whether it is still the same (`--latest`).
        case latest
        /// It is fetched again all the same, for its reason (`verify --repair`).
        case repair(String)
    }

    /// - Parameters:
    ///   - buckets: the destinations of the sequence, opened.
    ///   - unregistered: where objects of other buckets would be placed; for plans, which register nothing.
    public init(
        _ sequence: ShardSequence, buckets: [Bucket: BucketStore], check: Check, unregistered: NodeStore? = nil
    ) {
        self.sequence = sequence
        examiner = Examiner(buckets: buckets, check: check, unregistered: unregistered)
    }

    /// Whether `draw` waits for the pages of listings; else it gives nil when one is not there yet.
    public var waits: Bool {
        get { sequence.waits }
        nonmutating set { sequence.waits = newValue }
    }

    /// Whether `draw` gave nil though more may come.
    public var isWaiting: Bool { sequence.isWaiting }

    /// The next shard with its decision, nil at the end.
    public mutating func next() throws(PlanError) -> SurveyedShard? {
        guard let drawn = try draw() else { return nil }
        return examiner.examine(drawn)
    }

    /// The next shard and the bucket it goes to, not compared with the disk yet; nil at the end.
    public mutating func draw() throws(PlanError) -> Drawn? {
        guard let shard = try sequence.next() else { return nil }
        return Drawn(shard: shard, destination: shard.destination.map { sequence.destinations[$0].bucket })
    }

    /// A shard that somebody has to examine.
    public struct Drawn: Sendable {
        public let shard: PlannedShard
        public let destination: Bucket?
    }
}

/// Compares shards with the disk. Not thread-safe; copies are independent.
public struct Examiner: Sendable {
    private let check: Survey.Check
    private let unregistered: NodeStore?
    /// The last directory that stands in no object's way, and its bucket.
    private var clearDirectory = ""
    private var clearBucket: Bucket?
    private let buckets: [Bucket: BucketStore]

    init(buckets: [Bucket: BucketStore], check: Survey.Check, unregistered: NodeStore?) {
        self.buckets = buckets
        self.check = check
        self.unregistered = unregistered
    }

    /// The shard with its decision.
    public mutating func examine(_ drawn: Survey.Drawn) -> SurveyedShard {
        let shard = drawn.shard
        var surveyed = SurveyedShard(shard: shard)
        guard let destination = drawn.destination else { return surveyed }
        surveyed.destination = destination
        surveyed.bucket = buckets[destination]
        guard shard.decision == nil else { return surveyed }
        if let size = shard.size, !LOM.canRepresent(size: size) {
            let error = NameError(shard.object, "AIS cannot represent this size: \(size) bytes")
            surveyed.shard.decision = .refused(error)
            return surveyed
        }
        guard let bucket = surveyed.bucket else {
            surveyed.placement = unregistered?.place(shard.object, in: destination)
            if let refusal = surveyed.placement?.refusal { surveyed.shard.decision = .refused(refusal) }
            return surveyed
        }
        let placement = bucket.place(shard.object)
        surveyed.placement = placement
        if let refusal = placement.refusal {
            surveyed.shard.decision = .refused(refusal)
        } else {
            // A plan names each object once: what this run has put there is not asked for again.
            let isFree = bucket.isSurelyFree(placement)
            compare(&surveyed, with: isFree ? .absent : bucket.state(shard.object, at: placement))
        }
        if clearBucket != destination { (clearBucket, clearDirectory) = (destination, "") }
        if surveyed.decision == .move(.absent),
            let obstacle = bucket.obstacle(to: shard.object, at: placement, clear: &clearDirectory)
        {
            surveyed.shard.decision = .conflict(obstacle)
        }
        return surveyed
    }

    private func compare(_ surveyed: inout SurveyedShard, with state: LocalObject) {
        switch state {
        case .absent: surveyed.shard.decision = .move(.absent)
        case .damaged(let reason): surveyed.shard.decision = .move(.damaged(reason))
        case .blocked(let reason): surveyed.shard.decision = .conflict(reason)
        case .present(let lom, let modified):
            surveyed.stored = lom
            surveyed.storedModified = modified
            surveyed.shard.decision = decision(for: surveyed.shard, stored: lom)
        }
    }

    private func decision(for shard: PlannedShard, stored: LOM) -> Decision {
        if case .repair(let reason) = check { return .move(.damaged(reason)) }
        if let size = shard.size, size != stored.size { return .move(.changed) }
        switch shard.listed.flatMap({ ListedState($0).isSame(as: stored) }) {
        case true: return .present
        case false: return .move(.changed)
        case nil: return check == .latest ? .recheck : .present
        }
    }
}
