import Backends
import Foundation
import ObjectModel

/// The body of a shard that has its lane to itself: read buffer by buffer, and continued with `Range` and `If-Range`
/// when the connection breaks and the source gave a strong validator.
final class StreamedBody: ObjectBody {
    private let context: RunContext
    private let port: LanePort
    private let tag: Int
    private let meter: LaneMeter
    private let job: ShardJob
    private let buffer: TransferBuffer
    /// What the source said about the whole object when the transfer began.
    private let total: Int64?
    private let validator: Validator
    /// Bytes of the object delivered so far, or known from disk.
    private(set) var offset: Int64
    /// Whether the connection still has something to read; false after it broke.
    private var isOpen = true
    /// Why it broke last.
    private var broken = ""

    init(
        context: RunContext, port: LanePort, tag: Int, meter: LaneMeter, job: ShardJob, buffer: TransferBuffer,
        total: Int64?, validator: Validator, offset: Int64
    ) {
        self.context = context
        self.port = port
        self.tag = tag
        self.meter = meter
        self.job = job
        self.buffer = buffer
        self.total = total
        self.validator = validator
        self.offset = offset
    }

    func next() throws -> TransferBuffer? {
        while true {
            if context.stop.isStopped { throw BodyInterruption.stopped }
            if let total, offset == total, !isOpen { return nil }
            buffer.removeAll()
            do {
                let wasOpen = isOpen
                let count = try wasOpen ? port.lane.read(tag: tag, into: buffer) : reopen()
                if count == 0 {
                    // Reopened, there is something to read now; read to its end, it may have been too short.
                    if wasOpen, try hasEnded() { return nil }
                    continue
                }
                offset += Int64(count)
                if let total, offset > total {
                    throw BodyInterruption.restart("the body is longer than the \(total) bytes announced")
                }
                meter.received(count)
                context.gate.charge(bytes: count)
                return buffer
            } catch let error as TransportError {
                isOpen = false
                try afterBreak(.transport(error), retryAfter: nil, reason: error.message)
            }
        }
    }

    /// Stops the transfer where it is still open; whoever began it calls this in the end.
    func close() {
        if isOpen { port.lane.cancel(tag: tag) }
        isOpen = false
    }

    /// Whether the connection's proper end is the body's; after a short one it is to be asked for the rest.
    private func hasEnded() throws -> Bool {
        isOpen = false
        guard let total, offset != total else { return true }
        let short = TransportError(
            .shortBody, url: job.shownURL, message: "the body ended after \(offset) of \(total) bytes")
        try afterBreak(.transport(short), retryAfter: nil, reason: short.message)
        return false
    }

    /// Decides what follows a break; returns after the wait when the transfer may be continued.
    private func afterBreak(_ failure: RetryPolicy.Failure, retryAfter: Double?, reason: String) throws {
        broken = reason
        if context.stop.isStopped { throw BodyInterruption.stopped }
        guard validator.ifRangeValue != nil else { throw BodyInterruption.restart(reason) }
        job.attempts += 1
        let decision = context.retry.decide(
            failure: failure, attempt: job.attempts, retryAfter: retryAfter, random: .random(in: 0..<1))
        guard case .retry(let seconds) = decision else {
            throw BodyInterruption.failed(job.givenUp(after: failure, reason: reason))
        }
        context.recorder.retried(throttled: retryAfter != nil)
        guard pause(seconds: seconds, stop: context.stop) else { throw BodyInterruption.stopped }
    }

    /// Asks for the rest.
    /// - Returns: bytes already in the buffer (a small rest arrives whole), 0 when there is more to read or to retry.
    private func reopen() throws -> Int {
        guard context.gate.admitRequest(to: job.url) else { throw BodyInterruption.stopped }
        let resume = ResumePoint(keptBytes: offset, validator: validator)
        let request = try request(resume)
        port.lane.begin(request, tag: tag, inlineLimit: job.backend == nil ? 0 : ErrorBody.bytesMax)
        switch port.wait(for: tag) {
        case nil: throw BodyInterruption.stopped
        case .failed(_, let error, _, _):
            job.backend?.authorizer?.unreachable(request, error)
            try afterBreak(.transport(error), retryAfter: nil, reason: error.message)
            return 0
        case .large(_, let head):
            isOpen = true
            try judge(head, request, resume)
            return 0
        case .finished(_, let head, let body):
            defer { port.lane.recycle(body) }
            try judge(head, request, resume, errorBody: body.first(ErrorBody.bytesMax))
            guard head.status == 206 else { return 0 }
            buffer.grow(to: body.count)
            body.withBytes { buffer.append($0) }
            return body.count
        }
    }

    private func request(_ resume: ResumePoint?) throws -> HTTPRequest {
        do throws(BackendError) {
            return try context.request(for: job, resume: resume, checks: false)
        } catch {
            if error.kind == .cancelled { throw BodyInterruption.stopped }
            throw BodyInterruption.failed(ShardFailure(error.kind == .unreachable ? .transfer : .refused, "\(error)"))
        }
    }

    /// Looks at the answer to the request for the rest: nothing is thrown when it is the rest, or when it is to be
    /// asked again.
    private func judge(
        _ head: HTTPResponseHead, _ request: HTTPRequest, _ resume: ResumePoint?, errorBody: [UInt8] = []
    )
        throws
    {
        switch context.answer(head, to: request, resume: resume, of: job.backend, errorBody: errorBody) {
        case .partial(let from, _, _, _) where from == offset: return
        case .retryable(let status, let retryAfter):
            close()
            context.noteThrottle(url: job.url, status: status, retryAfter: retryAfter)
            try afterBreak(.status(status), retryAfter: retryAfter, reason: "status \(status)")
        case .refused where job.renewals < 2 && job.backend?.authorizer?.renew(after: request) == true:
            close()
            job.renewals += 1
        case .elsewhere(let url) where job.detours < ShardJob.elsewhereAtMost:
            close()
            job.detours += 1
            job.elsewhere = url
        case .refused(let status):
            throw BodyInterruption.failed(ShardFailure(.refused, "the source answers \(status) in mid-transfer"))
        case .startOver(let reason):
            throw BodyInterruption.restart(reason)
        case .failed(_, let message):
            throw BodyInterruption.restart(message)
        case .body(_, _, let now) where now.isSameObject(as: validator) == true:
            throw BodyInterruption.restart("\(broken), and the server sends the whole where the rest was asked for")
        case .body, .partial, .notModified, .missing, .elsewhere:
            throw BodyInterruption.restart("the source changed while it was being fetched")
        }
    }
}
