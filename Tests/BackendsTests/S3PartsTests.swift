import Hashing
import ObjectModel
import Testing

@testable import Backends

/// What S3 promises of objects that were uploaded in parts.
@Suite struct S3PartsTests {
    private static let tag = "3725f082b5bd8de3183d0cad103ccbfd"
    private static let etag = ("ETag", "\"\(tag)-3\"")

    private func parts(_ status: Int = 200, _ fields: [(String, String)]) throws -> PartsPromise? {
        try S3AnswerTests.backend().parts(S3AnswerTests.head(status, [("Content-Length", "25")] + fields))
    }

    private func origins(_ fields: [(String, String)]) throws -> [String] {
        try parts(200, fields)?.digests.map(\.description) ?? []
    }

    @Test func promisesWhatCanBeCompared() throws {
        #expect(try origins([Self.etag]) == ["md5 (ETag)"])
        let composite = ("x-amz-checksum-crc32", "Gblk+w==-3")
        #expect(try origins([Self.etag, composite]) == ["crc32 (x-amz-checksum-crc32)", "md5 (ETag)"])
        let kms = ("x-amz-server-side-encryption", "aws:kms")
        #expect(try origins([Self.etag, kms]) == [])
        #expect(try origins([Self.etag, kms, composite]) == ["crc32 (x-amz-checksum-crc32)"])
        let bare = ("x-amz-checksum-crc32", "Gblk+w==")
        #expect(try origins([Self.etag, bare]) == ["md5 (ETag)"])
        #expect(try origins([Self.etag, bare, ("x-amz-checksum-type", "COMPOSITE")]).count == 2)
        #expect(try origins([Self.etag, ("x-amz-checksum-crc32", "Gblk+w==-2")]) == ["md5 (ETag)"])
        for other in [
            "\"\(Self.tag)\"", "\"\(Self.tag)-0\"", "\"\(Self.tag)-x\"", "\"\(Self.tag)-10001\"", "W/\"a-1\"",
        ] {
            #expect(try origins([("ETag", other)]) == [], "\(other)")
        }
        #expect(try origins([("ETag", "\"0000-3\"")]) == [])
    }

    @Test func aRestPromisesByItsETagAlone() throws {
        let range = ("Content-Range", "bytes 75-99/100")
        let promise = try parts(206, [Self.etag, range, ("x-amz-checksum-crc32", "Gblk+w==-3")])
        #expect(promise?.digests.map(\.origin) == ["ETag"])
        #expect(promise?.total == 100)
    }

    @Test func asksForAPartOfThisVeryObject() throws {
        let request = try #require(try parts(200, [Self.etag])).request(part: 2)
        #expect(request.method == .head)
        #expect(request.url == "http://h:9000/data/o?partNumber=2")
        #expect(request.headers == [HTTPHeader("If-Match", Self.etag.1)])
        #expect(!request.followsRedirects && request.bringsCredentials)
    }

    @Test(
        arguments: [
            (206, [("Content-Length", "10")], 10),
            (206, [("Content-Length", "10"), ("x-amz-mp-parts-count", "3")], 10),
            (206, [("Content-Length", "10"), ("Content-Range", "bytes 0-9/25")], 10),
            (206, [("Content-Length", "10"), ("x-amz-mp-parts-count", "2")], nil),
            (206, [("Content-Length", "10"), ("Content-Range", "bytes 0-9/26")], nil),
            (206, [("Content-Length", "10"), ("Content-Range", "bytes 0-8/25")], nil),
            (206, [("Content-Length", "26")], nil), (206, [], nil),
            (200, [("Content-Length", "10")], nil), (404, [("Content-Length", "10")], nil),
        ] as [(Int, [(String, String)], Int64?)])
    func sizesOfParts(status: Int, fields: [(String, String)], size: Int64?) throws {
        let promise = try #require(try parts(200, [Self.etag]))
        #expect(promise.size(S3AnswerTests.head(status, fields)) == size)
    }

    @Test(
        arguments: [
            (10, [10, 10, 5]), (12, [12, 12, 1]), (9, [9, 9, 7]), (25, nil), (8, nil), (13, nil), (0, nil), (.max, nil),
            (-1, nil),
        ] as [(Int64, [Int64]?)])
    func evenSizes(first: Int64, sizes: [Int64]?) throws {
        #expect(try #require(try parts(200, [Self.etag])).evenSizes(first: first) == sizes)
    }

    @Test func seaweedTellsItsParts() throws {
        let environment = try S3Servers.get(.weed).environment()
        let backend = try S3Provider.connect(S3ServerTests.address("extra"), in: environment, lookup: false).backend
        let lane = environment.makeLane()
        let request = backend.headRequest(backend.url(of: "multi"))
        let (head, _) = try lane.ask(request, backend.authorizer, subject: "multi", bodyLimit: 0)
        let promise = try #require(backend.parts(head))
        let part = Int64(S3Servers.partBytes)
        for number in 1...2 {
            let (told, _) = try lane.ask(
                promise.request(part: number), backend.authorizer, subject: "part", bodyLimit: 0)
            #expect(promise.size(told) == part, "\(told)")
        }
        let bytes = [UInt8](repeating: 1, count: Int(part)) + [UInt8](repeating: 2, count: Int(part))
        let context = DigestContext(.md5, parts: [part, part])
        context.update(bytes.span.bytes)
        #expect(promise.promised(sizes: [part, part]).map(\.digest) == [context.finalize()])
    }
}
