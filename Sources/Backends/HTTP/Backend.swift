import ObjectModel

/// A source of objects, as pure values: what to ask, and what an answer means. Lanes carry the requests out.
///
/// Contract:
/// - No function does I/O, reads a clock or keeps state; each may be called any number of times, from any thread,
///   and gives the same result for the same arguments. So nothing here can fail, block or be cancelled.
/// - Requests hold no secrets: credentials are the lane's (`NetworkOptions`) or the `authorizer`'s. Their headers may
///   follow redirects.
/// - `answer` is called once per head, before any byte of the body is used, with the request that led to it. It
///   decides between using the body and dropping it; it never looks at the body.
/// - `.retryable` and transport errors go to `RetryPolicy`; everything else is final for that request.
public protocol Backend: Sendable {
    var provider: Provider { get }

    /// Who signs the requests; nil when the lane's own credentials are all there is.
    var authorizer: (any RequestAuthorizer)? { get }

    /// GET of the whole object, or from `resume.offset` on, provided it is still the same object.
    func objectRequest(_ url: String, resume: ResumePoint?) -> HTTPRequest

    /// GET that brings a body only if the object is no longer the one of `validator`;
    /// nil when the validator gives no condition (then compare lengths by `headRequest`).
    func conditionalRequest(_ url: String, unlike validator: Validator) -> HTTPRequest?

    func headRequest(_ url: String) -> HTTPRequest

    /// GET of one byte, for servers that refuse HEAD. A server may still send everything: cancel at the head.
    func probeRequest(_ url: String) -> HTTPRequest

    /// Whether an answer to HEAD says that HEAD is not to be had (then send `probeRequest`).
    func refusesHead(_ head: HTTPResponseHead) -> Bool

    /// - Parameters:
    ///   - resume: the same as for `objectRequest`.
    ///   - errorBody: of an answer beyond 299, its first 16 KiB, where providers put their error codes.
    ///   - now: seconds since 1970, for a `Retry-After` date in an answer without `Date`.
    func answer(
        _ head: HTTPResponseHead, to request: HTTPRequest, resume: ResumePoint?, errorBody: [UInt8], now: Double
    ) -> ObjectAnswer
}

extension Backend {
    public var authorizer: (any RequestAuthorizer)? { nil }
}
