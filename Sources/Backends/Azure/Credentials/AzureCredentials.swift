import Hashing

/// What proves who we are to Azure.
enum AzureCredentials: Sendable, Hashable {
    case anonymous
    /// The account's key, decoded.
    case key([UInt8])
    /// A shared access signature: a query, percent-encoded, without its question mark.
    case sas(String)
    case token(AzureTokenSource.Kind)

    /// nil for what is not base64.
    static func decodedKey(_ text: String) -> [UInt8]? {
        Base64.decode(FieldText.trimmed(text)).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// As it is shown by the portal (`?sv=…`) or by `az` (`sv=…`); nil for what no query can hold, or has no signature.
    static func sasToken(_ text: String) -> String? {
        let trimmed = FieldText.trimmed(text)
        let token = trimmed.hasPrefix("?") ? String(trimmed.dropFirst()) : trimmed
        let isQuery = token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x23 && $0 != 0x22 }
        let hasSignature = token.split(separator: "&").contains { $0.hasPrefix("sig=") }
        return isQuery && hasSignature ? token : nil
    }

    /// What a person can do about a refusal.
    /// - Parameter now: seconds since 1970.
    func remedy(now: Double) -> String {
        switch self {
        case .anonymous:
            return "set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY, or"
                + " AZURE_STORAGE_SAS_TOKEN, or the variables of an Entra identity"
        case .key:
            return "check the account's name and key"
        case .sas(let token):
            guard let end = Self.end(of: token), Double(end) <= now else {
                return "check what the SAS token allows (sp=rl, sr=c) and for how long"
            }
            return "the SAS token has expired at \(HTTPDate.formatRFC3339(end)): make a new one"
        case .token:
            return "give the identity the role Storage Blob Data Reader"
        }
    }

    /// `se=2026-11-22T18:30:00Z`, or a date alone.
    private static func end(of token: String) -> Int64? {
        guard let field = token.split(separator: "&").first(where: { $0.hasPrefix("se=") }) else { return nil }
        let text = String(decoding: PercentEncoding.decoded(field.utf8.dropFirst(3)), as: UTF8.self)
        return HTTPDate.parseRFC3339(text) ?? HTTPDate.parseRFC3339("\(text)T00:00:00Z")
    }
}
