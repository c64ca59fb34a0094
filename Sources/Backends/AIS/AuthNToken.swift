import ObjectModel

/// The token that AIS's AuthN server gave: `AIS_AUTHN_TOKEN`, else the file that `AIS_AUTHN_TOKEN_FILE` names, either
/// the bare token or `{"token": "…"}` as the `ais` command keeps it.
enum AuthNToken {
    /// Nil when neither variable is set. Throws `.credentials` for a file that cannot be used.
    static func find(in environment: CloudEnvironment) throws(BackendError) -> String? {
        if let token = environment.variable("AIS_AUTHN_TOKEN") {
            return try checked(token, of: "AIS_AUTHN_TOKEN")
        }
        guard let path = environment.variable("AIS_AUTHN_TOKEN_FILE") else { return nil }
        let text: String
        do {
            text = try SecretFile.text(path, what: "AIS_AUTHN_TOKEN_FILE")
        } catch {
            throw BackendError(.credentials, "AIS_AUTHN_TOKEN_FILE", error.description)
        }
        if let root = try? JSONValue.parse(text, maxBytes: SecretFile.limitBytes), root.object != nil {
            return try checked(root["token"]?.string ?? "", of: path)
        }
        return try checked(text, of: path)
    }

    private static func checked(_ text: String, of place: String) throws(BackendError) -> String {
        let token = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw BackendError(.credentials, place, "holds no AuthN token; log in again with `ais auth login`")
        }
        return token
    }
}
