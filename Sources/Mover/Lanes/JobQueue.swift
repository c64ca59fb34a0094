import NodeStore
import ObjectModel
import Planner
import Synchronization

/// Where lanes get their work: the plan, surveyed one name at a time as it is asked for, so that ten million names
/// cost no more memory than ten. What needs no transfer is recorded on the way.
final class JobQueue: Sendable {
    enum Take {
        case job(ShardJob)
        /// There is work, but not for this lane now: a shard needs a lane to itself, small objects share few, and the
        /// next page of a listing may be under way.
        case notNow
        case dry
    }

    /// How the names of a source have turned out so far.
    private enum SizeClass: Int { case unknown, small, large }

    private struct State {
        var survey: Survey
        var waiting = Waiting()
        /// For a later attempt, with the monotonic second from which on; the soonest last.
        var delayed: [(job: Handover, due: Double)] = []
        /// Names that lanes have drawn and still compare with the disk: jobs for others may come of them.
        var inHand = 0
        var error: PlanError?
        var isDry = false

        /// Whether the plan is at its end and no job can come of what lanes hold or wait for.
        var hasNothingToCome: Bool { isDry && inHand == 0 && delayed.isEmpty }
    }

    /// Of one source; asked with each name and told with each answer, so without the lock.
    private final class SourceClass: Sendable {
        private let raw = Atomic(SizeClass.unknown.rawValue)

        var value: SizeClass { SizeClass(rawValue: raw.load(ordering: .relaxed)) ?? .unknown }

        /// - Returns: whether that is news.
        func learn(_ value: SizeClass) -> Bool {
            self.value != value && raw.exchange(value.rawValue, ordering: .relaxed) != value.rawValue
        }
    }

    /// @unchecked Sendable because ownership passes with it: the lane that found the job does not touch it again.
    private struct Handover: @unchecked Sendable {
        let job: ShardJob
    }

    /// Jobs for whichever lane may take them: one of either kind never stands in the other's way.
    private struct Waiting {
        /// Small when they were found; the others were large, or nobody knew.
        var small: [Handover] = []
        var large: [Handover] = []

        var count: Int { small.count + large.count }

        mutating func add(_ job: Handover, isSmall: Bool) {
            if isSmall { small.append(job) } else { large.append(job) }
        }

        /// - Parameter first: whether a small one is preferred.
        mutating func take(small maySmall: Bool, first: Bool, large mayLarge: Bool) -> ShardJob? {
            if maySmall, !small.isEmpty, first || large.isEmpty || !mayLarge { return small.removeFirst().job }
            return mayLarge && !large.isEmpty ? large.removeFirst().job : nil
        }
    }

    private enum Step {
        case drawn([Survey.Drawn])
        case take(Take)
    }

    /// Shards that a lane draws at once, at most.
    private static let drawnAtMost = 32
    /// Jobs that wait for lanes at most, before nobody looks further ahead for others.
    private static let waitingAtMost = 64
    /// Jobs a lane that wait for a later attempt at most: with more of them no new names are taken before some have
    /// ended, so that a source that is down for an hour does not gather its ten million names here.
    private static let delayedAtMost = 64

    private let state: Guarded<State>
    private let classes: [SourceClass]
    /// What each lane starts from; it looks at the disk by itself, outside the lock.
    let examiner: Examiner
    private let context: RunContext
    private let settle: @Sendable (SurveyedShard) -> ShardJob?
    private let ledger: SyncLedger?
    private let smallLanes: Int
    /// Small objects that one lane has under way at most.
    private let smallAtOnce: Int
    /// Lanes for small objects that stream something large now.
    private let streaming = Atomic(0)
    /// Ring when a lane that was told `.notNow` may find work, or that there is none: the first for the lanes that take
    /// small objects, the second for the others, which a small object that waits does not concern.
    private let bells = (small: Bell(), other: Bell())

    /// - Parameters:
    ///   - sources: how many there are.
    ///   - ledger: of a sync; told each shard in its order.
    ///   - settle: ends a shard that needs no transfer (nil), or makes a job of it.
    init(
        survey: sending Survey, sources: Int, context: RunContext, ledger: SyncLedger? = nil,
        settle: @escaping @Sendable (SurveyedShard) -> ShardJob?
    ) {
        examiner = survey.examiner
        // A lane that waited for a page here would let its transfers stall, and the other lanes with it.
        survey.waits = false
        state = Guarded(State(survey: survey))
        classes = (0..<sources).map { _ in SourceClass() }
        self.context = context
        self.settle = settle
        let each = LaneRunner.lanesPerSmallLane
        smallLanes = max(1, (context.options.lanes + each - 1) / each)
        smallAtOnce = min(LaneRunner.smallAtOnce, context.options.lanes)
        self.ledger = ledger
    }

    /// What a lane rests on after `.notNow`.
    func bell(of lane: Int) -> Bell { lane < smallLanes ? bells.small : bells.other }

    /// Wakes all lanes that rest.
    func ring() {
        bells.small.ring()
        bells.other.ring()
    }

    /// - Parameters:
    ///   - lane: the lane's number; small objects are for the first few lanes.
    ///   - underWay: transfers that the lane has under way. A job that it finds and may not take is left to the others,
    ///     and to itself, once these have ended.
    func next(lane: Int, underWay: Int, _ examiner: inout Examiner) -> Take {
        // Not even a small object: it would only be found and left to the others.
        guard underWay < smallAtOnce else { return .notNow }
        var count = 1
        while true {
            switch step(lane, underWay, count) {
            case .take(let take): return take
            case .drawn(let drawn):
                let jobs = drawn.compactMap { settle(examiner.examine($0)) }
                if let take = share(jobs, of: drawn.count, lane, underWay) { return take }
                // Where nothing is to be moved, lanes would only wait for each other's turn.
                count = min(count * 2, Self.drawnAtMost)
            }
        }
    }

    /// Takes the first of the jobs that a lane has found and may have; the others are for whoever comes.
    /// - Parameter drawn: names in hand that have become these jobs.
    /// - Returns: nil where there is none for it.
    private func share(_ jobs: [ShardJob], of drawn: Int, _ lane: Int, _ underWay: Int) -> Take? {
        var rest = jobs
        let mine = rest.firstIndex { mayTake($0.shard, lane, underWay) }.map { rest.remove(at: $0) }
        leave(rest.map(Handover.init), of: drawn)
        return mine.map { .job($0) }
    }

    private func leave(_ jobs: [Handover], of drawn: Int) {
        let areSmall = jobs.map(isSmall)
        let concernsAll = state.withLock { state in
            for (job, isSmall) in zip(jobs, areSmall) { state.waiting.add(job, isSmall: isSmall) }
            state.inHand -= drawn
            return state.isDry || areSmall.contains(false)
        }
        if concernsAll { ring() } else if !jobs.isEmpty { bells.small.ring() }
    }

    /// Keeps a job for another attempt, of whichever lane may take it then. Lanes that rest look for it every tenth of a
    /// second, each at its own time: to ring for each that falls due would keep them all busy.
    /// - Parameter seconds: to wait before.
    func delay(_ job: ShardJob, seconds: Double) {
        let handover = Handover(job: job)
        let due = monotonicSeconds() + seconds
        state.withLock { state in
            let place = state.delayed.firstIndex { $0.due <= due } ?? state.delayed.endIndex
            state.delayed.insert((handover, due), at: place)
        }
    }

    /// Moves the jobs whose time has come among those that wait for a lane.
    /// - Returns: whether there were any.
    private func wakeDelayed(_ state: inout State) -> Bool {
        guard !state.delayed.isEmpty else { return false }
        let (now, before) = (monotonicSeconds(), state.delayed.count)
        while let next = state.delayed.last, next.due <= now {
            state.delayed.removeLast()
            state.waiting.add(next.job, isSmall: isSmall(next.job))
        }
        return state.delayed.count < before
    }

    /// - Parameter count: shards to draw at most, where no job waits.
    private func step(_ lane: Int, _ underWay: Int, _ count: Int) -> Step {
        var isNews = false
        defer { if isNews { ring() } }
        return state.withLock { state in
            let woke = wakeDelayed(&state)
            let takesSmall = lane < smallLanes
            // Where the lanes for small ones are gone, or stream something large, whoever is idle takes one.
            let mustTakeSmall = underWay == 0 && (state.isDry || streaming.load(ordering: .relaxed) == smallLanes)
            let found = state.waiting.take(
                small: takesSmall || mustTakeSmall, first: takesSmall, large: underWay == 0)
            isNews = woke && (state.waiting.count > 0 || state.hasNothingToCome)
            if let found { return .take(.job(found)) }
            guard !context.stop.isStopped else { return .take(.dry) }
            if !state.isDry {
                guard state.waiting.count < Self.waitingAtMost,
                    state.delayed.count < Self.delayedAtMost * context.options.lanes
                else { return .take(.notNow) }
                var drawn: [Survey.Drawn] = []
                while drawn.count < count, let next = draw(&state) { drawn.append(next) }
                state.inHand += drawn.count
                guard drawn.isEmpty else { return .drawn(drawn) }
                if state.survey.isWaiting { return .take(.notNow) }
                state.isDry = true
                isNews = true
            }
            return .take(state.hasNothingToCome ? .dry : .notNow)
        }
    }

    /// Why the plan broke off, if it did.
    var error: PlanError? { state.withLock { $0.error } }

    private func draw(_ state: inout State) -> Survey.Drawn? {
        do throws(PlanError) {
            guard let drawn = try state.survey.draw() else { return nil }
            ledger?.drew(drawn)
            return drawn
        } catch {
            state.error = error
            return nil
        }
    }

    /// Runs `body`, in which a lane streams something large and takes nothing else.
    func whileStreaming(lane: Int, _ body: () -> Void) {
        guard lane < smallLanes else { return body() }
        streaming.add(1, ordering: .relaxed)
        body()
        streaming.subtract(1, ordering: .relaxed)
    }

    /// What an answer taught: the next names of that source start in its class.
    func learn(job: ShardJob?, isSmall: Bool) {
        guard let job else { return }
        if classes[job.shard.source].learn(isSmall ? .small : .large) { ring() }
    }

    /// Of what has just been drawn. (Once all names are, the lanes for small objects may have gone home: then every lane
    /// may take those that wait, one each.)
    private func mayTake(_ shard: PlannedShard, _ lane: Int, _ underWay: Int) -> Bool {
        switch sizeClass(of: shard) {
        case .unknown, .large: underWay == 0
        case .small: lane < smallLanes
        }
    }

    private func isSmall(_ job: Handover) -> Bool { sizeClass(of: job.job.shard) == .small }

    private func sizeClass(of shard: PlannedShard) -> SizeClass {
        if let size = shard.size { return size < LaneRunner.smallBytes ? .small : .large }
        return classes[shard.source].value
    }
}
