/// Who we are to Azure, and what was said of the account on the way.
struct AzureIdentity: Sendable, Hashable {
    var credentials: AzureCredentials
    var account: String?
    /// The connection string's own.
    var endpoint: String?

    private static let keys = ["AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_PRIMARY_ACCOUNT_KEY"]

    /// `--no-sign-request`; a connection string; the account's key; a SAS token; an Entra identity (client secret,
    /// federated token, managed identity); nobody. Reads variables alone: files and servers are asked for tokens when a
    /// request needs one. Throws `.credentials` for what is broken, rather than going on to the next.
    static func find(
        _ environment: CloudEnvironment, isAnonymous: Bool
    ) throws(BackendError) -> AzureIdentity {
        var identity = AzureIdentity(credentials: .anonymous, account: environment.variable("AZURE_STORAGE_ACCOUNT"))
        if let text = environment.variable(AzureConnectionString.variable) {
            let string = try AzureConnectionString(text)
            identity.account = string.account ?? identity.account
            identity.endpoint = string.endpoint
            // A string without a key says where, not who.
            if let key = string.key { identity.credentials = .key(key) }
            if string.key == nil, let sas = string.sas { identity.credentials = .sas(sas) }
        }
        if isAnonymous {
            identity.credentials = .anonymous
        } else if identity.credentials == .anonymous {
            identity.credentials = try variables(environment)
        }
        return identity
    }

    private static func variables(_ environment: CloudEnvironment) throws(BackendError) -> AzureCredentials {
        for name in keys {
            guard let text = environment.variable(name) else { continue }
            guard let key = AzureCredentials.decodedKey(text) else {
                throw BackendError(.credentials, name, "the key is not base64")
            }
            return .key(key)
        }
        if let text = environment.variable("AZURE_STORAGE_SAS_TOKEN") {
            guard let token = AzureCredentials.sasToken(text) else {
                throw BackendError(.credentials, "AZURE_STORAGE_SAS_TOKEN", "it is no SAS token (sv=…&sig=…)")
            }
            return .sas(token)
        }
        return .token(try AzureTokenSource.Kind.find(environment))
    }
}
