import ObjectModel

/// Signs requests to OCI with an API key or a session's key; a session is read again before it ends, and after a refusal.
final class OCIAuthorizer: RequestAuthorizer {
    private struct State {
        var credentials: OCICredentials
        /// Seconds since 1970 of the last look at the files.
        var looked: Double
    }

    private let state: Guarded<State>
    private let reload: @Sendable () throws(BackendError) -> OCICredentials
    private let now: @Sendable () -> Double

    /// Sessions are renewed that long before their end, in seconds.
    private static let marginSeconds = 300.0
    /// A session that is not renewed in time is looked for that often, in seconds.
    private static let lookSeconds = 10.0

    init(
        _ credentials: OCICredentials, now: @escaping @Sendable () -> Double,
        reload: @escaping @Sendable () throws(BackendError) -> OCICredentials
    ) {
        state = Guarded(State(credentials: credentials, looked: -.infinity))
        self.now = now
        self.reload = reload
    }

    func authorize(_ request: HTTPRequest) throws(BackendError) -> HTTPRequest {
        let now = now()
        let signer = state.withLock { state in
            if let expires = state.credentials.expires, expires - Self.marginSeconds < now,
                now - state.looked > Self.lookSeconds
            {
                state.looked = now
                // A file that cannot be read just now leaves what there is; the service has the last word.
                if let fresh = try? reload() { state.credentials = fresh }
            }
            return state.credentials.signer
        }
        do throws(TransportError) {
            var signed = request
            signed.headers += try OCISignature.headers(for: request, by: signer, date: Int64(now))
            return signed
        } catch {
            throw BackendError(.usage, error.url, error.message)
        }
    }

    func renew(after refused: HTTPRequest) -> Bool {
        let sent = HTTPHeaders(refused.headers)["Authorization"] ?? ""
        return state.withLock { state in
            let current = state.credentials.signer.keyID
            // Another lane was here before.
            guard sent.contains("keyId=\"\(current)\"") else { return true }
            guard let fresh = try? reload(), fresh.signer.keyID != current else { return false }
            state.credentials = fresh
            return true
        }
    }
}
