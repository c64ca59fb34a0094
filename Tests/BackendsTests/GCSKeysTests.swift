import Hashing
import ObjectModel
import TestSupport
import Testing

@testable import Backends

/// HMAC keys of Google's, by the API that speaks like S3.
@Suite struct GCSKeysTests {
    private static let keys = ["GS_ACCESS_KEY_ID": "GOOG1EEXAMPLE", "GS_SECRET_ACCESS_KEY": "google-secret"]

    private func environment(_ variables: [String: String], home: String = "/nonexistent") -> CloudEnvironment {
        .test(["NO_GCE_CHECK": "true"].merging(variables) { $1 }, home: home)
    }

    private func address(_ name: String, at endpoint: String) throws -> BucketAddress {
        BucketAddress(try Bucket(provider: .gcp, name: name), endpoint: endpoint)
    }

    /// SeaweedFS takes the place of Google: it checks the signature as S3 does, whatever the region.
    @Test func conformance() throws {
        let server = try S3Servers.get(.weed)
        let keys = ["GS_ACCESS_KEY_ID": server.accessKey, "GS_SECRET_ACCESS_KEY": server.secretKey]
        let bucket = try address("data", at: server.endpoint)
        var subject = ConformanceSubject("gcs (HMAC)", GCSProvider.self, bucket: bucket, environment(keys))
        subject.missing = try address("nothing-here", at: server.endpoint)
        let wrong = environment(keys.merging(["GS_SECRET_ACCESS_KEY": "wrong"]) { $1 })
        subject.refused = (bucket, wrong)
        // Its hashes are Google's own, which this server does not tell.
        subject.metadataKeys = ["source", "ETag", "LastModified", "Last-Modified"]
        try runConformance(subject)
    }

    /// By botocore 1.43, with the keys and the date of here.
    @Test(arguments: [
        (
            "https://storage.googleapis.com/bucket/a%20b/train-000000.tar",
            "cea59c943a63eef41171cdc8bc70a55b4ae13fcaf6449e21a0877b402877e39c"
        ),
        (
            "https://storage.googleapis.com/bucket/?list-type=2&encoding-type=url&prefix=train%2F",
            "0f4d6dcd4f3706d15ee66b6eb28ee8b6204b115ce9bb8d5f942c8160db5c9b7e"
        ),
    ]) func signsAsBotocore(url: String, signature: String) throws {
        var environment = environment(Self.keys)
        environment.now = { 1_795_372_200 }
        let bucket = try BucketAddress(Bucket(provider: .gcp, name: "bucket"))
        let backend = try GCSProvider.connect(bucket, in: environment, lookup: false).backend
        let request = HTTPRequest(url: url, headers: [HTTPHeader("x-amz-checksum-mode", "ENABLED")])
        let signed = HTTPHeaders(try #require(backend.authorizer).authorize(request).headers)
        #expect(signed["X-Amz-Date"] == "20261122T183000Z")
        #expect(
            signed["Authorization"]
                == "AWS4-HMAC-SHA256 Credential=GOOG1EEXAMPLE/20261122/auto/s3/aws4_request, "
                + "SignedHeaders=host;x-amz-checksum-mode;x-amz-content-sha256;x-amz-date, Signature=\(signature)")
        #expect(backend.url(of: "a b") == "https://storage.googleapis.com/bucket/a%20b")
    }

    @Test func whatGoogleTellsCounts() throws {
        let body = Array("stored".utf8)
        let crc = Digest.of(body.span.bytes, .crc32c)
        let server = try ResponderServer { _ in
            .init(
                200,
                [
                    ("ETag", "\"-composed\""), ("x-goog-generation", "17"), ("x-goog-hash", "crc32c=\(crc.base64)"),
                    ("x-goog-stored-content-encoding", "identity"),
                ], body: body)
        }
        let environment = environment(Self.keys)
        let backend = try GCSProvider.connect(address("b", at: server.origin), in: environment, lookup: false).backend
        let request = backend.objectRequest(backend.url(of: "o"), resume: nil)
        let (head, _) = try environment.makeLane().ask(request, backend.authorizer, subject: "o", bodyLimit: 100)
        let answer = backend.answer(head, to: request, resume: nil, errorBody: [], now: 0)
        guard case .body(6, let promised, let validator) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(promised == [PromisedDigest(digest: crc, origin: "x-goog-hash")])
        #expect(validator.version == "17")
        let told = backend.metadata(head, listed: nil, into: backend.bucket)
        #expect(told.version == "17")
        #expect(told.custom.map(\.name) == ["source", "version", "ETag", "crc32c"])
        let asked = try #require(server.requests.last)
        #expect(asked.headers["accept-encoding"] == "gzip")
        #expect(asked.headers["authorization"]?.contains("/auto/s3/aws4_request") == true)
    }

    @Test func listingsTellGenerations() throws {
        let page =
            "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key>"
            + "<Generation>17</Generation><Size>1</Size></Contents></ListBucketResult>"
        #expect(try S3Page.parse(Array(page.utf8)).entries.first?.version == "17")
    }

    // MARK: - where they are found

    private func found(_ variables: [String: String], home: String = "/nonexistent") throws -> AWSCredentials? {
        try GoogleIdentity.find(environment(variables, home: home), isAnonymous: false, isEmulator: false).keys
    }

    @Test func variablesThenBotosFile() throws {
        let scratch = try TestSupport.scratch("boto")
        let text = "[Boto]\nhttps_validate_certificates = True\n[Credentials]\n# mine\n"
        let file = try scratch.write(".boto", text + "gs_access_key_id = FILE\ngs_secret_access_key = s = x\n")
        #expect(try found([:]) == nil)
        let home = try found([:], home: scratch.path)
        #expect(home?.accessKey == "FILE" && home?.secretKey == "s = x")
        #expect(try found(["BOTO_CONFIG": file])?.accessKey == "FILE")
        #expect(try found(Self.keys, home: scratch.path)?.accessKey == "GOOG1EEXAMPLE")
        _ = try scratch.write(".boto", text)
        #expect(try found([:], home: scratch.path) == nil)
    }

    @Test func halvesAndMissingFilesAreErrors() throws {
        let scratch = try TestSupport.scratch("boto")
        let half = try scratch.write("half", "[Credentials]\ngs_secret_access_key = hidden-word\n")
        let broken: [[String: String]] = [
            ["GS_ACCESS_KEY_ID": "A"], ["GS_SECRET_ACCESS_KEY": "hidden-word"], ["BOTO_CONFIG": half],
            ["BOTO_CONFIG": "/nonexistent/boto"],
        ]
        for variables in broken {
            let error = #expect(throws: BackendError.self, "\(variables)") { try found(variables) }
            #expect(error?.kind == .credentials)
            #expect(error.map { "\($0)".contains("hidden-word") } == false)
        }
    }

    @Test func whatComesBeforeThem() throws {
        let scratch = try TestSupport.scratch("adc")
        let user =
            #"{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"r"}"#
        let file = try scratch.write("adc.json", user)
        #expect(try found(Self.keys.merging(["GOOGLE_APPLICATION_CREDENTIALS": file]) { $1 }) == nil)
        #expect(try found(Self.keys.merging(["GCE_METADATA_HOST": "127.0.0.1:1"]) { $1 }) == nil)
        let anonymous = try GoogleIdentity.find(environment(Self.keys), isAnonymous: true, isEmulator: false)
        #expect(anonymous.isNobody && anonymous.keys == nil)
    }

    /// A machine's own identity goes first, where it turns out to have one.
    @Test(arguments: [true, false]) func aMachineWithAnIdentity(hasOne: Bool) throws {
        let server = try ResponderServer { _ in
            .init(hasOne ? 200 : 404, [("Metadata-Flavor", "Google")], text: "a@b")
        }
        #expect(GoogleMetadata.hasIdentity("127.0.0.1:\(server.port)", environment([:])) == hasOne)
    }

    @Test func anEmulatorGetsOnlyWhatWasNamed() throws {
        let scratch = try TestSupport.scratch("boto")
        _ = try scratch.write(".boto", "[Credentials]\ngs_access_key_id = FILE\ngs_secret_access_key = s\n")
        let file = environment([:], home: scratch.path)
        #expect(try GoogleIdentity.find(file, isAnonymous: false, isEmulator: true).keys == nil)
        let named = try GoogleIdentity.find(environment(Self.keys), isAnonymous: false, isEmulator: true)
        #expect(named.keys?.accessKey == "GOOG1EEXAMPLE")
    }
}
