import Hashing
import ObjectModel

/// Signs requests with SigV4, with keys that are renewed before they expire: once for all lanes.
public final class AWSAuthorizer: RequestAuthorizer {
    /// Renewed when they live no longer than this.
    static let marginSeconds = 300.0
    /// A set younger than this is not exchanged because of a refusal: then the keys are not the reason.
    static let freshSeconds = 30.0

    private struct State {
        var credentials: AWSCredentials?
        var fetchedAt = -Double.infinity
        var nextTry = -Double.infinity
        var day = ""
        var key: [UInt8] = []

        mutating func take(_ fresh: AWSCredentials, _ now: Double) {
            credentials = fresh
            fetchedAt = now
            day = ""
        }
    }

    private let scope: SigV4.Scope
    private let isFixed: Bool
    private let now: @Sendable () -> Double
    private let fetch: @Sendable () throws(BackendError) -> AWSCredentials
    private let state = Guarded(State())

    /// Keys that stay.
    public init(_ credentials: AWSCredentials, _ scope: SigV4.Scope, now: @escaping @Sendable () -> Double) {
        self.scope = scope
        self.now = now
        isFixed = true
        fetch = { () throws(BackendError) in credentials }
    }

    /// - Parameter fetch: gives a new set; may ask the network. Called by one thread at a time.
    public init(
        _ scope: SigV4.Scope, now: @escaping @Sendable () -> Double,
        fetch: @escaping @Sendable () throws(BackendError) -> AWSCredentials
    ) {
        self.scope = scope
        self.now = now
        self.fetch = fetch
        isFixed = false
    }

    /// Signs the host and every `x-amz-` field; conditions and ranges need no signature.
    public func authorize(_ request: HTTPRequest) throws(BackendError) -> HTTPRequest {
        let now = now()
        let date = SigV4.date(now)
        let (credentials, key) = try current(now, day: String(date.prefix(8)))
        let covered = request.headers.filter { HTTPHeaders.sameName(String($0.name.prefix(6)), "x-amz-") }
        let payload = request.body.map { Digest.sha256(of: $0.span.bytes).hex } ?? SigV4.emptyPayload
        var authorized = request
        authorized.headers += SigV4.headers(
            request.method, url: request.url, signed: covered, payloadHash: payload, date: date, scope, credentials,
            key: key)
        return authorized
    }

    /// True when other keys than those of `refused` are at hand now.
    public func renew(after refused: HTTPRequest) -> Bool {
        guard !isFixed else { return false }
        let now = now()
        return state.withLock { state in
            guard let used = state.credentials else { return false }
            guard Self.isSigned(refused, with: used) else { return true }
            guard now - state.fetchedAt > Self.freshSeconds, now >= state.nextTry else { return false }
            state.nextTry = now + Self.freshSeconds
            guard let fresh = try? fetch() else { return false }
            state.take(fresh, now)
            return fresh.accessKey != used.accessKey || fresh.sessionToken != used.sessionToken
        }
    }

    private func current(_ now: Double, day: String) throws(BackendError) -> (AWSCredentials, [UInt8]) {
        try state.withLock { (state) throws(BackendError) in
            let credentials = try usable(&state, now)
            if state.day != day {
                state.key = SigV4.signingKey(secret: credentials.secretKey, day: day, scope)
                state.day = day
            }
            return (credentials, state.key)
        }
    }

    private func usable(_ state: inout State, _ now: Double) throws(BackendError) -> AWSCredentials {
        if let held = state.credentials {
            let left = (held.expires ?? .infinity) - now
            if left > Self.marginSeconds || (left > 0 && now < state.nextTry) { return held }
            state.nextTry = now + Self.freshSeconds
            do throws(BackendError) {
                let fresh = try fetch()
                state.take(fresh, now)
                return fresh
            } catch {
                // What is still good serves until it ends.
                guard left > 0 else { throw error }
                return held
            }
        }
        let fresh = try fetch()
        state.take(fresh, now)
        return fresh
    }

    private static func isSigned(_ request: HTTPRequest, with credentials: AWSCredentials) -> Bool {
        let headers = HTTPHeaders(request.headers)
        return headers["Authorization"]?.contains("Credential=\(credentials.accessKey)/") ?? false
            && headers["X-Amz-Security-Token"] == credentials.sessionToken
    }
}
