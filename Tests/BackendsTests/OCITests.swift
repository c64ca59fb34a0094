import Foundation
import ObjectModel
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// One server for all tests of this suite, with the conformance bucket in it.
struct OCIScene {
    static let shared = Result { try OCIScene() }

    let server: OCIServer
    private let folder: ScratchDirectory

    private init() throws {
        folder = try TestSupport.scratch("oci-data")
        try ConformanceObjects.write(to: folder)
        server = try OCIServer(["data": folder.path], options: ["--page", "9"])
    }

    func address(_ bucket: String = "data", profile: String? = nil) throws -> BucketAddress {
        try BucketAddress(Bucket(provider: .oci, name: bucket), endpoint: server.endpoint, profile: profile)
    }

    func environment(_ more: [String: String] = [:]) -> CloudEnvironment {
        .test(["OCI_CLI_CONFIG_FILE": server.configuration].merging(more) { $1 })
    }

    /// Whether the bucket is found with these credentials; nil, or what was said.
    func failure(_ environment: CloudEnvironment, profile: String? = nil) throws -> BackendError? {
        let address = try address(profile: profile)
        do throws(BackendError) {
            _ = try OCIProvider.connect(address, in: environment, lookup: true)
            return nil
        } catch {
            return error
        }
    }
}

@Suite struct OCITests {
    @Test func conformance() throws {
        let scene = try OCIScene.shared.get()
        var subject = ConformanceSubject(
            "oci (Oracle's verifier)", OCIProvider.self, bucket: try scene.address(), scene.environment())
        subject.missing = try scene.address("nothing")
        subject.refused = (
            try scene.address(),
            scene.environment(["OCI_FINGERPRINT": try scene.server.value("fingerprint", of: "ENC")])
        )
        subject.metadataKeys = ["source", "ETag", "md5", "LastModified"]
        try runConformance(subject)
    }

    /// Multipart objects have no MD5 there either; then nothing is promised, and all else holds.
    @Test func withoutMD5() throws {
        let folder = try TestSupport.scratch("oci-no-md5")
        try ConformanceObjects.write(to: folder)
        let server = try OCIServer(["data": folder.path], options: ["--no-md5"])
        var subject = ConformanceSubject(
            "oci without MD5", OCIProvider.self,
            bucket: try BucketAddress(Bucket(provider: .oci, name: "data"), endpoint: server.endpoint + "/"),
            .test(["OCI_CONFIG_FILE": server.configuration, "OCI_NAMESPACE": "testns"]))
        subject.promisesDigests = false
        subject.metadataKeys = ["source", "ETag", "LastModified"]
        try runConformance(subject)
        server.stop()
    }

    @Test(arguments: ["DEFAULT", "ENC", "SESSION"])
    func everyProfileIsLetIn(_ profile: String) throws {
        let scene = try OCIScene.shared.get()
        #expect(try scene.failure(scene.environment(), profile: profile) == nil)
        #expect(try scene.failure(scene.environment(["OCI_CLI_PROFILE": profile])) == nil)
    }

    @Test func variablesAloneAreEnough() throws {
        let scene = try OCIScene.shared.get()
        let key = try String(contentsOfFile: scene.server.value("key_file"), encoding: .utf8)
        var variables = [
            "OCI_TENANCY_OCID": try scene.server.value("tenancy"), "OCI_USER_OCID": try scene.server.value("user"),
            "OCI_FINGERPRINT": try scene.server.value("fingerprint"), "OCI_PRIVATE_KEY": key,
            "OCI_REGION": "us-ashburn-1",
        ]
        #expect(try scene.failure(.test(variables)) == nil)
        variables["OCI_PRIVATE_KEY"] = key.replacing("\n", with: "\\n")
        #expect(try scene.failure(.test(variables)) == nil)
        for name in ["OCI_TENANCY_OCID", "OCI_USER_OCID", "OCI_FINGERPRINT", "OCI_PRIVATE_KEY"] {
            var fewer = variables
            fewer[name] = nil
            let error = try scene.failure(.test(fewer))
            #expect(
                error?.kind == .credentials && error?.message.contains(name) == true,
                "\(name): \(String(describing: error))")
        }
    }

    /// The files are the provider's own: their mode is not judged.
    @Test(arguments: [0o600, 0o644])
    func keysAreReadWhateverTheirMode(_ mode: Int) throws {
        let scene = try OCIScene.shared.get()
        let folder = try TestSupport.scratch("oci-mode")
        let text = try String(contentsOfFile: scene.server.value("key_file"), encoding: .utf8)
        let key = try folder.write("key.pem", text)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: key)
        let lines = try ["user", "tenancy", "fingerprint"].map { "\($0)=\(try scene.server.value($0))\n" }.joined()
        let config = try folder.write("config", "[DEFAULT]\n\(lines)key_file=\(key)\n")
        #expect(try scene.failure(.test(["OCI_CONFIG_FILE": config])) == nil)
    }

    @Test func wrongCredentialsAreRefused() throws {
        let scene = try OCIScene.shared.get()
        let other = try scene.server.value("fingerprint", of: "ENC")
        #expect(try scene.failure(scene.environment(["OCI_FINGERPRINT": other]))?.kind == .refused)
        let sessionKey = "\(scene.server.folder)/oci_session_key.pem"
        let text = try String(contentsOfFile: sessionKey, encoding: .utf8)
        let wrongKey = try scene.failure(scene.environment(["OCI_PRIVATE_KEY": text]))
        #expect(wrongKey?.kind == .refused)
        #expect(wrongKey?.message.contains("PRIVATE") == false && wrongKey?.message.contains("fingerprint") == true)
        // The service accepts a clock that is five minutes off, not ten.
        var late = scene.environment()
        late.now = { Date().timeIntervalSince1970 - 600 }
        #expect(try scene.failure(late)?.kind == .refused)
        var almost = scene.environment()
        almost.now = { Date().timeIntervalSince1970 - 200 }
        #expect(try scene.failure(almost) == nil)
    }

    @Test func whatCannotBeUsedIsSaid() throws {
        let scene = try OCIScene.shared.get()
        #expect(try scene.failure(.test())?.kind == .credentials)
        #expect(try scene.failure(scene.environment(), profile: "NONE")?.message.contains("DEFAULT") == true)
        #expect(try scene.failure(.test(["OCI_CONFIG_FILE": "/nonexistent/config"]))?.kind == .credentials)
        let folder = try TestSupport.scratch("oci-config")
        func failure(_ lines: String) throws -> BackendError? {
            try scene.failure(.test(["OCI_CONFIG_FILE": folder.write("config", "[DEFAULT]\n" + lines)]))
        }
        let plain = "user=u\ntenancy=t\nfingerprint=f\n"
        #expect(try failure(plain)?.message.contains("key_file") == true)
        #expect(try failure(plain + "key_file=/nonexistent/key\n")?.kind == .credentials)
        let encrypted = try scene.server.value("key_file", of: "ENC")
        #expect(try failure(plain + "key_file=\(encrypted)\n")?.message.contains("pass_phrase") == true)
        let wrong = try failure(plain + "key_file=\(encrypted)\npass_phrase=not it\n")
        #expect(wrong?.kind == .credentials && wrong?.message.contains("not it") == false)
        #expect(
            try failure("user=u\nfingerprint=f\nkey_file=\(scene.server.value("key_file"))\n")?.kind == .credentials)
        let address = try BucketAddress(Bucket(provider: .oci, name: "data"))
        for region in ["", "../evil", "a b"] {
            var regional = address
            regional.region = region
            #expect(throws: BackendError.self) {
                try OCIProvider.connect(regional, in: scene.environment(["OCI_NAMESPACE": "ns"]), lookup: false)
            }
        }
    }

    @Test func regionsMakeEndpoints() throws {
        let scene = try OCIScene.shared.get()
        let environment = scene.environment(["OCI_NAMESPACE": "ns"])
        func url(_ region: String?) throws -> String {
            let address = try BucketAddress(Bucket(provider: .oci, name: "data"), region: region)
            return try OCIProvider.connect(address, in: environment, lookup: false).backend.url(of: "a b/c")
        }
        let path = "/n/ns/b/data/o/a%20b%2Fc"
        #expect(try url(nil) == "https://objectstorage.us-ashburn-1.oraclecloud.com" + path)
        #expect(try url("eu-frankfurt-1") == "https://objectstorage.eu-frankfurt-1.oraclecloud.com" + path)
        #expect(try url("PHX") == "https://objectstorage.us-phoenix-1.oraclecloud.com" + path)
        #expect(try url("us-gov-ashburn-1") == "https://objectstorage.us-gov-ashburn-1.oraclegovcloud.com" + path)
    }

    /// A session that was renewed by `oci session refresh` is taken up after a refusal, once.
    @Test func aRenewedSessionIsReadAgain() throws {
        let scene = try OCIScene.shared.get()
        let folder = try TestSupport.scratch("oci-session")
        let good = try String(contentsOfFile: "\(scene.server.folder)/oci_token", encoding: .utf8)
        let token = try folder.write("token", "e30.e30.b2xk\n")
        let config = try folder.write(
            "config",
            "[DEFAULT]\ntenancy=t\nfingerprint=f\nkey_file=\(scene.server.folder)/oci_session_key.pem\n"
                + "security_token_file=\(token)\n")
        let environment = CloudEnvironment.test(["OCI_CONFIG_FILE": config, "OCI_NAMESPACE": "testns"])
        let backend = try OCIProvider.connect(scene.address(), in: environment, lookup: false).backend
        let stale = try #require(try backend.authorizer?.authorize(backend.bucketRequest()))
        #expect(backend.authorizer?.renew(after: stale) == false)
        try folder.write("token", good + "\n")
        let lane = environment.makeLane()
        let asked = try lane.ask(backend.bucketRequest(), backend.authorizer, subject: "oc://data", bodyLimit: 1000)
        #expect(asked.head.status == 200)
        // Another lane's request, signed before: it may be signed anew; a second refusal ends it.
        #expect(backend.authorizer?.renew(after: stale) == true)
        let fresh = try #require(try backend.authorizer?.authorize(backend.bucketRequest()))
        #expect(backend.authorizer?.renew(after: fresh) == false)
    }

    @Test func aSessionIsReadAgainBeforeItEnds() throws {
        let scene = try OCIScene.shared.get()
        let key = try String(contentsOfFile: "\(scene.server.folder)/oci_session_key.pem", encoding: .utf8)
        let reads = Mutex(0)
        let signer = try OCISignature.Signer(keyID: "ST$old", key: .init(pem: key))
        let clock = Mutex(1000.0)
        let authorizer = OCIAuthorizer(
            OCICredentials(signer: signer, expires: 2000), now: { clock.withLock { $0 } },
            reload: {
                let count = reads.withLock { count in
                    count += 1
                    return count
                }
                return OCICredentials(
                    signer: .init(keyID: "ST$new\(count)", key: signer.key), expires: count == 1 ? 2000 : 9000)
            })
        func keyID() throws -> String {
            let signed = try authorizer.authorize(HTTPRequest(url: "http://127.0.0.1/"))
            let text = HTTPHeaders(signed.headers)["Authorization"] ?? ""
            return String(text.split(separator: "keyId=\"").last?.prefix { $0 != "\"" } ?? "")
        }
        #expect(try keyID() == "ST$old")
        clock.withLock { $0 = 1800 }
        // Not renewed yet by whoever does it: it is looked for again, but not with every request.
        #expect(try keyID() == "ST$new1")
        #expect(try keyID() == "ST$new1" && reads.withLock { $0 } == 1)
        clock.withLock { $0 = 1811 }
        #expect(try keyID() == "ST$new2")
        clock.withLock { $0 = 1900 }
        #expect(try keyID() == "ST$new2" && reads.withLock { $0 } == 2)
    }

    @Test func tokensTellTheirEnd() {
        #expect(OCICredentials.expiry("e30.eyJleHAiOjE3MDAwMDAwMDB9.c2ln") == 1_700_000_000)
        for text in ["", "a.b", "a.b.c", "e30.e30.c2ln"] { #expect(OCICredentials.expiry(text) == nil) }
    }

    @Test func configurationsAreReadAsOraclesToolsDo() {
        let file = OCIConfigFile(
            """
            # a comment
            [DEFAULT]
            user = ocid1.user
            region: us-ashburn-1
            key_file=~/.oci/key.pem
            pass_phrase=a=b:c
            security_token_file=/token

            [OTHER]
            region=eu-frankfurt-1
            [OWN]
            key_file=/own.pem
            """)
        #expect(file.profiles == ["DEFAULT", "OTHER", "OWN"])
        #expect(file.profile("DEFAULT")?["pass_phrase"] == "a=b:c")
        #expect(file.profile("OTHER")?["region"] == "eu-frankfurt-1")
        #expect(file.profile("OTHER")?["key_file"] == "~/.oci/key.pem")
        #expect(file.profile("OWN")?["user"] == "ocid1.user" && file.profile("OWN")?["security_token_file"] == nil)
        #expect(file.profile("NONE") == nil)
    }
}
