import Foundation
import Hashing

/// A file of credentials as Google writes them: `{"type": "service_account", …}`.
struct GoogleCredentialsFile: Decodable {
    struct Source: Decodable {
        struct Format: Decodable {
            var type: String?
            var subjectTokenFieldName: String?
        }
        var file: String?
        var url: String?
        var headers: [String: String]?
        var format: Format?
        var environmentId: String?
    }

    /// Impersonation is never of impersonation; a box, as a struct cannot hold itself.
    final class Inner: Decodable {
        let file: GoogleCredentialsFile
        init(from decoder: any Decoder) throws { file = try GoogleCredentialsFile(from: decoder) }
    }

    var type: String?
    var projectId: String?
    var quotaProjectId: String?
    var universeDomain: String?
    var privateKeyId: String?
    var privateKey: String?
    var clientEmail: String?
    var clientId: String?
    var clientSecret: String?
    var refreshToken: String?
    var tokenUri: String?
    var audience: String?
    var subjectTokenType: String?
    var tokenUrl: String?
    var credentialSource: Source?
    var serviceAccountImpersonationUrl: String?
    var workforcePoolUserProject: String?
    var sourceCredentials: Inner?
    var delegates: [String]?

    /// - Parameter path: what errors name.
    static func parse(_ text: String, path: String) throws(BackendError) -> GoogleCredentialsFile {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let file = try? decoder.decode(GoogleCredentialsFile.self, from: Data(text.utf8)) else {
            throw BackendError(.credentials, path, "it is not a file of Google credentials in JSON")
        }
        return file
    }

    func credentials(path: String) throws(BackendError) -> GoogleCredentials {
        switch type {
        case "service_account": .serviceAccount(try serviceAccount(path))
        case "authorized_user": .user(try user(path))
        case "external_account": .external(try external(path))
        case "impersonated_service_account":
            .impersonated(
                source: try need(sourceCredentials, "source_credentials", path).file.credentials(path: path),
                url: try need(serviceAccountImpersonationUrl, "service_account_impersonation_url", path),
                delegates: delegates ?? [])
        default:
            throw BackendError(
                .credentials, path, "credentials of type \(GCSText.line(type ?? "(none)")) are not known here")
        }
    }

    private func serviceAccount(_ path: String) throws(BackendError) -> GoogleCredentials.ServiceAccount {
        let pem = try need(privateKey, "private_key", path)
        let key: RSAKey
        do throws(RSAKeyError) {
            key = try RSAKey(pem: pem)
        } catch {
            throw BackendError(.credentials, path, "private_key: \(error)")
        }
        return GoogleCredentials.ServiceAccount(
            email: try need(clientEmail, "client_email", path), keyID: privateKeyId, key: key,
            tokenURL: tokenUri ?? GoogleCredentials.tokenURL)
    }

    private func user(_ path: String) throws(BackendError) -> GoogleCredentials.AuthorizedUser {
        GoogleCredentials.AuthorizedUser(
            clientID: try need(clientId, "client_id", path),
            clientSecret: try need(clientSecret, "client_secret", path),
            refreshToken: try need(refreshToken, "refresh_token", path),
            tokenURL: tokenUri ?? GoogleCredentials.tokenURL)
    }

    private func external(_ path: String) throws(BackendError) -> GoogleCredentials.ExternalAccount {
        let given = try need(credentialSource, "credential_source", path)
        let source: GoogleCredentials.ExternalAccount.Source
        if let file = given.file {
            source = .file(file)
        } else if let url = given.url, given.environmentId == nil {
            let headers = (given.headers ?? [:]).sorted { $0.key < $1.key }
            source = .url(url, headers: headers.map { HTTPHeader($0.key, $0.value, isSecret: true) })
        } else {
            throw BackendError(
                .credentials, path, "credential_source: only file and url are supported, not AWS or an executable")
        }
        let isJSON = given.format?.type == "json"
        return GoogleCredentials.ExternalAccount(
            audience: try need(audience, "audience", path),
            subjectTokenType: try need(subjectTokenType, "subject_token_type", path),
            tokenURL: try need(tokenUrl, "token_url", path), source: source,
            tokenField: isJSON
                ? try need(given.format?.subjectTokenFieldName, "subject_token_field_name", path) : nil,
            impersonationURL: serviceAccountImpersonationUrl, clientID: clientId, clientSecret: clientSecret,
            workforceProject: workforcePoolUserProject)
    }

    private func need<Value>(_ value: Value?, _ field: String, _ path: String) throws(BackendError) -> Value {
        guard let value else { throw BackendError(.credentials, path, "\(field) is missing") }
        return value
    }
}
