import Backends
import Foundation
import ObjectModel

/// `--sidecar sha256`: asks for `URL.sha256` before the shard itself, where it comes from a web server.
struct SidecarAsker {
    private static let bytesMax = 64 << 10

    let context: RunContext
    let lane: CurlLane
    let job: ShardJob

    /// Gives the job its digest; only 404 and 410 say that there is none.
    /// - Throws: `Unanswered`; `ShardFailure`; `BodyInterruption` when the run is stopped.
    func ask() throws {
        guard let kind = context.options.sidecar, job.backend == nil, job.sidecarDigest == nil else { return }
        let url = Sidecar.url(for: job.url, kind: kind)
        guard context.gate.admitRequest(to: url) else { throw BodyInterruption.stopped }
        let (head, body) = try answer(of: url)
        defer { lane.recycle(body) }
        let shown = URLText.redacted(url)
        switch head.status {
        case 200: job.sidecarDigest = try Sidecar.digest(in: body.text, kind: kind, url: shown)
        case 404, 410: return
        case 401, 403, 407: throw ShardFailure(.refused, "\(shown) answers \(head.status); check credentials")
        default:
            let hint = RetryAfter.seconds(in: head, now: Date().timeIntervalSince1970)
            context.noteThrottle(url: url, status: head.status, retryAfter: hint)
            throw Unanswered(
                failure: .status(head.status), retryAfter: hint, reason: "\(shown) answers \(head.status)")
        }
    }

    private func answer(of url: String) throws -> (head: HTTPResponseHead, body: TransferBuffer) {
        let request = HTTPRequest(url: url, headers: context.headers(of: job.shard.source, for: url))
        do throws(TransportError) {
            return try lane.perform(request, bodyLimit: Self.bytesMax)
        } catch {
            throw Unanswered(failure: .transport(error), retryAfter: nil, reason: error.message)
        }
    }
}
