import Backends
import Planner
import Synchronization

/// Asks the source for the sizes and states of shards, a batch at a time, on as many threads as there are lanes.
struct SizeAsker {
    enum Answer: Sendable {
        case found(Facts)
        case missing
        case refused(String)
        case unknown(String)
    }

    /// What a source says of a shard without sending it.
    struct Facts: Sendable {
        var size: Int64
        var validator: Validator
        var digests: [PromisedDigest]
    }

    static let batchCount = 1024

    let context: RunContext

    /// - Parameter everything: not only those that are to be moved and whose size is not known: all that no listing tells.
    /// - Returns: answers by index; shards that are not asked for have none.
    func ask(_ shards: [SurveyedShard], everything: Bool = false) -> [Int: Answer] {
        let wanted = shards.indices.filter { index in
            let shard = shards[index].shard
            switch shards[index].decision {
            case .move: return everything ? shard.listed == nil : shard.size == nil
            case .present, .recheck: return everything && shard.listed == nil
            case .conflict, .refused, .defect: return false
            }
        }
        let asked = wanted.map { shards[$0].shard }
        let answers = Answers()
        let threads = min(context.options.lanes, wanted.count)
        onThreads(threads) { [context] thread in
            let stop = context.stop
            let lane = PatientLane(context.options.network, policy: context.retry, stopped: { stop.isStopped })
            for number in stride(from: thread, to: asked.count, by: threads) {
                answers.add(Self.ask(asked[number], lane, context), at: wanted[number])
            }
        }.wait()
        return answers.all
    }

    private static func ask(_ shard: PlannedShard, _ lane: PatientLane, _ context: RunContext) -> Answer {
        if let bucket = context.bucket(of: shard.source), let key = shard.key {
            return ask(key, of: bucket, lane, context)
        }
        let url = shard.url
        do throws(TransportError) {
            var request = context.backend.headRequest(url)
            var head = try lane.perform(request, bodyLimit: 0).head
            if context.backend.refusesHead(head) {
                request = context.backend.probeRequest(url)
                head = try lane.perform(request, bodyLimit: 1 << 16).head
            }
            return judge(context.answer(head, to: request, resume: nil), status: head.status)
        } catch {
            return .unknown("\(error)")
        }
    }

    private static func ask(
        _ key: String, of bucket: any BucketBackend, _ lane: PatientLane, _ context: RunContext
    ) -> Answer {
        do throws(BackendError) {
            var request = bucket.headRequest(bucket.url(of: key))
            for _ in 0..<ShardJob.elsewhereAtMost {
                request.bringsCredentials = true
                let (head, body) = try lane.ask(
                    request, bucket.authorizer, subject: bucket.bucket.cname, bodyLimit: 16 << 10)
                let answer = context.answer(head, to: request, resume: nil, of: bucket, errorBody: body)
                guard case .elsewhere(let url) = answer else { return judge(answer, status: head.status) }
                request = bucket.headRequest(url)
            }
            return .unknown("the source sends from one place to another")
        } catch {
            return .unknown("\(error)")
        }
    }

    private static func judge(_ answer: ObjectAnswer, status: Int) -> Answer {
        switch answer {
        case .body(let total?, let digests, let validator), .partial(_, let total?, let digests, let validator):
            .found(Facts(size: total, validator: validator, digests: digests))
        case .missing: .missing
        case .refused: .refused("the source answers \(status); check credentials and rights")
        case .body, .partial: .unknown("the source does not tell the size")
        default: .unknown("the source answers \(status)")
        }
    }

    private final class Answers: Sendable {
        private let state = Mutex<[Int: Answer]>([:])

        func add(_ answer: Answer, at index: Int) { state.withLock { $0[index] = answer } }
        var all: [Int: Answer] { state.withLock { $0 } }
    }
}
