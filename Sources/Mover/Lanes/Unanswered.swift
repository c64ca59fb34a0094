import Backends

/// A question beside a shard's own request has no answer now; another attempt of the shard may get one.
struct Unanswered: Error {
    let failure: RetryPolicy.Failure
    /// Seconds.
    let retryAfter: Double?
    let reason: String
}
