import Foundation
import Hashing

/// Requests for tokens, as pure values.
enum GoogleTokenRequests {
    static func serviceAccount(
        _ account: GoogleCredentials.ServiceAccount, scope: String, now: Int64
    ) -> HTTPRequest {
        form(
            account.tokenURL,
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("assertion", GoogleJWT.assertion(account, scope: scope, now: now)),
            ])
    }

    static func refresh(_ user: GoogleCredentials.AuthorizedUser) -> HTTPRequest {
        form(
            user.tokenURL,
            [
                ("grant_type", "refresh_token"), ("client_id", user.clientID),
                ("client_secret", user.clientSecret), ("refresh_token", user.refreshToken),
            ])
    }

    /// RFC 8693.
    static func exchange(
        _ account: GoogleCredentials.ExternalAccount, subjectToken: String, scope: String
    ) -> HTTPRequest {
        var fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("audience", account.audience), ("scope", scope),
            ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            ("subject_token_type", account.subjectTokenType), ("subject_token", subjectToken),
        ]
        // A client that names itself has its own project.
        if account.clientID == nil, let project = account.workforceProject {
            fields.append(("options", json(["userProject": project])))
        }
        var request = form(account.tokenURL, fields)
        if let client = account.clientID {
            let login = Base64.encode("\(client):\(account.clientSecret ?? "")".utf8)
            request.headers.append(HTTPHeader("Authorization", "Basic \(login)", isSecret: true))
        }
        return request
    }

    private struct Impersonation: Encodable {
        var delegates: [String]
        var lifetime = "3600s"
        var scope: [String]
    }

    static func impersonate(_ url: String, delegates: [String], scope: String, as token: String) -> HTTPRequest {
        HTTPRequest(
            .post, url: url,
            headers: [
                HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("Authorization", "Bearer \(token)", isSecret: true),
            ], body: Array(json(Impersonation(delegates: delegates, scope: [scope])).utf8))
    }

    static func metadata(_ host: String, _ path: String, scope: String? = nil) -> HTTPRequest {
        let query = scope.map { "?scopes=\(GCSText.escaped($0))" } ?? ""
        return HTTPRequest(
            url: "http://\(host)/computeMetadata/v1/\(path)\(query)",
            headers: [HTTPHeader("Metadata-Flavor", "Google")])
    }

    private static func form(_ url: String, _ fields: [(String, String)]) -> HTTPRequest {
        HTTPRequest(
            .post, url: url, headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(GCSText.form(fields).utf8))
    }

    private static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: (try? encoder.encode(value)) ?? Data(), as: UTF8.self)
    }
}
