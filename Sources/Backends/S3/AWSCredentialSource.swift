/// Where credentials come from, found but not yet asked.
indirect enum AWSCredentialSource: Sendable, Hashable {
    case fixed(AWSCredentials)
    /// STS AssumeRole, with the keys of another source.
    case role(AWSRole, from: AWSCredentialSource)
    /// STS AssumeRoleWithWebIdentity; the file is read anew each time.
    case webIdentity(AWSRole, tokenFile: String)
    /// A command line of `credential_process`.
    case process(String)
    case sso(AWSSingleSignOn)
    /// The endpoint of ECS or EKS; the token is sent as `Authorization`.
    case container(url: String, token: String?, tokenFile: String?)
    /// IMDSv2 of an EC2 instance.
    case instance(endpoint: String)
}

struct AWSRole: Sendable, Hashable {
    var arn: String
    var session: String
    var externalID: String?
    var seconds: Int?
    var region: String
}

struct AWSSingleSignOn: Sendable, Hashable {
    /// What the name of the cached token is made from: the session's name, else its start URL.
    var cacheKey: String
    var region: String
    var account: String
    var role: String
}

/// Finds the source of credentials in the order of AWS's own tools. Reads files; asks no network.
struct AWSCredentialChain {
    private let environment: CloudEnvironment
    private let config: AWSConfig
    private let region: String

    init(_ environment: CloudEnvironment, _ config: AWSConfig, region: String) {
        self.environment = environment
        self.config = config
        self.region = region
    }

    /// Nil = anonymous.
    func find(_ address: BucketAddress) throws(BackendError) -> AWSCredentialSource? {
        if address.isAnonymous { return nil }
        // A profile that was asked for by name goes before the variables.
        if address.profile == nil, let found = try variables() { return found }
        let name = AWSConfig.profileName(address, environment)
        if config.profiles[name] != nil {
            if let found = try profile(name, seen: []) { return found }
        } else if name != "default" {
            throw BackendError(
                .credentials, "profile \(name)",
                "no such profile in AWS's config and credentials files: name another with --profile or AWS_PROFILE")
        }
        if let found = try webIdentity() { return found }
        if let found = try container() { return found }
        if let found = instance() { return found }
        throw BackendError(
            .credentials, address.bucket.cname,
            "no AWS credentials: looked at AWS_ACCESS_KEY_ID, profile \(name) of ~/.aws/config and "
                + "~/.aws/credentials, AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_CREDENTIALS_*, and the instance's "
                + "metadata (disabled); set one of them, or read a public bucket with --no-sign-request")
    }

    private func variables() throws(BackendError) -> AWSCredentialSource? {
        guard let key = environment.variable("AWS_ACCESS_KEY_ID") else { return nil }
        guard let secret = environment.variable("AWS_SECRET_ACCESS_KEY") else {
            throw BackendError(
                .credentials, "AWS_ACCESS_KEY_ID", "it is set, but AWS_SECRET_ACCESS_KEY is not: set both")
        }
        return .fixed(
            AWSCredentials(
                accessKey: key, secretKey: secret, sessionToken: environment.variable("AWS_SESSION_TOKEN")))
    }

    private func profile(_ name: String, seen: Set<String>) throws(BackendError) -> AWSCredentialSource? {
        guard let values = config.profiles[name] else {
            throw BackendError(
                .credentials, "profile \(name)", "another profile names it as its source, but it is not there")
        }
        let isAgain = seen.contains(name)
        if let arn = values["role_arn"], !isAgain {
            let role = role(arn, values)
            if let file = values["web_identity_token_file"] { return .webIdentity(role, tokenFile: expanded(file)) }
            if values["mfa_serial"] != nil {
                throw BackendError(
                    .credentials, "profile \(name)",
                    "its role wants a one-time code (mfa_serial), which a batch run cannot give: get keys by "
                        + "`aws sts assume-role` and put them into the environment")
            }
            if let source = values["source_profile"] {
                guard let keys = try profile(source, seen: seen.union([name])) else {
                    throw BackendError(
                        .credentials, "profile \(source)", "profile \(name) needs its keys, but it has none")
                }
                return .role(role, from: keys)
            }
            if let source = values["credential_source"] { return .role(role, from: try named(source, name)) }
        }
        if let key = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] {
            return .fixed(
                AWSCredentials(accessKey: key, secretKey: secret, sessionToken: values["aws_session_token"]))
        }
        if isAgain { throw BackendError(.credentials, "profile \(name)", "its source_profile leads back to it") }
        if let found = try singleSignOn(values, name) { return found }
        return values["credential_process"].map { .process($0) }
    }

    private func role(_ arn: String, _ values: [String: String]) -> AWSRole {
        AWSRole(
            arn: arn,
            session: values["role_session_name"] ?? environment.variable("AWS_ROLE_SESSION_NAME") ?? "aismove",
            externalID: values["external_id"], seconds: values["duration_seconds"].flatMap { Int($0) },
            region: values["region"] ?? region)
    }

    private func named(_ source: String, _ profile: String) throws(BackendError) -> AWSCredentialSource {
        let found: AWSCredentialSource? =
            switch source {
            case "Environment": try variables()
            case "EcsContainer": try container()
            case "Ec2InstanceMetadata": instance()
            default: nil
            }
        guard let found else {
            throw BackendError(.credentials, "profile \(profile)", "its credential_source \(source) gives no keys here")
        }
        return found
    }

    private func singleSignOn(_ values: [String: String], _ name: String) throws(BackendError) -> AWSCredentialSource? {
        guard values["sso_session"] != nil || values["sso_start_url"] != nil else { return nil }
        let session = values["sso_session"].map { config.sessions[$0] ?? [:] } ?? values
        guard let key = values["sso_session"] ?? values["sso_start_url"], let region = session["sso_region"],
            let account = values["sso_account_id"], let role = values["sso_role_name"]
        else {
            throw BackendError(
                .credentials, "profile \(name)", "it needs sso_region, sso_account_id and sso_role_name")
        }
        return .sso(AWSSingleSignOn(cacheKey: key, region: region, account: account, role: role))
    }

    private func webIdentity() throws(BackendError) -> AWSCredentialSource? {
        guard let file = environment.variable("AWS_WEB_IDENTITY_TOKEN_FILE") else { return nil }
        guard let arn = environment.variable("AWS_ROLE_ARN") else {
            throw BackendError(
                .credentials, "AWS_WEB_IDENTITY_TOKEN_FILE", "it is set, but AWS_ROLE_ARN is not: set both")
        }
        return .webIdentity(role(arn, [:]), tokenFile: expanded(file))
    }

    private func container() throws(BackendError) -> AWSCredentialSource? {
        let token = environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        let file = environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
        if let path = environment.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            return .container(url: "http://169.254.170.2\(path)", token: token, tokenFile: file)
        }
        guard let url = environment.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
        let near = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost", "[::1]"]
        guard let parts = try? URLParts(url),
            parts.scheme == "https" || near.contains(parts.host) || parts.host.hasPrefix("127.")
        else {
            throw BackendError(
                .credentials, "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "its host is neither reached by https nor this machine nor the container service's")
        }
        return .container(url: url, token: token, tokenFile: file)
    }

    private func instance() -> AWSCredentialSource? {
        guard environment.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() != "true" else { return nil }
        var endpoint = environment.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254"
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        return .instance(endpoint: endpoint)
    }

    private func expanded(_ path: String) -> String {
        path.hasPrefix("~/") ? environment.home + path.dropFirst() : path
    }
}
