import Foundation
import Hashing
import ObjectModel
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// Containers behind a server that checks signatures with Microsoft's code. One after the other: tokens are revoked here.
@Suite(.serialized) struct AzureServerTests {
    static let shared = Result {
        try AzureServer(
            containers: ["conformance", "data", "public"], options: ["--page", "20", "--public", "public"]
        ) { data in
            for object in ConformanceObjects.all { try data.write("conformance/\(object.name)", Data(object.bytes)) }
            try data.write("data/one.bin", "one")
            try data.write("public/two.bin", "two")
        }
    }

    let server: AzureServer
    let address: BucketAddress

    init() throws {
        server = try Self.shared.get()
        address = BucketAddress(try Bucket(provider: .azure, name: "data"), endpoint: server.url)
    }

    private func bucket(_ name: String, anonymous: Bool = false) throws -> BucketAddress {
        BucketAddress(try Bucket(provider: .azure, name: name), endpoint: server.url, isAnonymous: anonymous)
    }

    private func keyed(_ key: String = AzureServer.key, account: String = AzureServer.account) -> CloudEnvironment {
        .test(["AZURE_STORAGE_ACCOUNT": account, "AZURE_STORAGE_KEY": key])
    }

    private func application(_ change: [String: String] = [:]) -> CloudEnvironment {
        .test(AzureServer.application.merging(["AZURE_AUTHORITY_HOST": server.origin]) { $1 }.merging(change) { $1 })
    }

    private func failure(_ environment: CloudEnvironment, _ address: BucketAddress? = nil) -> BackendError? {
        #expect(throws: BackendError.self) {
            try AzureProvider.connect(address ?? self.address, in: environment, lookup: true)
        }
    }

    private func names(_ backend: any BucketBackend) throws -> [String] {
        try readListing(backend, ListQuery(), .test()).entries.map(\.name)
    }

    private func get(
        _ backend: any BucketBackend, _ request: HTTPRequest, resume: ResumePoint? = nil
    ) throws -> (answer: ObjectAnswer, status: Int, body: [UInt8]) {
        let (head, body) = try CloudEnvironment.test().makeLane().ask(
            request, backend.authorizer, subject: "data", bodyLimit: 1 << 20)
        return (backend.answer(head, to: request, resume: resume, errorBody: body, now: 0), head.status, body)
    }

    // MARK: - conformance

    @Test func conformance() throws {
        var subject = ConformanceSubject("azure", AzureProvider.self, bucket: try bucket("conformance"), keyed())
        subject.missing = try bucket("nothing")
        subject.refused = (subject.bucket, keyed(Base64.encode(Array("wrong".utf8))))
        subject.metadataKeys = ["source", "ETag", "md5", "LastModified", "Last-Modified"]
        try runConformance(subject)
    }

    /// As the cloud addresses accounts; blobs of block lists have no digest; the first page is empty.
    @Test func conformanceByHostWithEmptyPagesAndWithoutDigests() throws {
        let server = try AzureServer(containers: ["conformance"], options: ["--empty-pages", "--no-md5"]) { data in
            for object in ConformanceObjects.all { try data.write("conformance/\(object.name)", Data(object.bytes)) }
        }
        let string =
            "AccountName=\(AzureServer.account);AccountKey=\(AzureServer.key);BlobEndpoint=\(server.hostURL)/"
        var subject = ConformanceSubject(
            "azure by host", AzureProvider.self,
            bucket: BucketAddress(try Bucket(provider: .azure, name: "conformance")),
            .test([AzureConnectionString.variable: string]))
        subject.missing = BucketAddress(try Bucket(provider: .azure, name: "nothing"))
        var nobody = subject.bucket
        nobody.isAnonymous = true
        subject.refused = (nobody, subject.environment)
        subject.metadataKeys = ["source", "ETag", "LastModified", "Last-Modified"]
        subject.promisesDigests = false
        try runConformance(subject)
    }

    // MARK: - who we are

    @Test func aWrongKeyOrAccountIsRefused() throws {
        let wrong = Base64.encode(Array("wrong".utf8))
        for environment in [keyed(wrong), keyed(account: "somebody")] {
            let error = try #require(failure(environment))
            #expect(error.kind == .refused && error.message.contains("AuthenticationFailed"), "\(error)")
            #expect(error.message.contains("check the account's name and key"))
            #expect(!error.description.contains(wrong) && !error.description.contains(AzureServer.key))
        }
    }

    @Test func aWrongClockIsNamed() throws {
        var environment = keyed()
        environment.now = { Date().timeIntervalSince1970 - 3600 }
        let error = try #require(failure(environment))
        #expect(error.kind == .refused && error.message.contains("set this machine's clock"), "\(error)")
    }

    @Test func anybodyMayReadPublicContainers() throws {
        let connected = try AzureProvider.connect(try bucket("public", anonymous: true), in: keyed(), lookup: true)
        #expect(connected.backend.authorizer == nil && connected.facts == BucketFacts(isVersioned: true))
        #expect(try names(connected.backend) == ["two.bin"])
        // Nobody named credentials, and an emulator's machine has none to guess.
        _ = try AzureProvider.connect(try bucket("public"), in: .test(), lookup: true)
        let refused = try #require(failure(.test()))
        #expect(refused.kind == .refused && refused.message.contains("AZURE_STORAGE_CONNECTION_STRING"), "\(refused)")
        let missing = try #require(failure(.test(), try bucket("nothing")))
        #expect(missing.kind == .noBucket && missing.message.contains("not public"), "\(missing)")
    }

    @Test func sharedAccessSignatures() throws {
        let good = try AzureServer.sas("data", "rl")
        let before = try server.letIn()["SAS"] ?? 0
        let connected = try AzureProvider.connect(
            address, in: .test(["AZURE_STORAGE_SAS_TOKEN": "?\(good)"]), lookup: true)
        #expect(try names(connected.backend) == ["one.bin"])
        let whole = try get(
            connected.backend, connected.backend.objectRequest(connected.backend.url(of: "one.bin"), resume: nil))
        #expect(whole.body == Array("one".utf8))
        #expect(try (server.letIn()["SAS"] ?? 0) - before == 3)
        // Containers are not listed with the signature of one.
        #expect(throws: BackendError.self) {
            try AzureProvider.buckets(address, in: .test(["AZURE_STORAGE_SAS_TOKEN": good]))
        }
        let expired = try AzureServer.sas("data", "rl", seconds: -60)
        for (token, words) in [(expired, "has expired at"), (try AzureServer.sas("public", "rl"), "SAS token allows")] {
            let error = try #require(failure(.test(["AZURE_STORAGE_SAS_TOKEN": token])))
            #expect(error.kind == .refused && error.message.contains(words), "\(error)")
            let signature = try #require(token.split(separator: "&").first { $0.hasPrefix("sig=") })
            #expect(!error.description.contains(signature))
        }
    }

    /// Listing is allowed, reading the container's properties is not.
    @Test func aSignatureThatOnlyListsIsEnough() throws {
        let connected = try AzureProvider.connect(
            address, in: .test(["AZURE_STORAGE_SAS_TOKEN": AzureServer.sas("data", "l")]), lookup: true)
        #expect(connected.facts == BucketFacts(isVersioned: true))
    }

    @Test func anApplicationGetsOneTokenForAll() throws {
        let before = try server.letIn()["Bearer"] ?? 0
        let backend = try AzureProvider.connect(address, in: application(), lookup: true).backend
        #expect(try names(backend) == ["one.bin"])
        #expect(try (server.letIn()["Bearer"] ?? 0) - before == 2)
        #expect(try AzureProvider.buckets(address, in: application()).map(\.name) == ["conformance", "data", "public"])
        let error = try #require(failure(application(["AZURE_CLIENT_SECRET": "wrong-secret"])))
        #expect(error.kind == .credentials && error.message.contains("AADSTS7000215"), "\(error)")
        #expect(error.message.contains("AZURE_CLIENT_SECRET") && !error.description.contains("wrong-secret"))
    }

    @Test func aMachineAsksItsMetadataService() throws {
        let environment = CloudEnvironment.test(["AZURE_POD_IDENTITY_AUTHORITY_HOST": server.origin])
        let backend = try AzureProvider.connect(address, in: environment, lookup: true).backend
        #expect(try names(backend) == ["one.bin"])
    }

    @Test func tokensAreForTLSAndThisMachine() throws {
        var remote = address
        remote.endpoint = "http://storage.example"
        let error = try #require(failure(application(), remote))
        #expect(error.kind == .usage && error.message.contains("https://"))
    }

    @Test func revokedTokensAreRenewedOnce() throws {
        let backend = try AzureProvider.connect(address, in: application(), lookup: true).backend
        let authorizer = try #require(backend.authorizer)
        let first = try authorizer.authorize(backend.bucketRequest())
        try server.revoke()
        #expect(try names(backend) == ["one.bin"])
        #expect(authorizer.renew(after: first), "another lane's renewal is enough")
        try server.revoke()
        let second = try authorizer.authorize(backend.bucketRequest())
        #expect(second != first && !authorizer.renew(after: second), "a new one did not help: no third")
        let elsewhere = HTTPRequest(url: "http://127.0.0.1:1/moveracct")
        #expect(try authorizer.authorize(elsewhere) == elsewhere)
    }

    @Test func tokensAreReplacedBeforeTheyEnd() throws {
        let services = try ResponderServer { request in
            .init(text: #"{"access_token":"token-\#(request.index)","expires_in":"3600"}"#)
        }
        var environment = CloudEnvironment.test(
            ["IDENTITY_ENDPOINT": "\(services.origin)/msi/token", "IDENTITY_HEADER": "proof", "AZURE_CLIENT_ID": "c d"])
        let now = Clock()
        environment.now = { now.value }
        let backend = try AzureProvider.connect(address, in: environment, lookup: false).backend
        func token() throws -> String? {
            try backend.authorizer?.authorize(backend.bucketRequest()).headers.last?.value
        }
        #expect(try token() == "Bearer token-0" && token() == "Bearer token-0")
        now.advance(3200)
        #expect(try token() == "Bearer token-0")
        now.advance(101)
        #expect(try token() == "Bearer token-1")
        let asked = try #require(services.requests.first)
        #expect(asked.headers["x-identity-header"] == "proof" && asked.path == "/msi/token")
        #expect(
            asked.query == [
                "api-version": "2019-08-01", "resource": "https://storage.azure.com/", "client_id": "c d",
            ])
        services.stop()
        now.advance(3400)
        #expect(try token() == "Bearer token-1", "what still holds serves while no other is to be had")
        now.advance(300)
        #expect(throws: BackendError.self) { try token() }
    }

    @Test func aFederatedTokenIsReadAnew() throws {
        let entra = try ResponderServer { request in
            .init(text: #"{"access_token":"token-\#(request.index)","expires_in":3600}"#)
        }
        let scratch = try TestSupport.scratch("federated")
        let file = try scratch.write("token", "assertion+1\n")
        var environment = CloudEnvironment.test([
            "AZURE_TENANT_ID": "tenant", "AZURE_CLIENT_ID": "client", "AZURE_FEDERATED_TOKEN_FILE": file,
            "AZURE_AUTHORITY_HOST": "\(entra.origin)/",
        ])
        let now = Clock()
        environment.now = { now.value }
        let backend = try AzureProvider.connect(address, in: environment, lookup: false).backend
        _ = try backend.authorizer?.authorize(backend.bucketRequest())
        try scratch.write("token", "assertion+2\n")
        now.advance(3600)
        _ = try backend.authorizer?.authorize(backend.bucketRequest())
        let bodies = entra.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(entra.requests.map(\.path) == Array(repeating: "/tenant/oauth2/v2.0/token", count: 2))
        for (index, body) in bodies.enumerated() {
            #expect(
                body == "client_id=client&grant_type=client_credentials&scope=https%3A//storage.azure.com/.default"
                    + "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
                    + "&client_assertion=assertion%2B\(index + 1)")
        }
        try FileManager.default.removeItem(atPath: file)
        let error = try #require(failure(environment))
        #expect(error.kind == .credentials && error.subject == "AZURE_FEDERATED_TOKEN_FILE", "\(error)")
        entra.stop()
    }

    // MARK: - blobs

    @Test func anotherBlobIsNotContinued() throws {
        let sas = try AzureServer.sas("public", "rw")
        let backend = try AzureProvider.connect(try bucket("public"), in: keyed(), lookup: false).backend
        let url = backend.url(of: "changing")
        try server.put("public", "changing", Array("0123456789".utf8), sas: sas)
        let first = try get(backend, backend.objectRequest(url, resume: nil))
        guard case .body(_, let promised, let validator) = first.answer else {
            Issue.record("\(first.answer)")
            return
        }
        #expect(first.body == Array("0123456789".utf8) && promised.map(\.description) == ["md5 (Content-MD5)"])
        let point = try #require(ResumePoint(keptBytes: 4, validator: validator))
        let rest = try get(backend, backend.objectRequest(url, resume: point), resume: point)
        #expect(rest.status == 206 && rest.body == Array("456789".utf8))
        guard case .partial(4, 10, let whole, _) = rest.answer else {
            Issue.record("\(rest.answer)")
            return
        }
        #expect(whole.map(\.digest) == promised.map(\.digest))
        let unchanged = try #require(backend.conditionalRequest(url, unlike: validator))
        #expect(try get(backend, unchanged).answer == .notModified)
        try server.put("public", "changing", Array("abcdefghij".utf8), sas: sas)
        let pinned = try get(backend, backend.objectRequest(url, resume: point), resume: point)
        guard case .startOver = pinned.answer else {
            Issue.record("\(pinned.answer)")
            return
        }
        #expect(pinned.status == 412)
        #expect(try get(backend, unchanged).body == Array("abcdefghij".utf8))
        let past = try #require(ResumePoint(keptBytes: 50, validator: Validator(etag: "x")))
        var request = backend.objectRequest(url, resume: past)
        request.headers.removeAll { $0.name == "If-Match" }
        #expect(try get(backend, request, resume: past).status == 416)
    }
}

/// A clock that is moved by hand.
private final class Clock: Sendable {
    private let seconds = Mutex(1_800_000_000.0)

    var value: Double { seconds.withLock { $0 } }
    func advance(_ more: Double) { seconds.withLock { $0 += more } }
}
