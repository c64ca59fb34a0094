/// Whether to ask again, and when: a pure function of what went wrong, how often, and what the server said.
///
/// The wait is exponential with full jitter (a random share of `baseSeconds · 2^(attempt-1)`, at most `capSeconds`).
/// A `Retry-After` is a minimum, believed up to `hintCapSeconds`; a little jitter on top keeps lanes from coming
/// back all at once.
public struct RetryPolicy: Sendable, Hashable {
    public enum Failure: Sendable, Hashable {
        /// An HTTP status.
        case status(Int)
        case transport(TransportError)

        public var isRetryable: Bool {
            switch self {
            case .status(let status): RetryPolicy.isRetryable(status: status)
            case .transport(let error): error.isRetryable
            }
        }

        /// Whether a login is missing, of a proxy or of a file that may not be used: not the way to the source.
        public var isRefusal: Bool {
            guard case .transport(let error) = self else { return false }
            return error.kind == .proxyRefused || error.kind == .credentialFile
        }
    }

    public enum Decision: Sendable, Hashable {
        /// Seconds from now.
        case retry(after: Double)
        case giveUp
    }

    /// How many times to ask again: `--retries`.
    public var retries: Int
    public var baseSeconds: Double = 0.5
    public var capSeconds: Double = 30
    public var hintCapSeconds: Double = 600

    public init(retries: Int = 8) { self.retries = retries }

    /// - Parameters:
    ///   - attempt: how many attempts have failed, this one included: 1 after the first.
    ///   - retryAfter: seconds that the server asked for, nil if it asked nothing.
    ///   - random: uniform in 0..<1, the caller's.
    public func decide(failure: Failure, attempt: Int, retryAfter: Double?, random: Double) -> Decision {
        guard failure.isRetryable, attempt <= retries else { return .giveUp }
        let share = random.isFinite ? min(max(random, 0), 1) : 0.5
        let doublings = min(max(attempt - 1, 0), 30)
        let backoff = share * min(capSeconds, baseSeconds * Double(1 << doublings))
        guard let retryAfter, retryAfter > 0 else { return .retry(after: backoff) }
        return .retry(after: max(backoff, min(retryAfter, hintCapSeconds) + share * baseSeconds))
    }

    /// Statuses that say "later" rather than "no". (520–524 are what CDNs say of the origin behind them.)
    public static func isRetryable(status: Int) -> Bool {
        switch status {
        case 408, 425, 429, 500, 502, 503, 504, 520...524: true
        default: false
        }
    }

    /// For an error that passes whatever its status: that status where it says "later" by itself, else 429.
    static func passing(_ status: Int) -> Int { isRetryable(status: status) ? status : 429 }
}
