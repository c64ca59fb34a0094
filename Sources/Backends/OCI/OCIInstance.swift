import Hashing
import ObjectModel

/// A machine in Oracle's cloud that has an identity of its own: an instance principal.
///
///     the metadata service gives a certificate and its key   → sign a request for a token, with a new session key in it
///     the federation service (auth.REGION) gives a token     → the session key signs, as `ST$TOKEN`
///
/// Source: Oracle's SDKs (X509FederationClient), whose variables name other places of the two services.
struct OCIInstance: Sendable {
    private static let usual = "http://169.254.169.254/opc/v2"
    private static let answerLimit = 1 << 20

    /// The machine's own, in full.
    let region: String
    private let base: String
    private let environment: CloudEnvironment

    /// nil where no metadata service answers.
    /// - Parameter isCertain: somebody said that there is one; else one try must do.
    init?(_ environment: CloudEnvironment, isCertain: Bool) {
        var local = environment
        local.network.noProxy = ["*"]
        self.environment = local
        base = S3URL.withoutSlash(environment.variable("OCI_METADATA_BASE_URL") ?? Self.usual)
        let lane = isCertain ? local.makeLane() : local.makeMetadataLane()
        guard let (head, body) = try? lane.perform(Self.request("\(base)/instance/region"), bodyLimit: 1 << 10),
            head.status == 200
        else { return nil }
        region = OCIRegion.name(String(decoding: body, as: UTF8.self).filter { !$0.isWhitespace })
    }

    /// `OCI_METADATA_BASE_URL` or `OCI_CLI_AUTH=instance_principal`.
    static func isNamed(_ environment: CloudEnvironment) -> Bool {
        isWanted(environment) || environment.variable("OCI_METADATA_BASE_URL") != nil
    }

    /// `OCI_CLI_AUTH=instance_principal` goes before files and keys.
    static func isWanted(_ environment: CloudEnvironment) -> Bool {
        environment.variable("OCI_CLI_AUTH") == "instance_principal"
    }

    /// Who the machine is now, with a new token. Blocks.
    func identity(_ subject: String) throws(BackendError) -> (credentials: OCICredentials, tenancy: String) {
        let leaf = try certificate("cert.pem", subject)
        let between = try certificate("intermediate.pem", subject)
        let named = leaf.subject.lazy.compactMap { value in
            ["opc-tenant:", "opc-identity:"].first { value.hasPrefix($0) }.map { String(value.dropFirst($0.count)) }
        }
        guard let tenancy = named.first, tenancy.utf8.allSatisfy({ $0 > 0x22 && $0 < 0x7F }) else {
            throw BackendError(.credentials, subject, "the machine's certificate names no tenancy")
        }
        let (own, session) = try keys(subject)
        let fingerprint = Digest.of(leaf.bytes.span.bytes, .sha1).bytes.map { Hex.encode([$0]).uppercased() }
        let signer = OCISignature.Signer(
            keyID: "\(tenancy)/fed-x509/\(fingerprint.joined(separator: ":"))", key: own)
        let wish: JSONValue = [
            "certificate": .string(Base64.encode(leaf.bytes)), "publicKey": .string(Base64.encode(session.publicKey)),
            "intermediateCertificates": [.string(Base64.encode(between.bytes))],
        ]
        let token = try token(wish, signer, subject)
        let credentials = OCICredentials(
            signer: .init(keyID: "ST$\(token)", key: session), expires: OCICredentials.expiry(token))
        return (credentials, tenancy)
    }

    /// The machine's key, and a new one for the session.
    private func keys(_ subject: String) throws(BackendError) -> (own: RSAKey, session: RSAKey) {
        let text = try metadata("key.pem", subject)
        do throws(RSAKeyError) {
            return (try RSAKey(pem: text), try RSAKey())
        } catch {
            throw BackendError(.credentials, subject, "the machine's own key cannot be used: \(error)")
        }
    }

    private func token(
        _ wish: JSONValue, _ signer: OCISignature.Signer, _ subject: String
    ) throws(BackendError) -> String {
        let origin = try federation(subject)
        var request = HTTPRequest(.post, url: "\(origin)/v1/x509", body: Array(wish.text().utf8))
        request.followsRedirects = false
        do throws(TransportError) {
            request.headers += try OCISignature.headers(
                for: request, by: signer, date: Int64(environment.now()), signsHost: false)
        } catch {
            throw BackendError(.usage, subject, "\(error)")
        }
        let (head, body) = try environment.makeLane().ask(
            request, nil, subject: subject, bodyLimit: Self.answerLimit)
        if head.status == 200, let token = (try? JSONValue.parse(body))?["token"]?.string,
            !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 })
        {
            return token
        }
        guard !RetryPolicy.isRetryable(status: head.status) else {
            throw BackendError(.unreachable, subject, "\(origin) answers \(head.status) instead of a token")
        }
        let said = OCIError(body).map { " \($0.text)" } ?? ""
        throw BackendError(
            .credentials, subject,
            "\(origin) gives this machine no token (\(head.status)\(said)); check its dynamic group and policies")
    }

    /// A certificate and what it signs go over TLS, or stay within this machine.
    private func federation(_ subject: String) throws(BackendError) -> String {
        guard let given = environment.variable("OCI_SDK_AUTH_CLIENT_REGION_URL") else {
            return "https://auth.\(region).\(OCIRegion.domain(region))"
        }
        let origin = S3URL.withoutSlash(given.contains("://") ? given : "https://\(given)")
        guard let parts = try? URLParts(origin), parts.user == nil, parts.query == nil,
            parts.scheme == "https" || ["127.0.0.1", "::1", "localhost"].contains(parts.host)
        else {
            throw BackendError(.usage, subject, "OCI_SDK_AUTH_CLIENT_REGION_URL must be like https://HOST")
        }
        return origin
    }

    private func certificate(_ name: String, _ subject: String) throws(BackendError) -> Certificate {
        guard let certificate = Certificate(pem: try metadata(name, subject)) else {
            throw BackendError(.credentials, subject, "\(base)/identity/\(name) is no certificate")
        }
        return certificate
    }

    private func metadata(_ name: String, _ subject: String) throws(BackendError) -> String {
        let url = "\(base)/identity/\(name)"
        let (head, body) = try environment.makeLane().ask(
            Self.request(url), nil, subject: subject, bodyLimit: Self.answerLimit)
        guard head.status == 200, let text = String(validating: body, as: UTF8.self) else {
            throw BackendError(.credentials, subject, "\(url) answers \(head.status); the machine has no identity")
        }
        return text
    }

    private static func request(_ url: String) -> HTTPRequest {
        var request = HTTPRequest(url: url, headers: [HTTPHeader("Authorization", "Bearer Oracle")])
        request.followsRedirects = false
        return request
    }
}
