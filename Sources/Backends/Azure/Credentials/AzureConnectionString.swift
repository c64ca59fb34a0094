import Hashing

/// What Azure's portal shows as "connection string": `KEY=VALUE` parts between semicolons, keys in any case.
struct AzureConnectionString: Sendable, Hashable {
    static let variable = "AZURE_STORAGE_CONNECTION_STRING"

    var account: String?
    var key: [UInt8]?
    /// Without its question mark.
    var sas: String?
    /// Where blobs are, when it says so.
    var endpoint: String?

    /// The account of every emulator, whose key is published.
    private static let development = (
        account: "devstoreaccount1",
        key: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
        endpoint: "http://127.0.0.1:10000/devstoreaccount1"
    )

    /// Throws `.credentials`, without any of the text.
    init(_ text: String) throws(BackendError) {
        var parts: [String: String] = [:]
        for part in text.split(separator: ";") where !FieldText.trimmed(part).isEmpty {
            guard let (name, value) = FieldText.keyed(String(part)) else {
                throw Self.error("it has a part that is not KEY=VALUE")
            }
            parts[name] = value
        }
        if parts["usedevelopmentstorage"]?.lowercased() == "true" {
            account = Self.development.account
            key = Base64.decode(Self.development.key)
            endpoint = Self.development.endpoint
            return
        }
        account = parts["accountname"]
        endpoint = parts["blobendpoint"]
        if let text = parts["accountkey"] {
            guard let decoded = AzureCredentials.decodedKey(text) else { throw Self.error("AccountKey is not base64") }
            key = decoded
        }
        if let text = parts["sharedaccesssignature"] {
            guard let token = AzureCredentials.sasToken(text) else {
                throw Self.error("SharedAccessSignature is no SAS token")
            }
            sas = token
        }
        guard account != nil || endpoint != nil else { throw Self.error("it has neither AccountName nor BlobEndpoint") }
        if endpoint == nil, let account, let suffix = parts["endpointsuffix"] {
            endpoint = "\(parts["defaultendpointsprotocol"] ?? "https")://\(account).blob.\(suffix)"
        }
    }

    private static func error(_ reason: String) -> BackendError { BackendError(.credentials, variable, reason) }
}
