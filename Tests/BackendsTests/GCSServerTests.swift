import Foundation
import Hashing
import ObjectModel
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// A bucket behind the server that checks tokens as Google does. One after the other: tokens are revoked here.
@Suite(.serialized) struct GCSServerTests {
    static let shared = Result {
        try GCSServer { data in
            for index in 0..<50 { try data.write("data/many/\(100 + index)", Data(bytes(index))) }
            try data.write("data/one.bin", Data(LaneData.bytes(300_000, seed: 3)))
            for object in ConformanceObjects.all { try data.write("conformance/\(object.name)", Data(object.bytes)) }
        }
    }

    static func bytes(_ index: Int) -> [UInt8] { LaneData.bytes(index * 10, seed: UInt64(index)) }

    let server: GCSServer
    let address: BucketAddress

    init() throws {
        server = try Self.shared.get()
        address = BucketAddress(try Bucket(provider: .gcp, name: "data"), endpoint: server.url)
    }

    private func environment(_ variables: [String: String] = [:]) -> CloudEnvironment {
        .test(["NO_GCE_CHECK": "true"].merging(variables) { $1 })
    }

    private func account() -> CloudEnvironment { environment(["GOOGLE_APPLICATION_CREDENTIALS": server.accountFile]) }

    private func file(_ scratch: ScratchDirectory, _ fields: [String: Any]) throws -> CloudEnvironment {
        let path = try scratch.write("c.json", try JSONSerialization.data(withJSONObject: fields))
        return environment(["GOOGLE_APPLICATION_CREDENTIALS": path])
    }

    private func failure(_ environment: CloudEnvironment, _ address: BucketAddress? = nil) -> BackendError? {
        #expect(throws: BackendError.self) {
            try GCSProvider.connect(address ?? self.address, in: environment, lookup: true)
        }
    }

    private func listing(_ backend: any BucketBackend, _ query: ListQuery) throws -> (names: [String], pages: Int) {
        let lane = account().makeLane()
        var (query, names, pages) = (query, [String](), 0)
        repeat {
            let (head, body) = try lane.ask(
                backend.listRequest(query), backend.authorizer, subject: "data", bodyLimit: 1 << 20)
            let page = try backend.listPage(head, body: body, of: query)
            names += page.entries.map(\.name)
            pages += 1
            query.token = page.next
        } while query.token != nil && pages < 100
        return (names, pages)
    }

    private func get(
        _ backend: any BucketBackend, _ request: HTTPRequest, resume: ResumePoint? = nil
    ) throws -> (answer: ObjectAnswer, head: HTTPResponseHead, body: [UInt8]) {
        let (head, body) = try account().makeLane().ask(
            request, backend.authorizer, subject: "data", bodyLimit: 1 << 20)
        return (backend.answer(head, to: request, resume: resume, errorBody: body, now: 0), head, body)
    }

    @Test func conformance() throws {
        let bucket = BucketAddress(try Bucket(provider: .gcp, name: "conformance"), endpoint: server.url)
        var subject = ConformanceSubject("gcs", GCSProvider.self, bucket: bucket, account())
        subject.missing = BucketAddress(try Bucket(provider: .gcp, name: "nothing"), endpoint: server.url)
        var nobody = bucket
        nobody.isAnonymous = true
        subject.refused = (nobody, environment(["GOOGLE_CLOUD_PROJECT": GCSServer.project]))
        subject.metadataKeys = ["source", "version", "ETag", "md5", "crc32c", "LastModified", "Last-Modified"]
        try runConformance(subject)
    }

    // MARK: - who we are

    @Test func aServiceAccountGetsOneTokenForAll() throws {
        let before = try server.stats()["issued"] ?? 0
        let connected = try GCSProvider.connect(address, in: account(), lookup: true)
        #expect(connected.facts == BucketFacts(isVersioned: true))
        #expect(try listing(connected.backend, ListQuery()).names.count == 51)
        #expect(try (server.stats()["issued"] ?? 0) - before == 1)
        #expect(try GCSProvider.buckets(address, in: account()).map(\.name).contains("data"))
    }

    @Test func aKeyOfSomebodyElseIsRefused() throws {
        let scratch = try TestSupport.scratch("key")
        var fields = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: server.accountFile))) as? [String: Any])
        fields["private_key"] = try TestSupport.runChecked("openssl", ["genrsa", "2048"]).out
        let error = try #require(failure(try file(scratch, fields)))
        #expect(error.kind == .credentials && error.message.contains("Invalid JWT Signature"), "\(error)")
    }

    @Test func aUsersLoginIsRefreshed() throws {
        let scratch = try TestSupport.scratch("user")
        var fields = [
            "type": "authorized_user", "client_id": "cid.apps.googleusercontent.com", "client_secret": "csecret",
            "refresh_token": "rtoken", "token_uri": "\(server.url)/token",
        ]
        _ = try GCSProvider.connect(address, in: try file(scratch, fields), lookup: true)
        let usage = #expect(throws: BackendError.self) {
            try GCSProvider.buckets(address, in: try file(scratch, fields))
        }
        #expect(usage?.kind == .usage && usage?.message.contains("GOOGLE_CLOUD_PROJECT") == true)
        fields["refresh_token"] = "expired-secret"
        let error = try #require(failure(try file(scratch, fields)))
        #expect(error.kind == .credentials && error.message.contains("gcloud auth application-default login"))
        #expect(!error.description.contains("expired-secret"))
    }

    @Test func aMachineAtGoogleAsksItsMetadataServer() throws {
        let here = environment(["GCE_METADATA_HOST": server.metadataHost])
        _ = try GCSProvider.connect(address, in: here, lookup: true)
        #expect(try GCSProvider.buckets(address, in: here).map(\.name).contains("data"))
    }

    @Test func anExternalAccountIsExchangedAndImpersonates() throws {
        let json = { (text: String) in
            "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)"
        }
        let sts = try ScriptedServer([
            [.request, .send(json(#"{"id_token":"theirs"}"#))],
            [.request, .send(json(#"{"access_token":"first","expires_in":3600}"#))],
            [.request, .send(json(#"{"accessToken":"second","expireTime":"2999-01-01T00:00:00Z"}"#))],
            [.request, .send(json(#"{"name":"data"}"#))],
        ])
        let scratch = try TestSupport.scratch("external")
        let fields: [String: Any] = [
            "type": "external_account", "audience": "a", "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": sts.url("sts"), "service_account_impersonation_url": sts.url("impersonate"),
            "credential_source": [
                "url": sts.url("theirs"), "headers": ["X-Key": "k"],
                "format": ["type": "json", "subject_token_field_name": "id_token"],
            ],
        ]
        var address = address
        address.endpoint = sts.url()
        _ = try GCSProvider.connect(address, in: try file(scratch, fields), lookup: true)
        let requests = sts.requests
        try #require(requests.count == 4)
        #expect(requests[0].hasPrefix("GET /theirs ") && requests[0].contains("X-Key: k"))
        #expect(requests[1].hasPrefix("POST /sts ") && !requests[1].contains("Authorization"))
        #expect(requests[2].hasPrefix("POST /impersonate ") && requests[2].contains("Authorization: Bearer first\r\n"))
        #expect(requests[3].hasPrefix("GET /storage/v1/b/data?") && requests[3].contains("Bearer second\r\n"))
        sts.stop()
    }

    @Test func anExternalAccountReadsAFile() throws {
        let answer = #"{"error":"invalid_grant","error_description":"The token is too old"}"#
        let sts = try ScriptedServer(
            answer: "HTTP/1.1 400 Bad\r\nContent-Length: \(answer.utf8.count)\r\nConnection: close\r\n\r\n\(answer)")
        let scratch = try TestSupport.scratch("external")
        let token = try scratch.write("token", "their-secret\n")
        var fields: [String: Any] = [
            "type": "external_account", "audience": "a", "subject_token_type": "t", "token_url": sts.url("sts"),
            "credential_source": ["file": token],
        ]
        let error = try #require(failure(try file(scratch, fields)))
        #expect(error.kind == .credentials && error.message.contains("The token is too old"))
        #expect(!error.description.contains("their-secret"))
        fields["credential_source"] = ["file": "/nonexistent"]
        #expect(failure(try file(scratch, fields))?.message.contains("/nonexistent") == true)
        sts.stop()
    }

    @Test func nobodyIsRefusedButWelcomeAtAnEmulator() throws {
        let error = try #require(failure(environment()))
        #expect(error.kind == .refused && error.message.contains("GOOGLE_APPLICATION_CREDENTIALS"), "\(error)")
        var emulated = address
        emulated.endpoint = nil
        let host = String(server.bareURL.dropFirst("http://".count))
        let connected = try GCSProvider.connect(
            emulated, in: environment(["STORAGE_EMULATOR_HOST": host]), lookup: true)
        #expect(connected.backend.authorizer == nil)
    }

    // MARK: - tokens

    @Test func revokedTokensAreRenewedOnce() throws {
        let backend = try GCSProvider.connect(address, in: account(), lookup: true).backend
        try server.revoke()
        let before = try server.stats()["issued"] ?? 0
        #expect(try listing(backend, ListQuery()).names.count == 51)
        #expect(try (server.stats()["issued"] ?? 0) - before == 1)
        try server.revoke()
        let request = try #require(try backend.authorizer?.authorize(backend.bucketRequest()))
        #expect(backend.authorizer?.renew(after: request) == false, "a new one did not help: no third")
    }

    @Test func anotherLanesRenewalIsEnough() throws {
        let backend = try GCSProvider.connect(address, in: account(), lookup: true).backend
        let authorizer = try #require(backend.authorizer)
        let request = try authorizer.authorize(backend.bucketRequest())
        let before = try server.stats()["issued"] ?? 0
        #expect(authorizer.renew(after: request) && authorizer.renew(after: request))
        #expect(try (server.stats()["issued"] ?? 0) - before == 1)
        #expect(try authorizer.authorize(backend.bucketRequest()) != request)
        let elsewhere = HTTPRequest(url: "http://other.example/storage")
        #expect(try authorizer.authorize(elsewhere) == elsewhere, "tokens are for the endpoint alone")
    }

    @Test func tokensAreReplacedBeforeTheyEnd() throws {
        let clock = Ticks()
        var here = environment(["GCE_METADATA_HOST": server.metadataHost])
        here.now = { clock.value }
        let backend = try GCSProvider.connect(address, in: here, lookup: false).backend
        let authorizer = try #require(backend.authorizer)
        func token() throws -> String? { try authorizer.authorize(backend.bucketRequest()).headers.last?.value }
        let first = try token()
        clock.advance(3300)
        #expect(try token() == first)
        clock.advance(100)
        #expect(try token() != first)
    }

    // MARK: - objects

    @Test func listingsTakeSeveralPages() throws {
        let backend = try GCSProvider.connect(address, in: account(), lookup: false).backend
        let all = try listing(backend, ListQuery())
        #expect(all.names == (100..<150).map { "many/\($0)" } + ["one.bin"] && all.pages == 3)
        let some = try listing(backend, ListQuery(prefix: "many/", startAfter: "many/109", pageSize: 7))
        #expect(some.names == (110..<150).map { "many/\($0)" } && some.pages >= 6)
    }

    @Test func anotherGenerationIsNotContinued() throws {
        let backend = try GCSProvider.connect(address, in: account(), lookup: false).backend
        try server.put("data", "changing", Array("0123456789".utf8))
        let url = backend.url(of: "changing")
        let first = try get(backend, backend.objectRequest(url, resume: nil))
        guard case .body(_, let promised, let validator) = first.answer else {
            Issue.record("\(first.answer)")
            return
        }
        #expect(first.body == Array("0123456789".utf8) && promised.count == 2 && validator.version != nil)
        let point = try #require(ResumePoint(keptBytes: 4, validator: validator))
        let rest = try get(backend, backend.objectRequest(url, resume: point), resume: point)
        #expect(rest.head.status == 206 && rest.body == Array("456789".utf8))
        let unchanged = try #require(backend.conditionalRequest(url, unlike: validator))
        try server.put("data", "changing", Array("abcdefghij".utf8))
        let pinned = try get(backend, backend.objectRequest(url, resume: point), resume: point)
        #expect(pinned.head.status == 412)
        guard case .startOver = pinned.answer else {
            Issue.record("\(pinned.answer)")
            return
        }
        #expect(try get(backend, unchanged).body == Array("abcdefghij".utf8))
        try server.delete("data", "changing")
    }

    @Test func whatIsStoredCodedStaysCoded() throws {
        let backend = try GCSProvider.connect(address, in: account(), lookup: false).backend
        let coded = [UInt8](
            try TestSupport.runChecked("gzip", ["-nc"], input: Data(repeating: 0x61, count: 5000)).stdout)
        try server.put("data", "zz-coded", coded, contentEncoding: "gzip")
        let got = try get(backend, backend.objectRequest(backend.url(of: "zz-coded"), resume: nil))
        #expect(got.body == coded)
        guard case .body(let total, let promised, _) = got.answer else {
            Issue.record("\(got.answer)")
            return
        }
        #expect(total == Int64(coded.count) && promised.count == 2)
        for promise in promised {
            #expect(Digest.of(got.body.span.bytes, promise.digest.algorithm) == promise.digest)
        }
        try server.delete("data", "zz-coded")
    }
}

/// A clock that is moved by hand.
private final class Ticks: Sendable {
    private let seconds = Mutex(1_800_000_000.0)

    var value: Double { seconds.withLock { $0 } }
    func advance(_ more: Double) { seconds.withLock { $0 += more } }
}
