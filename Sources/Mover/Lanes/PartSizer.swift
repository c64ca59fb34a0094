import Backends
import Foundation
import ObjectModel

/// Asks for the sizes of an object's parts before its body is read, so that the digests of its parts can run along.
///
///     one part          → the whole is it
///     else HEAD part 1  → the others are as large, the last takes the rest: nearly every upload is made so
///     otherwise         → HEAD of each part
///
/// That the parts between are as large as the first is an inference. So a digest that differs is not believed at once:
/// the second fetch, which every failed verification gets, asks for each part, and what differs then is a failure. With
/// `--digest-mismatch log` there is no second fetch; then each part is asked for at once.
struct PartSizer {
    let context: RunContext
    let lane: CurlLane
    let job: ShardJob

    /// The announcement with what it promises of the object's parts, as far as their sizes can be known.
    ///
    /// Nothing is asked where a digest of the whole is promised already.
    /// - Throws: `Unanswered`; `BodyInterruption` when the run is stopped.
    func complete(_ announcement: ColdGet.Announcement) throws -> ColdGet.Announcement {
        guard announcement.promised.isEmpty, let promise = job.backend?.parts(announcement.head),
            promise.total == announcement.total, let sizes = try sizes(promise)
        else { return announcement }
        var announcement = announcement
        announcement.promised = promise.promised(sizes: sizes)
        return announcement
    }

    private func sizes(_ promise: PartsPromise) throws -> [Int64]? {
        if promise.count == 1 { return [promise.total] }
        guard let first = try size(of: 1, promise) else { return nil }
        let even = promise.evenSizes(first: first)
        let isCertain = promise.count == 2 && even != nil
        guard even == nil || !isCertain && asksForEach else { return even }
        var sizes = [first]
        for number in 2...promise.count {
            // A server that stops telling leaves the inference.
            guard let size = try size(of: number, promise) else { return even }
            sizes.append(size)
        }
        return sizes.reduce(0, +) == promise.total ? sizes : even
    }

    private var asksForEach: Bool { job.firstVerdict != nil || context.options.digestMismatch == .log }

    /// nil where the server does not tell it.
    private func size(of number: Int, _ promise: PartsPromise) throws -> Int64? {
        let request = promise.request(part: number)
        for _ in 0..<2 {
            guard context.gate.admitRequest(to: request.url) else { throw BodyInterruption.stopped }
            let authorized = try authorize(request)
            let (head, body) = try perform(authorized)
            lane.recycle(body)
            switch head.status {
            case 401, 403:
                guard job.renewals < 2, job.backend?.authorizer?.renew(after: authorized) == true else { return nil }
                job.renewals += 1
            case let status where RetryPolicy.isRetryable(status: status):
                let hint = RetryAfter.seconds(in: head, now: Date().timeIntervalSince1970)
                context.noteThrottle(url: request.url, status: status, retryAfter: hint)
                throw Unanswered(
                    failure: .status(status), retryAfter: hint, reason: "the source answers \(status) for a part")
            case 412:
                let changed = TransportError(.shortBody, url: job.shownURL, message: "the source has changed")
                throw Unanswered(failure: .transport(changed), retryAfter: nil, reason: changed.message)
            default:
                return promise.size(head)
            }
        }
        return nil
    }

    private func authorize(_ request: HTTPRequest) throws -> HTTPRequest {
        do throws(BackendError) {
            return try job.backend?.authorizer?.authorize(request) ?? request
        } catch {
            if error.kind == .cancelled { throw BodyInterruption.stopped }
            guard error.kind == .unreachable else { throw ShardFailure(.refused, "\(error)") }
            let broken = TransportError(.connect, url: job.shownURL, message: "\(error)")
            throw Unanswered(failure: .transport(broken), retryAfter: nil, reason: "\(error)")
        }
    }

    private func perform(_ request: HTTPRequest) throws -> (head: HTTPResponseHead, body: TransferBuffer) {
        do throws(TransportError) {
            return try lane.perform(request, bodyLimit: 0)
        } catch {
            if error.kind == .cancelled { throw BodyInterruption.stopped }
            job.backend?.authorizer?.unreachable(request, error)
            throw Unanswered(failure: .transport(error), retryAfter: nil, reason: error.message)
        }
    }
}
