import Backends
import Planner
import Synchronization

/// Asks the source for the sizes of shards, a batch at a time, on as many threads as there are lanes.
struct SizeAsker {
    enum Answer: Sendable {
        case size(Int64)
        case missing
        case unknown(String)
    }

    static let batchCount = 1024

    let context: RunContext

    /// - Returns: answers by index; shards that are not to be moved, and those of known size, have none.
    func ask(_ shards: [SurveyedShard]) -> [Int: Answer] {
        let wanted = shards.indices.filter { index in
            guard case .move = shards[index].decision else { return false }
            return shards[index].shard.size == nil
        }
        let urls = wanted.map { shards[$0].shard.url }
        let answers = Answers()
        let threads = min(context.options.lanes, wanted.count)
        onThreads(threads) { [context] thread in
            let stop = context.stop
            let lane = PatientLane(context.options.network, policy: context.retry, stopped: { stop.isStopped })
            for number in stride(from: thread, to: urls.count, by: threads) {
                answers.add(Self.ask(urls[number], lane, context), at: wanted[number])
            }
        }.wait()
        return answers.all
    }

    private static func ask(_ url: String, _ lane: PatientLane, _ context: RunContext) -> Answer {
        do throws(TransportError) {
            var request = context.backend.headRequest(url)
            var head = try lane.perform(request, bodyLimit: 0).head
            if context.backend.refusesHead(head) {
                request = context.backend.probeRequest(url)
                head = try lane.perform(request, bodyLimit: 1 << 16).head
            }
            switch context.answer(head, to: request, resume: nil) {
            case .body(let total?, _, _), .partial(_, let total?, _, _): return .size(total)
            case .missing: return .missing
            case .body, .partial: return .unknown("the source does not tell the size")
            default: return .unknown("the source answers \(head.status)")
            }
        } catch {
            return .unknown("\(error)")
        }
    }

    private final class Answers: Sendable {
        private let state = Mutex<[Int: Answer]>([:])

        func add(_ answer: Answer, at index: Int) { state.withLock { $0[index] = answer } }
        var all: [Int: Answer] { state.withLock { $0 } }
    }
}
