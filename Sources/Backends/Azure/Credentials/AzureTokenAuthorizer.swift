import Synchronization

/// Puts a token of Entra's on each request to one endpoint; fetches it once for all lanes and anew before it ends.
final class AzureTokenAuthorizer: RequestAuthorizer {
    /// Seconds before its end from which a token is replaced.
    static let margin = 300.0
    /// Seconds between two tries to replace a token that still holds, and in which a renewed token is not renewed again.
    static let patience = 60.0

    private struct State {
        var token: AzureToken?
        var isAnonymous = false
        /// When a token was last asked for in vain, or renewed.
        var triedAt = -Double.infinity
        var renewedAt = -Double.infinity
    }

    private let endpoint: String
    private let source: AzureTokenSource
    private let state = Mutex(State())

    /// - Parameter endpoint: requests to others are left alone.
    init(_ source: AzureTokenSource, endpoint: String) {
        self.source = source
        self.endpoint = endpoint
    }

    /// Whether there turned out to be no identity at all.
    var isAnonymous: Bool { state.withLock { $0.isAnonymous } }

    func authorize(_ request: HTTPRequest) throws(BackendError) -> HTTPRequest {
        guard request.url.hasPrefix(endpoint + "/"), let token = try current() else { return request }
        var authorized = request
        authorized.headers.append(HTTPHeader("Authorization", Self.field(token), isSecret: true))
        return authorized
    }

    /// Another lane may have renewed it already: then the new one is there for this request too.
    func renew(after refused: HTTPRequest) -> Bool {
        guard let used = refused.headers.last(where: { $0.name == "Authorization" })?.value else { return false }
        return state.withLock { state in
            guard let token = state.token, Self.field(token) == used else { return state.token != nil }
            let now = source.environment.now()
            guard now - state.renewedAt >= Self.patience, let fresh = try? source.fetch() else { return false }
            state.token = fresh
            state.renewedAt = now
            return true
        }
    }

    private static func field(_ token: AzureToken) -> String { "Bearer \(token.text)" }

    /// The others wait here while one lane fetches.
    private func current() throws(BackendError) -> AzureToken? {
        let found: Result<AzureToken?, BackendError> = state.withLock { state in
            let now = source.environment.now()
            if state.isAnonymous { return .success(nil) }
            if let token = state.token {
                let isFresh = token.expires - now > Self.margin
                let isPending = token.expires > now && now - state.triedAt < Self.patience
                if isFresh || isPending { return .success(token) }
            }
            state.triedAt = now
            do throws(BackendError) {
                let fresh = try source.fetch()
                guard fresh != nil || state.token == nil else {
                    throw BackendError(.unreachable, source.subject, "it gave tokens before, and does not any more")
                }
                state.token = fresh
                state.isAnonymous = fresh == nil
                return .success(fresh)
            } catch {
                if let token = state.token, token.expires > now, error.kind != .cancelled { return .success(token) }
                return .failure(error)
            }
        }
        return try found.get()
    }
}
