/// Fetches tokens over the network. Keeps nothing.
struct GoogleTokenSource: TokenSource {
    static let marginSeconds = 225.0

    let credentials: GoogleCredentials
    /// What errors name: a file, a host.
    let subject: String
    let environment: CloudEnvironment

    /// Bytes of a token's answer at most.
    private static let bodyLimit = 1 << 20

    /// nil = go without. Blocks. Throws `.credentials` for what Google refuses, `.unreachable`, `.cancelled`.
    func fetch() throws(BackendError) -> GoogleToken? { try token(credentials, GoogleCredentials.scope) }

    private func token(_ credentials: GoogleCredentials, _ scope: String) throws(BackendError) -> GoogleToken? {
        switch credentials {
        case .anonymous: return nil
        case .serviceAccount(let account):
            let now = Int64(environment.now())
            return try granted(GoogleTokenRequests.serviceAccount(account, scope: scope, now: now))
        case .user(let user): return try granted(GoogleTokenRequests.refresh(user))
        case .external(let account): return try external(account, scope)
        case .impersonated(let source, let url, let delegates):
            return try impersonated(try token(source, GoogleCredentials.broadScope), url, delegates, scope)
        case .metadata(let host, let isCertain): return try metadata(host, isCertain, scope)
        }
    }

    private func granted(_ request: HTTPRequest, isLocal: Bool = false) throws(BackendError) -> GoogleToken {
        let (head, body) = try ask(request, isLocal: isLocal)
        guard head.status == 200, let token = GoogleToken(answer: body, now: environment.now()) else {
            throw refused(head, body)
        }
        return token
    }

    private func external(
        _ account: GoogleCredentials.ExternalAccount, _ scope: String
    ) throws(BackendError) -> GoogleToken {
        let text: String
        switch account.source {
        case .file(let path):
            do throws(CredentialError) {
                text = try SecretFile.text(path, what: "token file")
            } catch {
                throw BackendError(.credentials, subject, error.description)
            }
        case .url(let url, let headers):
            let (head, body) = try ask(HTTPRequest(url: url, headers: headers))
            guard head.status == 200 else { throw refused(head, []) }
            text = String(decoding: body, as: UTF8.self)
        }
        guard let token = GoogleToken.subject(text, field: account.tokenField) else {
            throw BackendError(.credentials, subject, "credential_source holds no token")
        }
        let first = account.impersonationURL == nil ? scope : GoogleCredentials.broadScope
        let exchanged = try granted(GoogleTokenRequests.exchange(account, subjectToken: token, scope: first))
        guard let url = account.impersonationURL else { return exchanged }
        return try impersonated(exchanged, url, [], scope)
    }

    private func impersonated(
        _ source: GoogleToken?, _ url: String, _ delegates: [String], _ scope: String
    ) throws(BackendError) -> GoogleToken {
        guard let source else { throw BackendError(.credentials, subject, "nobody is there to impersonate as") }
        let request = GoogleTokenRequests.impersonate(url, delegates: delegates, scope: scope, as: source.text)
        let (head, body) = try ask(request)
        guard head.status == 200, let token = GoogleToken(impersonated: body) else { throw refused(head, body) }
        return token
    }

    private func metadata(_ host: String, _ isCertain: Bool, _ scope: String) throws(BackendError) -> GoogleToken? {
        let request = GoogleTokenRequests.metadata(host, "instance/service-accounts/default/token", scope: scope)
        guard isCertain else {
            guard let (head, body) = GoogleMetadata.ask(request, environment), head.status == 200 else { return nil }
            return GoogleToken(answer: body, now: environment.now())
        }
        return try granted(request, isLocal: true)
    }

    /// Custom headers and `.netrc` are for sources, not for whoever gives tokens.
    /// - Parameter isLocal: no proxy leads there.
    private func ask(
        _ request: HTTPRequest, isLocal: Bool = false
    ) throws(BackendError) -> (head: HTTPResponseHead, body: [UInt8]) {
        var environment = environment
        if isLocal { environment.network.noProxy = ["*"] }
        environment.network.headers = []
        environment.network.netrcFile = "/dev/null"
        return try environment.makeLane().ask(request, nil, subject: subject, bodyLimit: Self.bodyLimit)
    }

    private func refused(_ head: HTTPResponseHead, _ body: [UInt8]) -> BackendError {
        let host = URLText.origin(of: head.url) ?? head.url
        guard !RetryPolicy.isRetryable(status: head.status) else {
            return BackendError(.unreachable, subject, "\(host) answers \(head.status) instead of a token")
        }
        let said = head.status == 200 ? "what is no token" : "\(head.status)"
        let words = GoogleToken.refusal(body).map { " (\($0))" } ?? ""
        return BackendError(.credentials, subject, "\(host) answers \(said)\(words); \(credentials.remedy)")
    }
}
