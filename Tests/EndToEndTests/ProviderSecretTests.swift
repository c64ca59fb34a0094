import Foundation
import TestSupport
import Testing

/// Runs against the other providers, good and failing in every way, tell no secret either: not a key, not its passphrase,
/// not a token that was given out for it.
struct ProviderSecretTests {
    private static let marker = "s3cr3t-v4lue"
    private let scene: Scene

    init() throws {
        scene = try Scene()
        scene.environment["NO_GCE_CHECK"] = "true"
    }

    private func watch(_ secrets: [String]) -> SecretWatch { SecretWatch(scene: scene, secrets: secrets) }

    /// One that does not answer, and one that answers 500.
    private func servers() throws -> (nowhere: String, failing: ResponderServer) {
        ("http://127.0.0.1:\(try ServerProcess.freePort())", try ResponderServer { _ in .init(500, text: "{}") })
    }

    private func newKey() throws -> String { try TestSupport.runChecked("openssl", ["genrsa", "2048"]).out }

    /// Two lines from the midst of a PEM text: enough to tell it by.
    private func lines(ofKey text: String) throws -> [String] {
        let lines = text.replacing("\\n", with: "\n").split(separator: "\n").map(String.init)
        try #require(lines.count > 12)
        return [lines[5], lines[10]]
    }

    // MARK: - Google

    @Test func serviceAccountsAndTokensOfGoogle() throws {
        let server = try GCSServer { data in _ = try data.write("data/x", Data("x".utf8)) }
        let account = try String(contentsOfFile: server.accountFile, encoding: .utf8)
        var fields = try #require(try JSONSerialization.jsonObject(with: Data(account.utf8)) as? [String: Any])
        let key = try #require(fields["private_key"] as? String)
        let other = try newKey()
        let watch = watch(try lines(ofKey: key) + lines(ofKey: other) + ["ya29."])
        scene.environment["GOOGLE_APPLICATION_CREDENTIALS"] = server.accountFile
        try watch.works("gs://data", "--endpoint", server.url)
        try watch.fails("gs://nothing", "--endpoint", server.url)
        try watch.expectNoneInProcessList("gs://data")
        fields["private_key"] = other
        let file = try scene.scratch.write("other.json", try JSONSerialization.data(withJSONObject: fields))
        scene.environment["GOOGLE_APPLICATION_CREDENTIALS"] = file
        try watch.fails("gs://data", "--endpoint", server.url)
        try watch.fails("gs://data/x-{0..1}", "--skip-lookup", "--endpoint", server.url)
        _ = try scene.scratch.write("other.json", Data(account.utf8.prefix(account.utf8.count * 3 / 4)))
        try watch.fails("gs://data", "--endpoint", server.url)
        try watch.expectNothingLeft()
    }

    @Test func loginsAndKeysOfGoogle() throws {
        let watch = watch([Self.marker])
        let giver = try ResponderServer { request in
            guard request.path == "/token" else { return .init(500, text: "{}") }
            return .init(text: #"{"access_token":"\#(Self.marker)-token","expires_in":3600}"#)
        }
        let refusing = try ResponderServer { _ in .init(400, text: #"{"error":"invalid_grant"}"#) }
        for server in [giver, refusing] {
            let login = """
                {"type":"authorized_user","client_id":"c","client_secret":"\(Self.marker)-client",
                "refresh_token":"\(Self.marker)-refresh","token_uri":"\(server.origin)/token"}
                """
            let file = try scene.scratch.write("login.json", login)
            scene.environment["GOOGLE_APPLICATION_CREDENTIALS"] = file
            try watch.fails("gs://data", "--endpoint", server.origin)
            try watch.fails("gs://data/x-{0..1}", "--skip-lookup", "--endpoint", server.origin)
        }
        scene.environment["GOOGLE_APPLICATION_CREDENTIALS"] = nil
        scene.environment["GS_SECRET_ACCESS_KEY"] = Self.marker
        let (nowhere, failing) = try servers()
        try watch.fails("gs://data", "--endpoint", nowhere)
        scene.environment["GS_ACCESS_KEY_ID"] = "GOOG1E"
        for endpoint in [nowhere, failing.origin, try CloudSite.shared().endpoint] {
            try watch.fails("gs://data", "--endpoint", endpoint)
        }
        try watch.expectNothingLeft()
    }

    // MARK: - Azure

    @Test func accountKeysOfAzure() throws {
        let server = try AzureServer(containers: ["data"]) { _ = try $0.write("data/x", Data("x".utf8)) }
        let wrong = Data(Self.marker.utf8).base64EncodedString()
        let watch = watch([AzureServer.key, wrong, Self.marker])
        scene.environment["AZURE_STORAGE_ACCOUNT"] = AzureServer.account
        scene.environment["AZURE_STORAGE_KEY"] = AzureServer.key
        try watch.works("az://data", "--endpoint", server.url)
        try watch.fails("az://nothing", "--endpoint", server.url)
        try watch.expectNoneInProcessList("az://data")
        scene.environment["AZURE_STORAGE_KEY"] = wrong
        let (nowhere, failing) = try servers()
        for endpoint in [server.url, "\(nowhere)/account", "\(failing.origin)/account"] {
            try watch.fails("az://data", "--endpoint", endpoint)
            try watch.fails("az://data/x-{0..1}", "--skip-lookup", "--endpoint", endpoint)
        }
        scene.environment["AZURE_STORAGE_KEY"] = "\(Self.marker) is no key"
        try watch.fails("az://data", "--endpoint", server.url)
        scene.environment["AZURE_STORAGE_CONNECTION_STRING"] = "AccountName;AccountKey=\(wrong);\(Self.marker)"
        try watch.fails("az://data", "--endpoint", server.url)
        try watch.expectNothingLeft()
    }

    @Test func signaturesAndSecretsOfAzure() throws {
        let server = try AzureServer(containers: ["data"]) { _ = try $0.write("data/x", Data("x".utf8)) }
        let sas = try AzureServer.sas("data", "rl")
        let signature = try #require(sas.split(separator: "&").first { $0.hasPrefix("sig=") }).dropFirst(4)
        let watch = watch([String(signature), Self.marker])
        scene.environment["AZURE_STORAGE_ACCOUNT"] = AzureServer.account
        scene.environment["AZURE_STORAGE_SAS_TOKEN"] = sas
        try watch.works("az://data", "--endpoint", server.url)
        let (nowhere, failing) = try servers()
        for token in [sas, "sv=2022-11-02&sp=rl&sig=\(Self.marker)"] {
            scene.environment["AZURE_STORAGE_SAS_TOKEN"] = token
            for endpoint in [nowhere, failing.origin] {
                try watch.fails("az://data", "--endpoint", "\(endpoint)/account")
            }
        }
        try watch.fails("az://data", "--endpoint", server.url)
        scene.environment["AZURE_STORAGE_SAS_TOKEN"] = nil
        for (name, value) in AzureServer.application { scene.environment[name] = value }
        scene.environment["AZURE_CLIENT_SECRET"] = Self.marker
        scene.environment["AZURE_AUTHORITY_HOST"] = server.origin
        try watch.fails("az://data", "--endpoint", server.url)
        try watch.expectNothingLeft()
    }

    // MARK: - Oracle

    @Test func keysAndPassphrasesOfOracle() throws {
        let data = try TestSupport.scratch("oci-data")
        _ = try data.write("x", Data("x".utf8))
        let server = try OCIServer(["data": data.path])
        let key = try String(contentsOfFile: "\(server.folder)/oci_api_key.pem", encoding: .utf8)
        let other = try newKey()
        let watch = watch(try lines(ofKey: key) + lines(ofKey: other) + [Self.marker])
        scene.environment["OCI_CONFIG_FILE"] = server.configuration
        try watch.works("oc://data", "--endpoint", server.endpoint)
        try watch.fails("oc://nothing", "--endpoint", server.endpoint)
        try watch.expectNoneInProcessList("oc://data")
        let otherFile = try scene.scratch.write("other.pem", other)
        let encrypted = try server.value("key_file", of: "ENC")
        let profile = "[DEFAULT]\ntenancy=t\nuser=u\nfingerprint=f\nregion=us-ashburn-1\n"
        let token = try scene.scratch.write("token", "e30.\(Self.marker).c2ln")
        let (_, failing) = try servers()
        for lines in [
            "key_file=\(otherFile)\n", "key_file=\(encrypted)\npass_phrase=\(Self.marker)\n",
            "key_content=\(Self.marker)\n", "key_file=\(otherFile)\nsecurity_token_file=\(token)\n",
            "key_file\n\(Self.marker)\n[\(Self.marker)\n",
        ] {
            scene.environment["OCI_CONFIG_FILE"] = try scene.scratch.write("oci", profile + lines)
            for endpoint in [server.endpoint, failing.origin] {
                try watch.fails("oc://data", "--endpoint", endpoint)
            }
        }
        try watch.expectNothingLeft()
    }

    @Test func identitiesOfOraclesMachines() throws {
        let data = try TestSupport.scratch("oci-data")
        _ = try data.write("x", Data("x".utf8))
        let server = try OCIServer(["data": data.path])
        let key = try TestSupport.runChecked(
            "curl",
            [
                "-sf", "--noproxy", "*", "-H", "Authorization: Bearer Oracle",
                "\(server.endpoint)/opc/v2/identity/key.pem",
            ]
        ).out
        // What every token begins with: {"alg": "RS256"}.
        let watch = watch(try lines(ofKey: key) + ["eyJhbGciOiAiUlMyNTYifQ."])
        for (name, value) in server.instance { scene.environment[name] = value }
        try watch.works("oc://data", "--endpoint", server.endpoint)
        try watch.fails("oc://nothing", "--endpoint", server.endpoint)
        let (nowhere, failing) = try servers()
        for endpoint in [nowhere, failing.origin] {
            scene.environment["OCI_SDK_AUTH_CLIENT_REGION_URL"] = endpoint
            try watch.fails("oc://data", "--endpoint", server.endpoint)
        }
        try watch.expectNothingLeft()
    }
}
