import Foundation
import ObjectModel

/// Small requests that matter for a whole run (confirmations, lists, index pages), asked again as the retry policy says.
///
/// Belongs to one thread, and blocks it.
public final class PatientLane {
    private let lane: CurlLane
    private let policy: RetryPolicy
    private let stopped: @Sendable () -> Bool
    private let onRetry: RetryObserver

    /// What went wrong, and when it will be asked again: a line for whoever wonders why nothing moves.
    public typealias RetryObserver = @Sendable (String) -> Void

    /// - Parameters:
    ///   - stopped: asked at least five times a second; true ends a request with `.cancelled`.
    ///   - onRetry: told before each wait.
    public init(
        _ options: NetworkOptions, policy: RetryPolicy, stopped: @escaping @Sendable () -> Bool = { false },
        onRetry: @escaping RetryObserver = { _ in }
    ) {
        lane = CurlLane(options)
        lane.cancelled = stopped
        self.policy = policy
        self.stopped = stopped
        self.onRetry = onRetry
    }

    /// Whether whoever stops this lane has done so: for other waits on the same thread.
    public var isStopped: Bool { stopped() }

    /// One answer, of whatever status, after the retries that its status or a broken connection are worth.
    public func perform(
        _ request: HTTPRequest, bodyLimit: Int
    ) throws(TransportError) -> (head: HTTPResponseHead, body: [UInt8]) {
        try exchange(request, nil, bodyLimit, authorized: { () throws(TransportError) in request }, failure: { $0 })
    }

    /// The same for a request that `authorizer` signs, each attempt anew; a refusal is answered once by renewing.
    /// - Parameters:
    ///   - subject: what errors name: `s3://data`.
    ///   - isPassing: whether an error is worth asking again although its status does not say so.
    public func ask(
        _ request: HTTPRequest, _ authorizer: (any RequestAuthorizer)?, subject: String, bodyLimit: Int,
        isPassing: (HTTPResponseHead, [UInt8]) -> Bool = { _, _ in false }
    ) throws(BackendError) -> (head: HTTPResponseHead, body: [UInt8]) {
        try exchange(
            request, authorizer, bodyLimit, isPassing: isPassing,
            authorized: { () throws(BackendError) in try authorizer?.authorize(request) ?? request },
            failure: { BackendError($0.kind == .cancelled ? .cancelled : .unreachable, subject, "\($0)") })
    }

    /// The same for a bucket, whose words in an error may say that it passes.
    func ask(
        _ request: HTTPRequest, of bucket: some BucketBackend, subject: String, bodyLimit: Int
    ) throws(BackendError) -> (head: HTTPResponseHead, body: [UInt8]) {
        try ask(request, bucket.authorizer, subject: subject, bodyLimit: bodyLimit) { head, body in
            if case .retryable = bucket.bucketAnswer(head, body: body) { true } else { false }
        }
    }

    private func exchange<Failure: Error>(
        _ request: HTTPRequest, _ authorizer: (any RequestAuthorizer)?, _ bodyLimit: Int,
        isPassing: (HTTPResponseHead, [UInt8]) -> Bool = { _, _ in false },
        authorized: () throws(Failure) -> HTTPRequest, failure: (TransportError) -> Failure
    ) throws(Failure) -> (head: HTTPResponseHead, body: [UInt8]) {
        var attempt = 0
        while true {
            attempt += 1
            let sent = try authorized()
            let (wait, reason): (Double, String)
            do throws(TransportError) {
                let (head, buffer) = try lane.perform(sent, bodyLimit: bodyLimit)
                defer { lane.recycle(buffer) }
                let passes = head.status >= 400 && isPassing(head, buffer.bytes)
                if !passes, Self.isRefusal(head.status, buffer), authorizer?.renew(after: sent) == true { continue }
                let status = passes ? RetryPolicy.passing(head.status) : head.status
                let hint = RetryAfter.seconds(in: head, now: Date().timeIntervalSince1970)
                guard let pause = self.wait(.status(status), attempt, hint) else { return (head, buffer.bytes) }
                (wait, reason) = (pause, "\(URLText.redacted(request.url)): the server answers \(head.status)")
            } catch {
                authorizer?.unreachable(sent, error)
                guard let pause = self.wait(.transport(error), attempt, nil) else { throw failure(error) }
                (wait, reason) = (pause, "\(error)")
            }
            let rounded = max(Int(wait.rounded(.up)), 1)
            onRetry("\(reason); asking again in \(rounded) s (\(attempt) of \(policy.retries))")
            guard pause(wait) else {
                let url = URLText.redacted(request.url)
                throw failure(TransportError(.cancelled, url: url, message: "stopped"))
            }
        }
    }

    /// 401, 403; AWS answers a session that has ended with 400, and says so in the body.
    private static func isRefusal(_ status: Int, _ body: TransferBuffer) -> Bool {
        status == 401 || status == 403 || status == 400 && body.bytes.prefix(4096).contains("ExpiredToken".utf8)
    }

    private func wait(_ failure: RetryPolicy.Failure, _ attempt: Int, _ hint: Double?) -> Double? {
        let decision = policy.decide(
            failure: failure, attempt: attempt, retryAfter: hint, random: .random(in: 0..<1))
        guard case .retry(let seconds) = decision else { return nil }
        return seconds
    }

    /// - Returns: false when it was stopped meanwhile.
    private func pause(_ seconds: Double) -> Bool {
        let end = LaneClock.monotonic() + seconds
        while LaneClock.monotonic() < end {
            if stopped() { return false }
            Thread.sleep(forTimeInterval: min(0.1, max(0, end - LaneClock.monotonic())))
        }
        return true
    }
}
