import Foundation
import Hashing
import ObjectModel
import TestSupport
import Testing

@testable import Backends

/// Real servers of S3, one of each kind for all tests.
enum S3Servers {
    static let weed = Result { try filled(.weed) }
    static let jfs = Result { try filled(.jfs) }

    static func get(_ kind: S3Server.Kind) throws -> S3Server { try (kind == .weed ? weed : jfs).get() }

    static func manyCount(_ kind: S3Server.Kind) -> Int { kind == .weed ? 3000 : 600 }

    /// Five megabytes a part: S3's least.
    static let partBytes = 5 << 20

    private static func filled(_ kind: S3Server.Kind) throws -> S3Server {
        let server = try S3Server(kind)
        try server.seed(
            JSONEncoder().encode(Seed(bucket: "data", objects: ConformanceObjects.all.map(Seed.Object.init))))
        var extra = Seed(bucket: "extra")
        // The gateway keeps its names in SQLite, which takes five times as long to fill.
        extra.many = Seed.Many(prefix: "m/", count: manyCount(kind))
        extra.multipart = [Seed.Multipart(key: "multi", part: partBytes, parts: 2)]
        extra.objects = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"].map { name in
            var object = Seed.Object(ConformanceObject(name: "sum/\(name)", bytes: Array("checked".utf8)))
            if name != "CRC64NVME" && name != "CRC32C" { object.checksum = name }
            return object
        }
        try server.seed(JSONEncoder().encode(extra))
        return server
    }

    struct Seed: Encodable {
        struct Object: Encodable {
            var key: String
            var base64: String
            var checksum: String?
            init(_ object: ConformanceObject) {
                key = object.name
                base64 = Base64.encode(object.bytes)
            }
        }
        struct Many: Encodable {
            var prefix: String
            var count: Int
        }
        struct Multipart: Encodable {
            var key: String
            var part: Int
            var parts: Int
        }
        var bucket: String
        var region = "us-east-1"
        var objects: [Object] = []
        var many: Many?
        var multipart: [Multipart] = []
        var session = false
    }
}

extension S3Server {
    var variables: [String: String] {
        [
            "AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secretKey, "AWS_ENDPOINT_URL_S3": endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
        ]
    }

    func environment(_ changes: [String: String] = [:]) -> CloudEnvironment {
        .test(variables.merging(changes) { $1 }.filter { !$0.value.isEmpty })
    }
}

/// What all kinds of servers must do.
@Suite struct S3ServerTests {
    static func address(_ name: String) throws -> BucketAddress {
        BucketAddress(try Bucket(provider: .aws, name: name))
    }

    @Test(arguments: [S3Server.Kind.weed, .jfs]) func conforms(kind: S3Server.Kind) throws {
        let server = try S3Servers.get(kind)
        let address = try Self.address("data")
        var subject = ConformanceSubject("S3 (\(kind))", S3Provider.self, bucket: address, server.environment())
        subject.missing = try Self.address("nothing-here")
        subject.refused = (address, server.environment(["AWS_SECRET_ACCESS_KEY": "wrong"]))
        subject.metadataKeys = ["source", "ETag", "md5", "LastModified", "Last-Modified"]
        try runConformance(subject)
    }

    @Test(arguments: [S3Server.Kind.weed, .jfs]) func listsManyPages(kind: S3Server.Kind) throws {
        let environment = try S3Servers.get(kind).environment()
        let backend = try S3Provider.connect(Self.address("extra"), in: environment, lookup: true).backend
        let count = S3Servers.manyCount(kind)
        var reader = ListingReader(
            backend, ListQuery(prefix: "m/", pageSize: count / 3), lane: environment.makeLane())
        var names: [String] = []
        var pages = 0
        while let page = try reader.nextPage() {
            names += page.entries.map(\.name)
            pages += 1
        }
        #expect(pages >= 3)
        let expected = (0..<count).map { number in "m/\(String(1_000_000 + number).dropFirst())" }
        #expect(names == expected)
    }

    @Test(arguments: [S3Server.Kind.weed, .jfs]) func namesWhatIsRefused(kind: S3Server.Kind) throws {
        let server = try S3Servers.get(kind)
        for (changes, word) in [
            (["AWS_SECRET_ACCESS_KEY": "wrong"], "SignatureDoesNotMatch"),
            (["AWS_ACCESS_KEY_ID": "NOBODY"], "InvalidAccessKeyId"),
        ] {
            let error = #expect(throws: BackendError.self) {
                try S3Provider.connect(Self.address("data"), in: server.environment(changes), lookup: true)
            }
            #expect(error?.kind == .refused)
            #expect(error?.message.contains(word) == true, "\(String(describing: error))")
            #expect(error?.message.contains("wrong)") == false)
        }
        var anonymous = try Self.address("data")
        anonymous.isAnonymous = true
        let error = #expect(throws: BackendError.self) {
            try S3Provider.connect(anonymous, in: server.environment(), lookup: true)
        }
        #expect(error?.kind == .refused)
    }

    /// The gateway refuses a signature for another region and says which it wants.
    @Test func findsTheRegion() throws {
        let environment = try S3Servers.get(.jfs).environment(["AWS_REGION": "eu-west-1"])
        let found = try S3Provider.connect(Self.address("data"), in: environment, lookup: true)
        #expect(found.facts?.region == "us-east-1")
        let (head, _) = try environment.makeLane().ask(
            found.backend.headRequest(found.backend.url(of: "large.bin")), found.backend.authorizer, subject: "x",
            bodyLimit: 0)
        #expect(head.status == 200)
    }

    @Test func readsPublicBucketsWithoutKeys() throws {
        let server = try S3Servers.get(.weed)
        let objects = [S3Servers.Seed.Object(ConformanceObject(name: "o", bytes: [1, 2]))]
        try server.seed(JSONEncoder().encode(S3Servers.Seed(bucket: "pub", objects: objects)))
        var address = try Self.address("pub")
        address.isAnonymous = true
        let environment = server.environment()
        let connected = try S3Provider.connect(address, in: environment, lookup: true)
        #expect(connected.backend.authorizer == nil)
        var reader = ListingReader(connected.backend, ListQuery(), lane: environment.makeLane())
        #expect(try reader.nextPage()?.entries.map(\.name) == ["o"])
    }

    @Test func promisesChecksumsOfWholeObjects() throws {
        let server = try S3Servers.get(.weed)
        let environment = server.environment()
        let backend = try S3Provider.connect(Self.address("extra"), in: environment, lookup: false).backend
        let lane = environment.makeLane()
        for (name, algorithm) in [("CRC32", DigestAlgorithm.crc32), ("SHA1", .sha1), ("SHA256", .sha256)] {
            let request = backend.objectRequest(backend.url(of: "sum/\(name)"), resume: nil)
            let (head, body) = try lane.ask(request, backend.authorizer, subject: name, bodyLimit: 100)
            guard
                case .body(_, let promised, _) = backend.answer(
                    head, to: request, resume: nil, errorBody: [], now: 0)
            else {
                Issue.record("\(name): \(head.status)")
                continue
            }
            #expect(promised.contains { $0.digest == Digest.of(body.span.bytes, algorithm) }, "\(name): \(promised)")
            #expect(promised.contains { $0.origin == "ETag" }, "\(name): \(promised)")
        }
    }

    @Test(arguments: [S3Server.Kind.weed, .jfs]) func takesNoMultipartTagForAnMD5(kind: S3Server.Kind) throws {
        let environment = try S3Servers.get(kind).environment()
        let backend = try S3Provider.connect(Self.address("extra"), in: environment, lookup: false).backend
        let request = backend.headRequest(backend.url(of: "multi"))
        let (head, _) = try environment.makeLane().ask(request, backend.authorizer, subject: "multi", bodyLimit: 0)
        guard
            case .body(let total, let promised, let validator) = backend.answer(
                head, to: request, resume: nil, errorBody: [], now: 0)
        else {
            Issue.record("\(head.status)")
            return
        }
        #expect(total == Int64(2 * S3Servers.partBytes))
        #expect(validator.etag?.hasSuffix("-2") == true)
        #expect(!promised.contains { $0.origin == "ETag" })
        let metadata = backend.metadata(head, listed: nil, into: backend.bucket)
        #expect(metadata.custom.map(\.name) == ["source", "ETag", "LastModified", "Last-Modified"])
    }
}
