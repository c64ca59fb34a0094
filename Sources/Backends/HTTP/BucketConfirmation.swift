/// Whether an HTTP "bucket" exists and is accessible, found by HEAD of up to three of its names.
///
/// Ask `next` until it is nil, telling each time what came. Any answer other than 401, 403, 407 and 5xx confirms at
/// once: a 404 is a hole in a range, but the server is there and lets us in. Where HEAD is refused (405, 501; 403
/// for a URL with a query, which may be signed for GET alone), one byte is asked for by GET. Retries are the caller's:
/// tell only what remained after them.
public struct BucketConfirmation: Sendable {
    public enum Verdict: Sendable, Hashable {
        case confirmed
        /// No name confirmed, at least one was refused: exit 5.
        case refused(status: Int)
        /// Only server errors and transport errors: nothing is known. With the last reason, and whether it is one that
        /// passes, so that another run may be answered.
        case unconfirmed(String, passes: Bool)
    }

    private let backend: any Backend
    private var urls: [String]
    private var isProbing = false
    private var refusal: Int?
    private var reason = "nothing was asked"
    private var passes = false
    private var isConfirmed = false

    /// Only the first three of `urls` are used; none gives `.unconfirmed`.
    public init(urls: some Sequence<String>, backend: any Backend) {
        self.backend = backend
        self.urls = Array(urls.prefix(3))
    }

    /// The request to send now, nil once there is a verdict.
    public var next: HTTPRequest? {
        guard !isConfirmed, let url = urls.first else { return nil }
        return isProbing ? backend.probeRequest(url) : backend.headRequest(url)
    }

    /// nil while there is something left to ask.
    public var verdict: Verdict? {
        if isConfirmed { return .confirmed }
        guard urls.isEmpty else { return nil }
        return refusal.map { .refused(status: $0) } ?? .unconfirmed(reason, passes: passes)
    }

    /// The head that came for `next`.
    public mutating func answered(_ head: HTTPResponseHead) {
        guard let url = urls.first, !isConfirmed else { return }
        let mayBeSigned = head.status == 403 && url.utf8.contains(0x3F)
        if !isProbing && (backend.refusesHead(head) || mayBeSigned) {
            isProbing = true
            return
        }
        switch head.status {
        case 401, 403, 407: refusal = refusal ?? head.status
        case 500...:
            reason = "\(URLText.redacted(url)): the server answered \(head.status)"
            passes = RetryPolicy.isRetryable(status: head.status)
        default: isConfirmed = true
        }
        advance()
    }

    /// No answer came for `next`. A host that cannot be found or connected to is not asked about another name.
    public mutating func failed(_ error: TransportError) {
        reason = error.description
        passes = error.isRetryable
        if error.kind == .connect || error.kind == .resolve, let origin = urls.first.flatMap(URLText.origin) {
            urls[1...].removeAll { URLText.origin(of: $0) == origin }
        }
        advance()
    }

    private mutating func advance() {
        urls.removeFirst(min(1, urls.count))
        isProbing = false
    }
}
