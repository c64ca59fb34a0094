import Foundation
import ObjectModel

/// Small requests that matter for a whole run (confirmations, lists, index pages), asked again as the retry policy says.
///
/// Belongs to one thread, and blocks it.
public final class PatientLane {
    private let lane: CurlLane
    private let policy: RetryPolicy
    private let stopped: @Sendable () -> Bool

    /// - Parameter stopped: asked at least five times a second; true ends a request with `.cancelled`.
    public init(_ options: NetworkOptions, policy: RetryPolicy, stopped: @escaping @Sendable () -> Bool = { false }) {
        lane = CurlLane(options)
        lane.cancelled = stopped
        self.policy = policy
        self.stopped = stopped
    }

    /// One answer, of whatever status, after the retries that its status or a broken connection are worth.
    public func perform(
        _ request: HTTPRequest, bodyLimit: Int
    ) throws(TransportError) -> (head: HTTPResponseHead, body: [UInt8]) {
        var attempt = 0
        while true {
            attempt += 1
            do throws(TransportError) {
                let (head, buffer) = try lane.perform(request, bodyLimit: bodyLimit)
                defer { lane.recycle(buffer) }
                let hint = RetryAfter.seconds(in: head, now: Date().timeIntervalSince1970)
                guard let wait = wait(.status(head.status), attempt, hint) else { return (head, buffer.bytes) }
                try pause(wait, request)
            } catch {
                guard let wait = wait(.transport(error), attempt, nil) else { throw error }
                try pause(wait, request)
            }
        }
    }

    /// The same for a request that `authorizer` signs, each attempt anew; a refusal is answered once by renewing.
    /// - Parameter subject: what errors name: `s3://data`.
    public func ask(
        _ request: HTTPRequest, _ authorizer: (any RequestAuthorizer)?, subject: String, bodyLimit: Int
    ) throws(BackendError) -> (head: HTTPResponseHead, body: [UInt8]) {
        var attempt = 0
        while true {
            attempt += 1
            let authorized = try authorizer?.authorize(request) ?? request
            do throws(TransportError) {
                let (head, buffer) = try lane.perform(authorized, bodyLimit: bodyLimit)
                defer { lane.recycle(buffer) }
                if Self.isRefusal(head.status, buffer), authorizer?.renew(after: authorized) == true { continue }
                let hint = RetryAfter.seconds(in: head, now: Date().timeIntervalSince1970)
                guard let wait = wait(.status(head.status), attempt, hint) else { return (head, buffer.bytes) }
                try pause(wait, request)
            } catch {
                authorizer?.unreachable(authorized, error)
                guard let wait = wait(.transport(error), attempt, nil) else {
                    throw BackendError(error.kind == .cancelled ? .cancelled : .unreachable, subject, "\(error)")
                }
                do throws(TransportError) {
                    try pause(wait, request)
                } catch {
                    throw BackendError(.cancelled, subject, error.message)
                }
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

    private func pause(_ seconds: Double, _ request: HTTPRequest) throws(TransportError) {
        let end = LaneClock.monotonic() + seconds
        while LaneClock.monotonic() < end {
            if stopped() { throw TransportError(.cancelled, url: URLText.redacted(request.url), message: "stopped") }
            Thread.sleep(forTimeInterval: min(0.1, max(0, end - LaneClock.monotonic())))
        }
    }
}
