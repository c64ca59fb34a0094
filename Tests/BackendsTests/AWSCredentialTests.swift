import Foundation
import ObjectModel
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// Where AWS's keys come from, and when they are renewed.
@Suite struct AWSCredentialTests {
    static func find(
        _ variables: [String: String] = [:], config: String = "", credentials: String = "",
        _ change: (inout BucketAddress) -> Void = { _ in }
    ) throws -> AWSCredentialSource? {
        var address = BucketAddress(try Bucket(provider: .aws, name: "data"))
        change(&address)
        var all = ["AWS_EC2_METADATA_DISABLED": "true"]
        all.merge(variables) { $1 }
        let chain = AWSCredentialChain(
            .test(all), AWSConfig(config: config, credentials: credentials), region: "us-east-1")
        return try chain.find(address)
    }

    static let files =
        "[default]\naws_access_key_id = D\naws_secret_access_key = S\n[p]\naws_access_key_id=P\naws_secret_access_key=S\n"

    @Test func orderOfTheChain() throws {
        let keys = ["AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "S", "AWS_SESSION_TOKEN": "T"]
        let fixed = { (key: String, token: String?) in
            AWSCredentialSource.fixed(AWSCredentials(accessKey: key, secretKey: "S", sessionToken: token))
        }
        #expect(try Self.find(keys, credentials: Self.files) == fixed("E", "T"))
        #expect(try Self.find(keys, credentials: Self.files) { $0.profile = "p" } == fixed("P", nil))
        #expect(try Self.find(["AWS_PROFILE": "p"], credentials: Self.files) == fixed("P", nil))
        #expect(try Self.find(credentials: Self.files) == fixed("D", nil))
        #expect(try Self.find(keys) { $0.isAnonymous = true } == nil)
        let web = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "arn"]
        let container = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/r"]
        #expect(
            try Self.find(web.merging(container) { $1 }, credentials: Self.files) == fixed("D", nil))
        guard case .webIdentity(let role, "/t") = try Self.find(web.merging(container) { $1 }) else {
            Issue.record("no web identity")
            return
        }
        #expect(role.arn == "arn")
        #expect(
            try Self.find(container)
                == .container(url: "http://169.254.170.2/r", token: nil, tokenFile: nil))
        #expect(
            try Self.find([
                "AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1/",
            ])
                == .instance(endpoint: "http://127.0.0.1:1"))
    }

    @Test func profilesOfTheConfigFile() throws {
        let config = """
            # a comment
            [profile base]
            aws_access_key_id = B
            aws_secret_access_key = S
            s3 =
              addressing_style = path
            [profile role]
            role_arn = arn:aws:iam::1:role/r
            source_profile = base
            external_id = x
            region = eu-west-1
            [profile self]
            role_arn = arn
            source_profile = self
            aws_access_key_id = B
            aws_secret_access_key = S
            [profile command]
            credential_process = /bin/keys --now
            [profile sso]
            sso_session = corp
            sso_account_id = 1
            sso_role_name = reader
            [sso-session corp]
            sso_region = eu-west-1
            sso_start_url = https://start
            """
        let base = AWSCredentialSource.fixed(AWSCredentials(accessKey: "B", secretKey: "S"))
        let role = AWSRole(
            arn: "arn:aws:iam::1:role/r", session: "aismove", externalID: "x", seconds: nil,
            region: "eu-west-1")
        #expect(try Self.find(config: config) { $0.profile = "role" } == .role(role, from: base))
        guard case .role(_, from: base) = try Self.find(["AWS_PROFILE": "self"], config: config) else {
            Issue.record("a profile may be its own source")
            return
        }
        #expect(
            try Self.find(["AWS_PROFILE": "command"], config: config) == .process("/bin/keys --now"))
        let session = AWSSingleSignOn(
            cacheKey: "corp", region: "eu-west-1", account: "1", role: "reader")
        #expect(try Self.find(["AWS_PROFILE": "sso"], config: config) == .sso(session))
    }

    @Test(arguments: [
        ([:], "AWS_ACCESS_KEY_ID"), (["AWS_ACCESS_KEY_ID": "a"], "AWS_SECRET_ACCESS_KEY"),
        (["AWS_PROFILE": "none"], "--profile"), (["AWS_PROFILE": "loop"], "source_profile"),
        (["AWS_PROFILE": "mfa"], "one-time code"),
        (["AWS_WEB_IDENTITY_TOKEN_FILE": "/t"], "AWS_ROLE_ARN"),
        (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/"], "https"),
    ]) func errorsSayWhatToDo(variables: [String: String], word: String) throws {
        let config = """
            [profile loop]
            role_arn = a
            source_profile = loop2
            [profile loop2]
            role_arn = b
            source_profile = loop
            [profile mfa]
            role_arn = a
            mfa_serial = 1
            source_profile = loop
            """
        let error = #expect(throws: BackendError.self) { try Self.find(variables, config: config) }
        #expect(error?.kind == .credentials)
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
    }

    // MARK: - Sources that are asked

    static let keys = """
        {"Version": 1, "Code": "Success", "AccessKeyId": "AK", "SecretAccessKey": "SK", "Token": "T",
         "SessionToken": "T", "Expiration": "2033-05-18T03:33:20Z"}
        """
    static let expected = AWSCredentials(
        accessKey: "AK", secretKey: "SK", sessionToken: "T", expires: 2_000_000_000)

    static func fetch(
        _ source: AWSCredentialSource, _ variables: [String: String] = [:],
        home: String = "/nonexistent"
    ) throws -> AWSCredentials {
        try AWSCredentialFetcher(environment: .test(variables, home: home)).fetch(source)
    }

    @Test func asksTheContainer() throws {
        let scratch = try TestSupport.scratch("token")
        let file = try scratch.write("token", "from file\n")
        let server = try ResponderServer { request in
            ["secret", "from file"].contains(request.headers["authorization"])
                ? .init(200, text: Self.keys) : .init(403)
        }
        let url = "\(server.origin)/keys"
        #expect(try Self.fetch(.container(url: url, token: "secret", tokenFile: nil)) == Self.expected)
        #expect(try Self.fetch(.container(url: url, token: nil, tokenFile: file)) == Self.expected)
        let error = #expect(throws: BackendError.self) {
            try Self.fetch(.container(url: url, token: "s3cr3t", tokenFile: nil))
        }
        #expect(error?.description.contains("s3cr3t") == false)
    }

    @Test func asksTheInstanceByItsSecondVersion() throws {
        let server = try ResponderServer { request in
            switch (request.method, request.path) {
            case ("PUT", "/latest/api/token"):
                request.headers["x-aws-ec2-metadata-token-ttl-seconds"] == nil
                    ? .init(400) : .init(200, text: "tok")
            case _ where request.headers["x-aws-ec2-metadata-token"] != "tok": .init(401)
            case ("GET", "/latest/meta-data/iam/security-credentials/"): .init(200, text: "role\n")
            case ("GET", "/latest/meta-data/iam/security-credentials/role"): .init(200, text: Self.keys)
            default: .init(404)
            }
        }
        #expect(try Self.fetch(.instance(endpoint: server.origin)) == Self.expected)
        server.stop()
        let error = #expect(throws: BackendError.self) {
            try Self.fetch(.instance(endpoint: "http://127.0.0.1:1"))
        }
        #expect(error?.kind == .credentials)
        #expect(error?.message.contains("--no-sign-request") == true)
    }

    @Test func asksTheCommand() throws {
        let scratch = try TestSupport.scratch("process")
        let file = try scratch.write("keys.json", Self.keys)
        #expect(try Self.fetch(.process("cat \(file)")) == Self.expected)
        for command in ["echo s3cr3t >&2; exit 3", "echo s3cr3t", "/no/such/command"] {
            let error = #expect(throws: BackendError.self) { try Self.fetch(.process(command)) }
            #expect(error?.kind == .credentials)
            #expect(error?.description.contains("s3cr3t") == false)
        }
    }

    @Test func asksSingleSignOn() throws {
        let home = try TestSupport.scratch("sso")
        // The name is the SHA-1 of "corp".
        _ = try home.write(
            ".aws/sso/cache/\(Self.corp).json",
            #"{"accessToken": "tok", "expiresAt": "2099-01-01T00:00:00Z"}"#)
        let server = try ResponderServer { request in
            request.headers["x-amz-sso_bearer_token"] == "tok"
                && request.query == ["role_name": "r", "account_id": "1"]
                ? .init(
                    200,
                    text: """
                        {"roleCredentials": {"accessKeyId": "AK", "secretAccessKey": "SK", "sessionToken": "T",
                         "expiration": 2000000000000}}
                        """) : .init(401)
        }
        let session = AWSSingleSignOn(cacheKey: "corp", region: "eu-west-1", account: "1", role: "r")
        let variables = ["AWS_ENDPOINT_URL_SSO": server.origin]
        #expect(try Self.fetch(.sso(session), variables, home: home.path) == Self.expected)
        let error = #expect(throws: BackendError.self) { try Self.fetch(.sso(session), variables) }
        #expect(error?.message.contains("aws sso login") == true)
    }

    static let corp = "ee0bfd2552fbd840c02cc48b6e823320543c450f"

    @Test func asksTheTokenService() throws {
        let scratch = try TestSupport.scratch("web")
        let token = try scratch.write("token", "jwt")
        let server = try ResponderServer { request in
            let form = String(decoding: request.body, as: UTF8.self)
            let isSigned =
                request.headers["authorization"]?.contains("/us-east-1/sts/aws4_request") == true
            let action =
                form.contains("Action=AssumeRole&") && isSigned
                ? "AssumeRole"
                : form.contains("WebIdentityToken=jwt") && !isSigned ? "AssumeRoleWithWebIdentity" : ""
            guard !action.isEmpty, form.contains("RoleArn=arn%3Ax") else {
                return .init(
                    403, text: "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
            }
            return .init(
                200,
                text: """
                    <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(action)Result>
                    <AssumedRoleUser><Arn>a</Arn></AssumedRoleUser><Credentials><AccessKeyId>AK</AccessKeyId>
                    <SecretAccessKey>SK</SecretAccessKey><SessionToken>T</SessionToken>
                    <Expiration>2033-05-18T03:33:20Z</Expiration></Credentials></\(action)Result></\(action)Response>
                    """)
        }
        let role = AWSRole(arn: "arn:x", session: "s", region: "us-east-1")
        let variables = ["AWS_ENDPOINT_URL_STS": server.origin]
        let base = AWSCredentialSource.fixed(AWSCredentials(accessKey: "B", secretKey: "hush"))
        #expect(try Self.fetch(.role(role, from: base), variables) == Self.expected)
        #expect(try Self.fetch(.webIdentity(role, tokenFile: token), variables) == Self.expected)
        let other = AWSRole(arn: "other", session: "s", region: "us-east-1")
        let error = #expect(throws: BackendError.self) {
            try Self.fetch(.role(other, from: base), variables)
        }
        #expect(error?.message.contains("AccessDenied") == true)
        #expect(error?.description.contains("hush") == false)
    }

    // MARK: - Renewal

    @Test func lanesRenewOnceBeforeTheEnd() throws {
        let clock = Mutex(1000.0)
        let fetches = Mutex(0)
        let fetch: @Sendable () throws(BackendError) -> AWSCredentials = {
            () throws(BackendError) in
            let number = fetches.withLock { count in
                count += 1
                return count
            }
            Thread.sleep(forTimeInterval: 0.02)
            return AWSCredentials(
                accessKey: "K\(number)", secretKey: "s", expires: 1000 + 3600 * Double(number))
        }
        let authorizer = AWSAuthorizer(SigV4.Scope(region: "r"), now: { clock.withLock { $0 } }, fetch: fetch)
        func everyLaneSigns(with key: String) {
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                let signed = try? authorizer.authorize(HTTPRequest(url: "http://h/o"))
                let header = HTTPHeaders(signed?.headers ?? [])["Authorization"] ?? ""
                #expect(header.contains("Credential=\(key)/"))
            }
        }
        everyLaneSigns(with: "K1")
        clock.withLock { $0 = 1000 + 3600 - 301 }
        everyLaneSigns(with: "K1")
        clock.withLock { $0 = 1000 + 3600 - 299 }
        everyLaneSigns(with: "K2")
        #expect(fetches.withLock { $0 } == 2)
    }

    @Test func aRefusalRenewsOnce() throws {
        let clock = Mutex(1000.0)
        let fetches = Mutex(0)
        let fetch: @Sendable () throws(BackendError) -> AWSCredentials = {
            () throws(BackendError) in
            let number = fetches.withLock { count in
                count += 1
                return count
            }
            return AWSCredentials(accessKey: "K\(number)", secretKey: "s")
        }
        let authorizer = AWSAuthorizer(SigV4.Scope(region: "r"), now: { clock.withLock { $0 } }, fetch: fetch)
        let first = try authorizer.authorize(HTTPRequest(url: "http://h/o"))
        #expect(!authorizer.renew(after: first), "keys that just came are not the reason")
        clock.withLock { $0 += 60 }
        #expect(authorizer.renew(after: first))
        #expect(authorizer.renew(after: first), "another lane finds the new ones")
        let second = try authorizer.authorize(HTTPRequest(url: "http://h/o"))
        #expect(!authorizer.renew(after: second))
        #expect(fetches.withLock { $0 } == 2)
        let fixed = AWSAuthorizer(
            AWSCredentials(accessKey: "a", secretKey: "s"), SigV4.Scope(region: "r"), now: { 0 })
        #expect(!fixed.renew(after: first))
    }

    @Test func whatStillWorksOutlivesAFailedRenewal() throws {
        let clock = Mutex(0.0)
        let fetch: @Sendable () throws(BackendError) -> AWSCredentials = {
            () throws(BackendError) in
            guard clock.withLock({ $0 }) < 1 else { throw BackendError(.credentials, "x", "no more") }
            return AWSCredentials(accessKey: "K", secretKey: "s", expires: 1000)
        }
        let authorizer = AWSAuthorizer(SigV4.Scope(region: "r"), now: { clock.withLock { $0 } }, fetch: fetch)
        _ = try authorizer.authorize(HTTPRequest(url: "http://h/o"))
        clock.withLock { $0 = 900 }
        _ = try authorizer.authorize(HTTPRequest(url: "http://h/o"))
        clock.withLock { $0 = 1001 }
        #expect(throws: BackendError.self) { try authorizer.authorize(HTTPRequest(url: "http://h/o")) }
    }

    @Test func keysAreNotPrinted() {
        let keys = AWSCredentials(accessKey: "a", secretKey: "hush", sessionToken: "hush")
        #expect(!"\(keys) \(String(reflecting: keys))".contains("hush"))
    }
}
