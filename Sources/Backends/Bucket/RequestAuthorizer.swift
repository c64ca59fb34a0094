/// Who we are to a provider, and where its servers are: signs requests, and keeps its tokens fresh. Shared by all lanes of
/// a run.
///
/// Contract:
/// - `authorize` is called right before a request is sent, for each attempt, on the lane's thread. What it adds is
///   secret: header fields with `isSecret`, or a query, so that nothing of it is shown or crosses to another origin.
/// - It may block while a token is fetched: once for all lanes, and before the old one expires.
/// - After an answer of 401 or 403 (or 400 with AWS's `ExpiredToken`), `renew` is called with the request as it was
///   sent. It returns true at most once for one set of credentials: then a new one was fetched and the request may be
///   authorized and sent again.
/// - Where a provider has several servers (the nodes of a cluster), `authorize` also picks one, by exchanging the URL's
///   origin, and `unreachable` tells it that the picked one gave no answer.
public protocol RequestAuthorizer: Sendable {
    func authorize(_ request: HTTPRequest) throws(BackendError) -> HTTPRequest
    func renew(after refused: HTTPRequest) -> Bool
    func unreachable(_ request: HTTPRequest, _ error: TransportError)
}

extension RequestAuthorizer {
    public func renew(after refused: HTTPRequest) -> Bool { false }
    public func unreachable(_ request: HTTPRequest, _ error: TransportError) {}
}
