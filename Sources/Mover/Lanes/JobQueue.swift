import NodeStore
import Planner
import Synchronization

/// Where lanes get their work: the plan, surveyed one name at a time as it is asked for, so that ten million names
/// cost no more memory than ten. What needs no transfer is recorded on the way.
final class JobQueue: Sendable {
    enum Take {
        case job(ShardJob)
        /// There is work, but not for this lane now: a shard needs a lane to itself, small objects share few.
        case notNow
        case dry
    }

    /// How the names of a source have turned out so far.
    private enum SizeClass { case unknown, small, large }

    private struct State: ~Copyable {
        var survey: Survey
        var head: ShardJob?
        var error: PlanError?
        var isDry = false
        var classes: [Int: SizeClass] = [:]
    }

    private let state: Mutex<State>
    private let context: RunContext
    private let settle: @Sendable (SurveyedShard) -> ShardJob?
    private let smallLanes: Int

    /// - Parameter settle: ends a shard that needs no transfer (nil), or makes a job of it.
    init(
        survey: sending Survey, context: RunContext,
        settle: @escaping @Sendable (SurveyedShard) -> ShardJob?
    ) {
        state = Mutex(State(survey: survey))
        self.context = context
        self.settle = settle
        smallLanes = max(1, (context.options.lanes + LaneRunner.smallAtOnce - 1) / LaneRunner.smallAtOnce)
    }

    /// - Parameters:
    ///   - lane: the lane's number; small objects are for the first few lanes.
    ///   - underWay: transfers that the lane has under way.
    func next(lane: Int, underWay: Int) -> Take {
        state.withLock { state in
            while state.head == nil {
                guard !state.isDry, !context.stop.isStopped else { return .dry }
                guard let surveyed = pull(&state) else {
                    state.isDry = true
                    return .dry
                }
                state.head = settle(surveyed)
            }
            guard let job = state.head else { return .dry }
            guard mayTake(sizeClass(of: job.shard, in: state.classes), lane: lane, underWay: underWay) else {
                return .notNow
            }
            state.head = nil
            return .job(job)
        }
    }

    /// Why the plan broke off, if it did.
    var error: PlanError? { state.withLock { $0.error } }

    private func pull(_ state: inout State) -> SurveyedShard? {
        do throws(PlanError) {
            return try state.survey.next()
        } catch {
            state.error = error
            return nil
        }
    }

    /// What an answer taught: the next names of that source start in its class.
    func learn(job: ShardJob?, isSmall: Bool) {
        guard let job else { return }
        state.withLock { $0.classes[job.shard.source] = isSmall ? .small : .large }
    }

    private func mayTake(_ sizeClass: SizeClass, lane: Int, underWay: Int) -> Bool {
        switch sizeClass {
        case .unknown, .large: underWay == 0
        case .small: lane < smallLanes && underWay < min(LaneRunner.smallAtOnce, context.options.lanes)
        }
    }

    private func sizeClass(of shard: PlannedShard, in classes: [Int: SizeClass]) -> SizeClass {
        if let size = shard.size { return size < LaneRunner.smallBytes ? .small : .large }
        return classes[shard.source] ?? .unknown
    }
}
