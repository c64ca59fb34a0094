import Backends
import NodeStore
import ObjectModel
import Planner

/// `plan`: goes through what a prefetch would do, and writes nothing.
public struct PlanRun {
    /// One shard of the plan.
    public struct Line: Sendable, Hashable, Encodable {
        /// `move`, `present`, `check` (with `--latest`), `conflict`, `refused`, `elsewhere` (another node's of the cluster); with
        /// `--sizes` also `missing`.
        public var action: String
        public var source: String
        public var object: String
        public var size: Int64?
        public var mountpath: String?
        public var reason: String?
    }

    /// The totals.
    public struct Sum: Sendable, Hashable, Encodable {
        public var shards = 0
        public var actions: [String: Int] = [:]
        /// Shards to move whose size is known, and their bytes.
        public var sized = 0
        public var bytes: Int64 = 0
        /// Shards by mountpath, in the store's order.
        public var perMountpath: [Int]
        /// Bytes to move by mountpath, as far as sizes are known.
        public var bytesPerMountpath: [Int64]
        /// A listing did not end properly.
        public var isIncomplete = false

        enum CodingKeys: String, CodingKey {
            case shards, actions, sized, bytes
            case perMountpath = "per_mountpath"
            case bytesPerMountpath = "bytes_per_mountpath"
            case isIncomplete = "incomplete"
        }
    }

    public let notices: [String]
    private let context: RunContext
    private let outline: Outline
    private let buckets: [Bucket: BucketStore]
    private let sizes: Bool
    private let survey: Bool

    /// Reads what the sources refer to.
    /// - Parameters:
    ///   - sizes: ask the source for sizes that no list tells.
    ///   - survey: look at the disk; else placement only.
    public init(store: NodeStore, sources: [Source], options: RunOptions, sizes: Bool, survey: Bool) throws {
        let recorder = RunRecorder { if case .retry(let text) = $0 { options.onRetry(text) } }
        context = try RunContext(
            connecting: sources, options: options, store: store, recorder: recorder, stop: StopSignal())
        outline = try Outline(sources: context.connections.sources, contents: nil, context: context)
        if sizes { try outline.checkLogins(options.network) }
        self.sizes = sizes
        self.survey = survey
        let loaded = try store.loadBMD()
        var notices = loaded.repairs + outline.contents.incomplete.map { "incomplete: \($0)" }
        notices += outline.unmatchedPatterns
        let (buckets, unregistered) = try outline.standingBuckets(in: store, loaded.bmd, opens: survey)
        if let notice = Outline.notice(of: unregistered) { notices.append(notice) }
        self.notices = notices
        self.buckets = buckets
    }

    /// Goes through the plan; once, where a bucket is listed.
    /// - Parameters:
    ///   - names: told each shard in order; nil = totals only.
    ///   - lock: is given each shard, as the source tells it.
    public func run(names: ((Line) -> Void)?, lock: LockBuilder? = nil) throws -> Sum {
        let mountpathCount = context.store.mountpaths.count
        var sum = Sum(
            perMountpath: Array(repeating: 0, count: mountpathCount),
            bytesPerMountpath: Array(repeating: 0, count: mountpathCount))
        sum.isIncomplete = !outline.contents.incomplete.isEmpty
        if names == nil, lock == nil, !survey, !context.store.ownership.isNodes,
            outline.sources.allSatisfy({ $0.range != nil && $0.filter.takesAll })
        {
            for source in outline.sources { try source.range.map { try place($0, &sum) } }
            return sum
        }
        var survey = Survey(
            outline.contents.sequence(of: outline.sources), buckets: buckets,
            check: context.options.latest ? .latest : .presence, unregistered: context.store)
        let asker = sizes || lock != nil ? SizeAsker(context: context) : nil
        var batch: [SurveyedShard] = []
        while true {
            let shard = try survey.next()
            if let shard { batch.append(shard) }
            guard shard == nil || asker == nil || batch.count == SizeAsker.batchCount else { continue }
            let answers = asker?.ask(batch, everything: lock != nil) ?? [:]
            for (index, shard) in batch.enumerated() {
                let line = line(for: shard, answer: answers[index])
                add(line, shard, to: &sum)
                names?(line)
                let mayMiss = outline.sources[shard.shard.source].mayMiss(position: shard.shard.position)
                lock?.add(shard, answer: answers[index], isAllowedToMiss: mayMiss)
            }
            batch.removeAll(keepingCapacity: true)
            guard shard == nil else { continue }
            sum.isIncomplete = sum.isIncomplete || !outline.brokenListings.isEmpty
            return sum
        }
    }

    /// Writes the lock that `run` has filled.
    public func write(_ lock: LockBuilder, of sum: Sum) throws -> LockBuilder.Written {
        try lock.write(outline.sources, isIncomplete: sum.isIncomplete)
    }

    /// Why listings are not complete; known after `run`.
    public var brokenListings: [String] { outline.brokenListings }

    /// The bare path for millions of names: template, HRW, FQN.
    private func place(_ range: RangeSource, _ sum: inout Sum) throws {
        var cursor = range.makeCursor()
        var placer: PlacementCursor?
        while try cursor.advance() {
            if let bucket = cursor.destination?.bucket, placer?.bucket != bucket {
                placer = PlacementCursor(bucket, context.store.mountpaths)
            }
            guard let index = placer?.place(cursor.nameBytes) else { continue }
            sum.perMountpath[index] += 1
            sum.shards += 1
        }
        sum.actions["placed"] = sum.shards
    }

    /// One sentence for each mountpath on which what is to be moved does not fit, as far as sizes are known.
    public func shortages(of sum: Sum) throws -> [String] {
        try SpaceCheck(context: context).shortages(needed: sum.bytesPerMountpath)
    }

    private func line(for surveyed: SurveyedShard, answer: SizeAsker.Answer?) -> Line {
        let shard = surveyed.shard
        let bucket = surveyed.destination.map { "\($0.cname)/" } ?? ""
        var line = Line(
            action: "move", source: shard.shownURL, object: bucket + shard.object, size: shard.size)
        line.mountpath = surveyed.placement.map { context.store.mountpaths[$0.mountpathIndex].hostPath }
        switch surveyed.decision {
        case .move(.absent): break
        case .move(.damaged(let reason)): line.reason = reason
        case .move(.changed): line.reason = "it has changed at the source"
        case .present: (line.action, line.size) = ("present", surveyed.stored?.size)
        case .recheck: (line.action, line.size) = ("check", surveyed.stored?.size)
        case .conflict(let reason): (line.action, line.reason) = ("conflict", reason)
        case .refused(let error): (line.action, line.reason) = ("refused", "\(error)")
        case .defect(let reason): (line.action, line.reason) = ("refused", reason)
        }
        switch answer {
        case .there(let facts):
            line.size = facts.size
            if facts.size == nil { line.reason = "the source does not tell the size" }
            if let size = facts.size, !LOM.canRepresent(size: size) {
                (line.action, line.reason) = ("refused", "AIS cannot represent this size: \(size) bytes")
            }
        case .missing: line.action = "missing"
        case .refused(let reason), .unknown(let reason): line.reason = reason
        case nil: break
        }
        if let bucket = surveyed.destination, surveyed.placement?.refusal == nil,
            (try? context.store.isHere(shard.object, in: bucket)) == false
        {
            (line.action, line.mountpath, line.reason) = ("elsewhere", nil, nil)
        }
        return line
    }

    private func add(_ line: Line, _ surveyed: SurveyedShard, to sum: inout Sum) {
        sum.shards += 1
        sum.actions[line.action, default: 0] += 1
        if let placement = surveyed.placement, line.action != "elsewhere" {
            sum.perMountpath[placement.mountpathIndex] += 1
        }
        if line.action == "move", let size = line.size {
            sum.sized += 1
            sum.bytes += size
            for index in surveyed.placement.map({ [$0.mountpathIndex] + $0.copies }) ?? [] {
                sum.bytesPerMountpath[index] += size
            }
        }
    }
}
