import Backends
import Planner
import Synchronization

/// Asks the source about shards without fetching them, a batch at a time, on as many threads as there are lanes.
struct SizeAsker {
    enum Answer: Sendable {
        case there(Facts)
        case missing(status: Int)
        /// Credentials are missing or not good enough; says so.
        case refused(String)
        case unknown(String)
    }

    /// What an answer's head tells of an object.
    struct Facts: Sendable {
        /// Bytes; nil where the source does not say.
        let size: Int64?
        let promised: [PromisedDigest]
        let validator: Validator
    }

    /// A URL, or a key of a source's bucket.
    struct Question: Sendable {
        let source: Int
        let url: String
        let key: String?

        init(source: Int, url: String, key: String?) {
            (self.source, self.url, self.key) = (source, url, key)
        }

        init(_ shard: PlannedShard) { self.init(source: shard.source, url: shard.url, key: shard.key) }
    }

    static let batchCount = 1024

    let context: RunContext

    /// - Parameters:
    ///   - checks: ask about those, too, of which a sound object is there that may have changed.
    ///   - everything: ask about all that no listing tells.
    /// - Returns: answers by index; shards that are not to be moved, and those of known size, have none.
    func ask(_ shards: [SurveyedShard], checks: Bool = false, everything: Bool = false) -> [Int: Answer] {
        var questions: [Int: Question] = [:]
        for (index, shard) in shards.enumerated() {
            switch shard.decision {
            case .move where everything, .present where everything, .recheck where everything:
                if shard.shard.listed == nil { questions[index] = Question(shard.shard) }
            case .move where shard.shard.size == nil: questions[index] = Question(shard.shard)
            case .recheck where checks: questions[index] = Question(shard.shard)
            default: continue
            }
        }
        return ask(questions)
    }

    /// - Returns: answers by the questions' numbers; once the run was stopped, some have none.
    func ask(_ questions: [Int: Question]) -> [Int: Answer] {
        let asked = questions.sorted { $0.key < $1.key }
        let answers = Answers()
        let threads = min(context.options.lanes, asked.count)
        onThreads(threads) { [context] thread in
            let stop = context.stop
            let lane = context.makePatientLane(isTold: false)
            for number in stride(from: thread, to: asked.count, by: threads) {
                let (index, question) = asked[number]
                guard context.gate.admitRequest(to: question.url) else { return }
                let answer = Self.ask(question, lane, context)
                if !stop.isStopped { answers.add(answer, at: index) }
            }
        }.wait()
        return answers.all
    }

    private static func ask(_ question: Question, _ lane: PatientLane, _ context: RunContext) -> Answer {
        if let bucket = context.bucket(of: question.source), let key = question.key {
            return ask(key, of: bucket, lane, context)
        }
        do throws(TransportError) {
            let headers = context.headers(of: question.source, for: question.url)
            var request = context.backend.headRequest(question.url)
            request.headers += headers
            var head = try lane.perform(request, bodyLimit: 0).head
            if context.backend.refusesHead(head) {
                request = context.backend.probeRequest(question.url)
                request.headers += headers
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
        case .body(let total, let promised, let validator), .partial(_, let total, let promised, let validator):
            .there(Facts(size: total, promised: promised, validator: validator))
        case .missing(let status): .missing(status: status)
        case .refused: .refused("the source answers \(status)")
        default: .unknown("the source answers \(status)")
        }
    }

    private final class Answers: Sendable {
        private let state = Mutex<[Int: Answer]>([:])

        func add(_ answer: Answer, at index: Int) { state.withLock { $0[index] = answer } }
        var all: [Int: Answer] { state.withLock { $0 } }
    }
}
