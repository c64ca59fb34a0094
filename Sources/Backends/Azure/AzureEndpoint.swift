/// Where an account's blobs are.
struct AzureEndpoint: Sendable, Hashable {
    /// Scheme, host and port, and the account where the path names it; without a slash at its end.
    let base: String
    /// The account that the URL names.
    let account: String?
    /// Whether tokens may be sent there: over TLS, or within this machine.
    let takesTokens: Bool

    /// `--endpoint`; the connection string's; `AZURE_STORAGE_BLOB_ENDPOINT`; the `AIS_AZURE_URL` of AIStore's nodes; the
    /// account's own place in the cloud. Throws `.usage`.
    static func find(
        _ flag: String?, _ identity: AzureIdentity, _ environment: CloudEnvironment
    ) throws(BackendError) -> AzureEndpoint {
        let candidates = [
            ("--endpoint", flag), ("AZURE_STORAGE_CONNECTION_STRING", identity.endpoint),
            ("AZURE_STORAGE_BLOB_ENDPOINT", environment.variable("AZURE_STORAGE_BLOB_ENDPOINT")),
            ("AIS_AZURE_URL", nodeURL(identity.account, environment)),
        ]
        for (what, text) in candidates {
            if let text { return try AzureEndpoint(text, what: what, account: identity.account) }
        }
        guard let account = identity.account else {
            throw BackendError(
                .usage, "az:", "no account is known: set AZURE_STORAGE_ACCOUNT, or give --endpoint")
        }
        return try AzureEndpoint(
            "https://\(account).blob.core.windows.net", what: "AZURE_STORAGE_ACCOUNT", account: account)
    }

    /// As AIStore reads it: a URL, or what follows the account's name in the host.
    private static func nodeURL(_ account: String?, _ environment: CloudEnvironment) -> String? {
        guard let text = environment.variable("AIS_AZURE_URL") else { return nil }
        guard !text.hasPrefix("http"), let account else { return text }
        let scheme = environment.variable("AIS_AZURE_PROTO") ?? "https://"
        return "\(scheme)\(account)\(text.hasPrefix(".") ? "" : ".")\(text)"
    }

    /// A server named by an IP address or as `localhost` is an emulator: its path names the account, and is added where
    /// it is missing.
    /// - Parameter what: where the text comes from.
    init(_ text: String, what: String, account: String?) throws(BackendError) {
        let parts: URLParts
        do throws(TransportError) {
            parts = try URLParts(text)
        } catch {
            throw BackendError(.usage, what, error.message)
        }
        guard parts.query == nil, parts.user == nil, parts.password == nil else {
            throw BackendError(
                .usage, what, "an endpoint has no user and no query; a SAS token goes to AZURE_STORAGE_SAS_TOKEN")
        }
        let path = parts.path.split(separator: "/").map(String.init)
        let isAddress = parts.host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
        let hasPathStyle = isAddress || parts.host.hasPrefix("[") || parts.host == "localhost"
        if hasPathStyle {
            let names = path.isEmpty ? [account].compactMap { $0 } : path
            base = ([parts.origin] + names).joined(separator: "/")
            self.account = names.first
        } else {
            base = ([parts.origin] + path).joined(separator: "/")
            let label = parts.host.split(separator: ".").first.map(String.init)
            self.account = parts.host.contains(".") ? label : nil
        }
        let isLocal =
            parts.host == "localhost" || parts.host.hasSuffix(".localhost") || parts.host == "[::1]"
            || (isAddress && parts.host.hasPrefix("127."))
        takesTokens = parts.scheme == "https" || isLocal
    }
}
