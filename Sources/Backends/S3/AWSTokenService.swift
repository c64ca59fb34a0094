/// STS: exchanges keys or a web identity for keys of a role.
struct AWSTokenService {
    private let environment: CloudEnvironment

    init(_ environment: CloudEnvironment) { self.environment = environment }

    /// `AssumeRole`.
    func assume(_ role: AWSRole, with credentials: AWSCredentials) throws(BackendError) -> AWSCredentials {
        let signer = AWSAuthorizer(
            credentials, SigV4.Scope(region: role.region, service: "sts"), now: environment.now)
        return try ask(role, [("Action", "AssumeRole")], signer)
    }

    /// `AssumeRoleWithWebIdentity`, which needs no signature.
    func assume(_ role: AWSRole, webIdentity token: String) throws(BackendError) -> AWSCredentials {
        try ask(role, [("Action", "AssumeRoleWithWebIdentity"), ("WebIdentityToken", token)], nil)
    }

    private func ask(
        _ role: AWSRole, _ first: [(String, String)], _ signer: AWSAuthorizer?
    ) throws(BackendError) -> AWSCredentials {
        var fields = first
        fields += [("Version", "2011-06-15"), ("RoleArn", role.arn), ("RoleSessionName", role.session)]
        if let id = role.externalID { fields.append(("ExternalId", id)) }
        if let seconds = role.seconds { fields.append(("DurationSeconds", String(seconds))) }
        let form = fields.map { "\($0.0)=\(S3URL.escaped($0.1))" }.joined(separator: "&")
        let endpoint = S3URL.withoutSlash(
            environment.variable("AWS_ENDPOINT_URL_STS") ?? environment.variable("AWS_ENDPOINT_URL")
                ?? "https://sts.\(role.region).\(S3URL.domain(of: role.region))")
        var request = HTTPRequest(
            .post, url: "\(endpoint)/",
            headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")], body: Array(form.utf8))
        request.followsRedirects = false
        let subject = "STS \(URLText.redacted(endpoint)) for \(role.arn)"
        let (head, body) = try environment.makeLane().ask(
            request, signer, subject: subject, bodyLimit: AWSCredentialFetcher.answerLimit)
        guard head.status == 200 else {
            let said = S3Error(body).map { ": \($0.code)" } ?? ""
            throw BackendError(.credentials, subject, "answers \(head.status)\(said): may these keys take the role?")
        }
        guard let found = try? Self.parse(body) else {
            throw BackendError(.credentials, subject, "its answer holds no keys")
        }
        return found
    }

    static func parse(_ body: [UInt8]) throws(XMLError) -> AWSCredentials? {
        var reader = try XMLReader(body)
        var found: [String: String] = [:]
        func walk(_ level: Int) throws(XMLError) {
            while let name = try reader.child() {
                if name == "Credentials" || name.hasSuffix("Result") {
                    try walk(level + 1)
                } else if level > 1 {
                    found[name] = try reader.text()
                } else {
                    try reader.skip()
                }
            }
        }
        _ = try reader.root()
        try walk(0)
        guard let key = found["AccessKeyId"], let secret = found["SecretAccessKey"] else { return nil }
        return AWSCredentials(
            accessKey: key, secretKey: secret, sessionToken: found["SessionToken"],
            expires: found["Expiration"].flatMap { HTTPDate.parseRFC3339($0) }.map(Double.init))
    }
}
