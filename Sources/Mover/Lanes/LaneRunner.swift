import Backends
import NodeStore
import ObjectModel
import Planner

/// One lane: an OS thread with its own transfers and buffers.
///
///     until the queue is empty and nothing is under way:
///         stream what is large, alone, to its end
///         start what may be started: one shard, or up to sixteen small objects
///         take each answer: settle it, or give it back for a later attempt
///
/// What an answer means is in `LaneRunner+Answers`. Blocking calls (poll, disk, sync) happen here and nowhere else.
final class LaneRunner {
    /// Bodies up to this many bytes are small objects: collected whole, several at once.
    static let smallBytes = 1 << 20
    /// Small objects that one lane has under way at most: enough that it always finds one that has come, since going to
    /// sleep and being woken costs more than the work on such an object.
    static let smallAtOnce = 16
    /// One lane in so many takes small objects.
    static let lanesPerSmallLane = 8
    private static let bufferBytes = 512 << 10

    struct Flight {
        let job: ShardJob
        /// As it was sent: authorized.
        let request: HTTPRequest
        let resume: ResumePoint?
    }

    private let index: Int
    let context: RunContext
    let queue: JobQueue
    private let bell: Bell
    let finisher: Finisher
    private var examiner: Examiner
    let meter: LaneMeter
    let port: LanePort
    private(set) lazy var buffer = TransferBuffer(capacity: Self.bufferBytes)
    private var flights: [Int: Flight] = [:]
    private var held: [(tag: Int, head: HTTPResponseHead)] = []
    private var nextTag = 0

    init(index: Int, context: RunContext, queue: JobQueue, finisher: Finisher) {
        self.index = index
        self.context = context
        self.queue = queue
        bell = queue.bell(of: index)
        self.finisher = finisher
        examiner = queue.examiner
        meter = context.recorder.meter(lane: index)
        let lane = CurlLane(context.options.network)
        let stop = context.stop
        lane.cancelled = { stop.isStopped }
        port = LanePort(lane, stop: stop)
    }

    func run() {
        while !context.stop.isStopped {
            let rings = bell.rings
            if !held.isEmpty, held.count == flights.count {
                let next = held.removeFirst()
                stream(tag: next.tag, head: next.head)
                continue
            }
            let isDry = held.isEmpty ? start() : false
            if flights.isEmpty {
                if isDry { break }
                // Until there is work that this lane may take, or a delayed job is due.
                bell.rest(after: rings, seconds: 0.1)
            } else {
                for event in port.poll(maxWait: 0.1) { take(event) }
            }
        }
        for tag in flights.keys { port.lane.cancel(tag: tag) }
    }

    /// Begins as many transfers as this lane may have now.
    /// - Returns: whether the queue has nothing more to give, ever.
    private func start() -> Bool {
        while !context.stop.isStopped {
            switch queue.next(lane: index, underWay: flights.count, &examiner) {
            case .job(let job): guard begin(job) else { return false }
            case .notNow: return false
            case .dry: return true
            }
        }
        return false
    }

    /// - Returns: false when the run was stopped while waiting for the host.
    private func begin(_ job: ShardJob) -> Bool {
        // Another host may have work for this lane meanwhile.
        let wait = context.gate.cooldown(of: job.url)
        guard wait <= 0 else {
            queue.delay(job, seconds: wait)
            return true
        }
        guard context.gate.admitRequest(to: job.url) else { return false }
        job.started = job.started ?? monotonicSeconds()
        guard hasSidecar(job) else { return !context.stop.isStopped }
        let resume = job.resumePoint
        guard let request = request(for: job, resume) else { return !context.stop.isStopped }
        nextTag += 1
        let flight = Flight(job: job, request: request, resume: resume)
        flights[nextTag] = flight
        tell(flight, size: job.shard.size)
        port.lane.begin(request, tag: nextTag, inlineLimit: Self.smallBytes)
        return true
    }

    /// What to send now, authorized; nil when the shard has failed, or is to be asked for later.
    private func request(for job: ShardJob, _ resume: ResumePoint?) -> HTTPRequest? {
        do throws(BackendError) {
            return try context.request(for: job, resume: resume, checks: true)
        } catch {
            refused(job, by: error)
            return nil
        }
    }

    /// No credentials are to be had: a server that does not answer is worth another attempt.
    private func refused(_ job: ShardJob, by error: BackendError) {
        switch error.kind {
        case .cancelled: return
        case .unreachable:
            let broken = TransportError(.connect, url: job.shownURL, message: "\(error)")
            again(job, after: .transport(broken), retryAfter: nil, reason: "\(error)")
        case .usage, .credentials, .refused, .noBucket, .incompleteListing:
            finisher.fail(job, with: ShardFailure(.refused, "\(error)"))
        }
    }

    /// What the lane is busy with, for the live block.
    private func tell(_ flight: Flight, size: Int64?) {
        meter.busy(
            with: .init(
                object: flight.job.objectTitle, received: flight.resume?.offset ?? 0, size: size,
                since: monotonicSeconds()))
    }

    private func take(_ event: LaneEvent) {
        switch event {
        case .large(let tag, let head):
            queue.learn(job: flights[tag]?.job, isSmall: false)
            held.append((tag, head))
        case .finished(let tag, let head, let body):
            defer { port.lane.recycle(body) }
            guard let flight = flights.removeValue(forKey: tag) else { return }
            if head.status == 200, flight.request.method != .head { queue.learn(job: flight.job, isSmall: true) }
            meter.received(body.count)
            context.gate.charge(bytes: body.count)
            settle(flight, tag: tag, head: head, inline: body)
            if flights.isEmpty { meter.busy(with: nil) }
        case .failed(let tag, let error, _, let received):
            held.removeAll { $0.tag == tag }
            meter.received(Int(received))
            guard let flight = flights.removeValue(forKey: tag) else { return }
            flight.job.backend?.authorizer?.unreachable(flight.request, error)
            again(flight.job, after: .transport(error), retryAfter: nil, reason: error.message)
            if flights.isEmpty { meter.busy(with: nil) }
        }
    }

    private func stream(tag: Int, head: HTTPResponseHead) {
        guard let flight = flights.removeValue(forKey: tag) else { return }
        tell(flight, size: head.contentRange?.total ?? head.contentLength)
        queue.whileStreaming(lane: index) { settle(flight, tag: tag, head: head, inline: nil) }
        port.lane.cancel(tag: tag)
        meter.busy(with: nil)
    }
}
