extension AzureTokenSource.Kind {
    private static let login = "https://login.microsoftonline.com"
    private static let metadata = "http://169.254.169.254"

    /// A client secret, a federated token, the identity of a service, that of the machine, in this order; by the names of
    /// Microsoft's own libraries. Throws `.credentials` for a set of variables that is not complete.
    static func find(_ environment: CloudEnvironment) throws(BackendError) -> Self {
        let client = environment.variable("AZURE_CLIENT_ID")
        if let secret = environment.variable("AZURE_CLIENT_SECRET") {
            let (url, client) = try application(environment, for: "AZURE_CLIENT_SECRET")
            return .secret(url: url, client: client, secret: secret)
        }
        if let file = environment.variable("AZURE_FEDERATED_TOKEN_FILE") {
            let (url, client) = try application(environment, for: "AZURE_FEDERATED_TOKEN_FILE")
            return .federated(url: url, client: client, file: file)
        }
        if let url = environment.variable("IDENTITY_ENDPOINT"), let secret = environment.variable("IDENTITY_HEADER") {
            return .service(url: url, secret: secret, client: client)
        }
        let host = environment.variable("AZURE_POD_IDENTITY_AUTHORITY_HOST")
        return .machine(host: bare(host ?? metadata), client: client, isCertain: host != nil)
    }

    private static func application(
        _ environment: CloudEnvironment, for name: String
    ) throws(BackendError) -> (url: String, client: String) {
        guard let tenant = environment.variable("AZURE_TENANT_ID"),
            let client = environment.variable("AZURE_CLIENT_ID")
        else { throw BackendError(.credentials, name, "it needs AZURE_TENANT_ID and AZURE_CLIENT_ID beside it") }
        let host = environment.variable("AZURE_AUTHORITY_HOST") ?? login
        let base = bare(host.contains("://") ? host : "https://\(host)")
        guard let origin = try? AzureEndpoint(base, what: "AZURE_AUTHORITY_HOST", account: nil), origin.takesTokens
        else { throw BackendError(.credentials, "AZURE_AUTHORITY_HOST", "secrets are sent only to an https:// URL") }
        return ("\(base)/\(URLText.escapedPath(tenant))/oauth2/v2.0/token", client)
    }

    private static func bare(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }
}
