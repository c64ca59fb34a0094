import Foundation

/// Fetches tokens for blobs over the network. Keeps nothing.
struct AzureTokenSource: TokenSource {
    static let marginSeconds = 300.0

    /// Who vouches for us.
    enum Kind: Sendable, Hashable {
        /// An application with a secret; the URL is Entra's for its tenant.
        case secret(url: String, client: String, secret: String)
        /// An application whose platform (Kubernetes, a CI) writes a token of its own into a file.
        case federated(url: String, client: String, file: String)
        /// App Service and the like: `IDENTITY_ENDPOINT`, `IDENTITY_HEADER`.
        case service(url: String, secret: String, client: String?)
        /// The metadata service of a virtual machine. Not certain = nobody named it, it may not be there.
        case machine(host: String, client: String?, isCertain: Bool)
    }

    static let resource = "https://storage.azure.com/"
    /// Bytes of a token's answer at most.
    private static let bodyLimit = 1 << 20

    let kind: Kind
    /// Whether a machine's identity may be looked for without being named: never for an emulator.
    let mayGuess: Bool
    let environment: CloudEnvironment

    /// What errors name.
    var subject: String {
        switch kind {
        case .secret(let url, _, _), .federated(let url, _, _), .service(let url, _, _):
            URLText.origin(of: url) ?? "the token service"
        case .machine(let host, _, _): host
        }
    }

    /// nil = go without. Blocks. Throws `.credentials` for what Entra refuses, `.unreachable`, `.cancelled`.
    func fetch() throws(BackendError) -> AzureToken? {
        switch kind {
        case .secret(let url, let client, let secret):
            return try granted(Self.post(url, client, [("client_secret", secret)]))
        case .federated(let url, let client, let file):
            let assertion = try assertion(file)
            let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            return try granted(
                Self.post(url, client, [("client_assertion_type", type), ("client_assertion", assertion)]))
        case .service(let url, let secret, let client):
            let request = Self.get(
                url, version: "2019-08-01", client, HTTPHeader("X-IDENTITY-HEADER", secret, isSecret: true))
            return try granted(request, isLocal: true)
        case .machine(let host, let client, let isCertain):
            let request = Self.get(
                "\(host)/metadata/identity/oauth2/token", version: "2018-02-01", client, HTTPHeader("Metadata", "true"))
            return isCertain ? try granted(request, isLocal: true) : guessed(request)
        }
    }

    /// One try, soon given up.
    private func guessed(_ request: HTTPRequest) -> AzureToken? {
        guard mayGuess,
            let (head, body) = try? environment.makeMetadataLane().perform(request, bodyLimit: Self.bodyLimit),
            head.status == 200
        else { return nil }
        return AzureToken(body, now: environment.now())
    }

    private func assertion(_ file: String) throws(BackendError) -> String {
        let text: String
        do throws(CredentialError) {
            text = try SecretFile.text(file, what: "token file")
        } catch {
            throw BackendError(.credentials, "AZURE_FEDERATED_TOKEN_FILE", error.description)
        }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !token.isEmpty else {
            throw BackendError(.credentials, "AZURE_FEDERATED_TOKEN_FILE", "token file \(file) is empty")
        }
        return token
    }

    // MARK: - requests

    private static func post(_ url: String, _ client: String, _ proof: [(String, String)]) -> HTTPRequest {
        let fields = [
            ("client_id", client), ("grant_type", "client_credentials"), ("scope", "\(resource).default"),
        ]
        return HTTPRequest(
            .post, url: url, headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(form(fields + proof).utf8))
    }

    private static func get(_ url: String, version: String, _ client: String?, _ header: HTTPHeader) -> HTTPRequest {
        var fields = [("api-version", version), ("resource", resource)]
        if let client { fields.append(("client_id", client)) }
        let mark = url.utf8.contains(0x3F) ? "&" : "?"
        var request = HTTPRequest(url: "\(url)\(mark)\(form(fields))", headers: [header])
        request.followsRedirects = false
        return request
    }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(URLText.escapedPath($0.1))" }.joined(separator: "&")
    }

    /// Custom headers and `.netrc` are for sources, not for whoever gives tokens.
    /// - Parameter isLocal: no proxy leads there.
    private func granted(_ request: HTTPRequest, isLocal: Bool = false) throws(BackendError) -> AzureToken {
        var environment = environment
        if isLocal { environment.network.noProxy = ["*"] }
        environment.network.headers = []
        environment.network.netrcFile = "/dev/null"
        let (head, body) = try environment.makeLane().ask(request, nil, subject: subject, bodyLimit: Self.bodyLimit)
        if head.status == 200, let token = AzureToken(body, now: environment.now()) { return token }
        guard !RetryPolicy.isRetryable(status: head.status) else {
            throw BackendError(.unreachable, subject, "it answers \(head.status) instead of a token")
        }
        let said = head.status == 200 ? "what is no token" : "\(head.status)"
        let words = AzureToken.refusal(body).map { " (\($0))" } ?? ""
        throw BackendError(.credentials, subject, "it answers \(said)\(words); \(remedy)")
    }

    private var remedy: String {
        switch kind {
        case .secret: "check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"
        case .federated: "check AZURE_TENANT_ID, AZURE_CLIENT_ID and the federation of AZURE_FEDERATED_TOKEN_FILE"
        case .service, .machine: "check that the machine has a managed identity, and AZURE_CLIENT_ID if it has several"
        }
    }
}
