import ObjectModel

/// An access token, and when it ends.
protocol BearerToken: Sendable {
    var text: String { get }
    /// Seconds since 1970.
    var expires: Double { get }
}

/// Where a provider's tokens come from.
protocol TokenSource: Sendable {
    associatedtype Token: BearerToken

    /// Seconds before its end from which a token is replaced.
    static var marginSeconds: Double { get }
    var environment: CloudEnvironment { get }
    /// What errors name.
    var subject: String { get }

    /// A new token; nil when there is no identity at all. May ask the network.
    func fetch() throws(BackendError) -> Token?
}

/// Puts a token on each request to one endpoint; fetches it once for all lanes and anew before it ends.
final class TokenAuthorizer<Source: TokenSource>: RequestAuthorizer {
    /// Seconds between two tries to replace a token that still holds, and in which a renewed token is not renewed again.
    private static var patienceSeconds: Double { 60 }

    private struct State {
        var token: Source.Token?
        var isAnonymous = false
        /// When a token was last asked for in vain, or renewed.
        var triedAt = -Double.infinity
        var renewedAt = -Double.infinity
    }

    private let endpoint: String
    private let source: Source
    private let state = Guarded(State())

    /// - Parameter endpoint: requests to others are left alone.
    init(_ source: Source, endpoint: String) {
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
            guard now - state.renewedAt >= Self.patienceSeconds, let fresh = try? source.fetch() else { return false }
            state.token = fresh
            state.renewedAt = now
            return true
        }
    }

    private static func field(_ token: Source.Token) -> String { "Bearer \(token.text)" }

    /// The others wait here while one lane fetches.
    private func current() throws(BackendError) -> Source.Token? {
        let found: Result<Source.Token?, BackendError> = state.withLock { state in
            let now = source.environment.now()
            if state.isAnonymous { return .success(nil) }
            if let token = state.token {
                let isFresh = token.expires - now > Source.marginSeconds
                let isPending = token.expires > now && now - state.triedAt < Self.patienceSeconds
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
