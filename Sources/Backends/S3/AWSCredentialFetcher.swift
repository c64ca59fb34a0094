import Foundation
import Hashing
import ObjectModel

/// Asks a source for credentials. Blocks.
struct AWSCredentialFetcher: Sendable {
    static let answerLimit = 1 << 20

    let environment: CloudEnvironment

    func fetch(_ source: AWSCredentialSource) throws(BackendError) -> AWSCredentials {
        switch source {
        case .fixed(let credentials):
            return credentials
        case .role(let role, let source):
            return try AWSTokenService(environment).assume(role, with: fetch(source))
        case .webIdentity(let role, let file):
            return try AWSTokenService(environment).assume(role, webIdentity: secret(file, "the web identity token"))
        case .process(let command):
            return try AWSCredentialProcess(environment).run(command)
        case .sso(let session):
            return try singleSignOn(session)
        case .container(let url, let token, let file):
            return try container(url, token, file)
        case .instance(let endpoint):
            return try instance(endpoint)
        }
    }

    private func secret(_ file: String, _ what: String) throws(BackendError) -> String {
        do throws(CredentialError) {
            return FieldText.trimmed(try SecretFile.text(file, what: what).replacing("\n", with: " "))
        } catch {
            throw BackendError(.credentials, file, error.description)
        }
    }

    private func container(_ url: String, _ token: String?, _ file: String?) throws(BackendError) -> AWSCredentials {
        var request = HTTPRequest(url: url)
        request.followsRedirects = false
        var authorization = token
        if let file { authorization = try secret(file, "the container's token") }
        if let authorization { request.headers = [HTTPHeader("Authorization", authorization, isSecret: true)] }
        let subject = "container credentials \(URLText.redacted(url))"
        let (head, body) = try environment.makeMetadataLane().ask(
            request, nil, subject: subject, bodyLimit: Self.answerLimit)
        guard head.status == 200 else {
            throw BackendError(
                .credentials, subject,
                "answers \(head.status): check AWS_CONTAINER_AUTHORIZATION_TOKEN and the role of the task")
        }
        return try Self.credentials(body, tokenName: "Token", subject)
    }

    private func instance(_ endpoint: String) throws(BackendError) -> AWSCredentials {
        let subject = "the instance's metadata service \(URLText.redacted(endpoint))"
        let lane = environment.makeMetadataLane()
        func ask(_ request: HTTPRequest) throws(BackendError) -> [UInt8] {
            var request = request
            request.followsRedirects = false
            let answer: (head: HTTPResponseHead, body: [UInt8])
            do throws(BackendError) {
                answer = try lane.ask(request, nil, subject: subject, bodyLimit: Self.answerLimit)
            } catch {
                if error.kind == .cancelled { throw error }
                throw BackendError(
                    .credentials, subject,
                    "no AWS credentials: none in AWS_ACCESS_KEY_ID, in AWS's files, in AWS_WEB_IDENTITY_TOKEN_FILE or "
                        + "AWS_CONTAINER_CREDENTIALS_*, and this service does not answer; set one of them, or read a "
                        + "public bucket with --no-sign-request")
            }
            guard answer.head.status == 200 else {
                throw BackendError(
                    .credentials, subject, "answers \(answer.head.status): has the instance a role with keys?")
            }
            return answer.body
        }
        let lifetime = HTTPHeader("X-aws-ec2-metadata-token-ttl-seconds", "21600")
        let token = try ask(HTTPRequest(.put, url: "\(endpoint)/latest/api/token", headers: [lifetime], body: []))
        let header = HTTPHeader(
            "X-aws-ec2-metadata-token", FieldText.trimmed(String(decoding: token, as: UTF8.self)), isSecret: true)
        let folder = "\(endpoint)/latest/meta-data/iam/security-credentials/"
        let roles = try ask(HTTPRequest(url: folder, headers: [header]))
        guard let role = String(decoding: roles, as: UTF8.self).split(whereSeparator: \.isNewline).first else {
            throw BackendError(.credentials, subject, "the instance has no role: give it one, or set AWS_ACCESS_KEY_ID")
        }
        let body = try ask(HTTPRequest(url: folder + URLText.escapedPath(String(role)), headers: [header]))
        return try Self.credentials(body, tokenName: "Token", subject)
    }

    /// The token that `aws sso login` left in its cache, exchanged for keys.
    private func singleSignOn(_ session: AWSSingleSignOn) throws(BackendError) -> AWSCredentials {
        let name = Digest.of(session.cacheKey.utf8Span.span.bytes, .sha1).hex
        let path = "\(environment.home)/.aws/sso/cache/\(name).json"
        let remedy = "run `aws sso login` first"
        guard SecretFile.mode(of: path) != nil else {
            throw BackendError(.credentials, path, "there is no token of a single sign-on: \(remedy)")
        }
        let json = try? JSONValue.parse(try secret(path, "the cached token"))
        guard let token = json?["accessToken"]?.string else {
            throw BackendError(.credentials, path, "it holds no token of a single sign-on: \(remedy)")
        }
        let ends = json?["expiresAt"]?.string.flatMap { HTTPDate.parseRFC3339($0.replacing("UTC", with: "Z")) }
        guard ends.map({ Double($0) > environment.now() }) ?? true else {
            throw BackendError(.credentials, path, "the single sign-on has ended: \(remedy)")
        }
        let base = environment.variable("AWS_ENDPOINT_URL_SSO") ?? "https://portal.sso.\(session.region).amazonaws.com"
        var request = HTTPRequest(
            url: "\(base)/federation/credentials?role_name=\(S3URL.escaped(session.role))"
                + "&account_id=\(S3URL.escaped(session.account))",
            headers: [HTTPHeader("x-amz-sso_bearer_token", token, isSecret: true)])
        request.followsRedirects = false
        let subject = "single sign-on \(URLText.redacted(base))"
        let (head, body) = try environment.makeLane().ask(request, nil, subject: subject, bodyLimit: Self.answerLimit)
        guard head.status == 200, let keys = (try? JSONValue.parse(body))?["roleCredentials"],
            let key = keys["accessKeyId"]?.string, let secret = keys["secretAccessKey"]?.string
        else { throw BackendError(.credentials, subject, "answers \(head.status): \(remedy)") }
        return AWSCredentials(
            accessKey: key, secretKey: secret, sessionToken: keys["sessionToken"]?.string,
            expires: keys["expiration"]?.number.map { $0 / 1000 })
    }

    /// `AccessKeyId`, `SecretAccessKey`, a token and `Expiration`, as JSON.
    static func credentials(
        _ body: [UInt8], tokenName: String, _ subject: String
    ) throws(BackendError) -> AWSCredentials {
        guard let json = try? JSONValue.parse(body, maxBytes: answerLimit), let key = json["AccessKeyId"]?.string,
            let secret = json["SecretAccessKey"]?.string
        else { throw BackendError(.credentials, subject, "its answer holds no keys") }
        return AWSCredentials(
            accessKey: key, secretKey: secret, sessionToken: json[tokenName]?.string,
            expires: json["Expiration"]?.string.flatMap { HTTPDate.parseRFC3339($0) }.map(Double.init))
    }
}
