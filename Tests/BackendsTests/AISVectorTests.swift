import Foundation
import Hashing
import ObjectModel
import TestSupport
import Testing

@testable import Backends

/// A recorded answer of a real cluster: the request in the first line, then the answer as it came.
struct RecordedAnswer {
    let head: HTTPResponseHead
    let body: [UInt8]
    let request: String

    init(_ name: String) throws {
        let bytes = try TestSupport.fixture("BackendsTests", "ais-rest/\(name).http")
        let text = String(decoding: bytes.filter { $0 != 0x0D }, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        request = lines[0]
        let end = try #require(lines.indices.dropFirst(2).first { lines[$0].isEmpty })
        let status = try #require(Int(lines[1].split(separator: " ")[1]))
        let fields = lines[2..<end].compactMap { line -> HTTPHeader? in
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            return parts.count == 2 ? HTTPHeader(parts[0], String(parts[1].dropFirst())) : nil
        }
        let url = try #require(request.split(separator: " ").last { $0.hasPrefix("http://") })
        head = HTTPResponseHead(status: status, headers: HTTPHeaders(fields), url: URLText.redacted(String(url)))
        body = Array(lines[(end + 1)...].joined(separator: "\n").utf8)
    }
}

@Suite struct AISVectorTests {
    private static func bucket(_ uri: String) throws -> Bucket { try #require(try ObjectURI(parsing: uri).bucket) }

    private static func map() throws -> ClusterMap {
        try ClusterMap(parsing: try RecordedAnswer("smap").body, subject: "remais")
    }

    private static func backend(_ uri: String = "ais://remote-data") throws -> AISBackend {
        let bucket = try bucket(uri)
        return AISBackend(
            bucket, there: bucket, nodes: ClusterNodes(try map(), bucket: bucket, token: nil, now: { 0 }))
    }

    @Test func readsTheMap() throws {
        let map = try Self.map()
        #expect(map.uuid == "gw1OWWdOt")
        #expect(map.version == 4)
        #expect(map.primary == "p[urDthYyE]")
        #expect(map.proxies.map(\.origin) == ["http://127.0.0.1:8580"])
        #expect(map.targets.map(\.origin) == ["http://127.0.0.1:8581"])
        #expect(map.owner(of: 1)?.id == "QQFeZboO")
        #expect(try ClusterMap(parsing: map.kept.serialized(), subject: "kept") == map)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"uuid":"a","version":"1"}"#, #"{"uuid":"","version":"1","pmap":{},"tmap":{}}"#,
    ])
    func whatIsNoMap(_ text: String) {
        #expect(throws: BackendError.self) { try ClusterMap(parsing: Array(text.utf8), subject: "x") }
    }

    @Test func weightsAreLeftToTheProxies() throws {
        let text = String(decoding: try RecordedAnswer("smap").body, as: UTF8.self)
            .replacingOccurrences(
                of: #""daemon_type":"target","#, with: #""daemon_type":"target","placement":{"w":2},"#)
        let map = try ClusterMap(parsing: Array(text.utf8), subject: "x")
        #expect(map.owner(of: 1) == nil)
        #expect(try ClusterMap(parsing: map.kept.serialized(), subject: "kept") == map)
    }

    @Test func requestsAreAsRecorded() throws {
        let backend = try Self.backend()
        #expect(
            backend.url(of: "shard-1.tar") == "http://127.0.0.1:8580/v1/objects/remote-data/shard-1.tar?provider=ais")
        #expect(backend.bucketRequest().url == "http://127.0.0.1:8580/v1/buckets/remote-data?provider=ais")
        let team = try Self.backend("s3://#team/data")
        #expect(
            team.url(of: "a b%") == "http://127.0.0.1:8580/v1/objects/data/a%20b%25?provider=aws&namespace=%40%23team")
        var query = ListQuery(pageSize: 2)
        query.token = "YZGfYYP3r/shard-1.tar"
        let sent = try #require(backend.listRequest(query).body)
        let value = try #require(try JSONValue.parse(sent)["value"])
        let recorded = try RecordedAnswer("list-objects-page2").request
        for key in ["uuid", "continuation_token", "prefix", "flags"] {
            #expect(recorded.contains("\"\(key)\":\"\(value[key]?.string ?? "?")\""))
        }
        #expect(value["pagesize"] == 2)
    }

    @Test func listsAsRecorded() throws {
        let backend = try Self.backend()
        let first = try RecordedAnswer("list-objects-page1")
        let page = try backend.listPage(first.head, body: first.body, of: ListQuery())
        #expect(page.entries.map(\.name) == ["shard-0.tar", "shard-1.tar"])
        #expect(page.entries.map(\.size) == [1000, 2000])
        #expect(page.entries.map(\.version) == ["1", "1"])
        #expect(page.entries[1].digests.map(\.digest.hex) == ["8c17830e14094692"])
        #expect(page.entries[1].validator.etag == "xxhash-8c17830e14094692")
        #expect(page.entries.allSatisfy { $0.defect == nil })
        #expect(page.next == "YZGfYYP3r/shard-1.tar")
        let last = try RecordedAnswer("list-objects-page2")
        #expect(try backend.listPage(last.head, body: last.body, of: ListQuery()).next == nil)
    }

    @Test(arguments: ["", "null", "{}", "[1]", #"{"uuid":"u","continuation_token":"","entries":[{"size":"1"}]}"#])
    func whatIsNoPage(_ text: String) throws {
        let backend = try Self.backend()
        #expect(throws: BackendError.self) {
            try backend.listPage(head(), body: Array(text.utf8), of: ListQuery())
        }
    }

    @Test func aCloudsChecksumInAListingPromisesNothing() throws {
        let text = #"""
            {"uuid":"u","continuation_token":"","flags":0,"entries":[
             {"name":"a","size":"3","checksum":"8c17830e14094692","custom":"[ETag:abc LastModified:x]","flags":0},
             {"name":"b","size":"3","flags":2},{"name":"dir","flags":256}]}
            """#
        var query = ListQuery()
        query.isOneLevel = true
        let page = try Self.backend("s3://data").listPage(head(), body: Array(text.utf8), of: query)
        #expect(page.entries.map(\.name) == ["a", "b"])
        #expect(page.entries[0].digests.isEmpty)
        #expect(page.entries[0].validator.etag == "abc")
        #expect(page.entries[1].defect != nil)
        #expect(page.prefixes == ["dir/"])
    }

    @Test func objectsAnswer() throws {
        let backend = try Self.backend()
        let whole = try RecordedAnswer("get-object-target")
        let request = backend.objectRequest(backend.url(of: "shard-1.tar"), resume: nil)
        guard
            case .body(2000, let promised, let validator) = backend.answer(
                whole.head, to: request, resume: nil, errorBody: [], now: 0)
        else {
            Issue.record("no body")
            return
        }
        #expect(promised.map(\.description) == ["xxhash (Ais-Checksum-Value)"])
        #expect(validator.isStrong)
        let resume = try #require(ResumePoint(keptBytes: 10, validator: validator))
        let rest = backend.objectRequest(backend.url(of: "shard-1.tar"), resume: resume)
        #expect(rest.range?.headerValue == "bytes=10-")
        // The recorded range ends at 19: asked for like that it is a part of the same object.
        let part = try RecordedAnswer("get-object-range")
        var asked = rest
        asked.range?.last = 19
        guard
            case .partial(10, 2000, let again, _) = backend.answer(
                part.head, to: asked, resume: resume, errorBody: [], now: 0)
        else {
            Issue.record("no part")
            return
        }
        #expect(again == promised)
        var other = part.head
        other.headers = HTTPHeaders(
            part.head.headers.fields.map {
                $0.name == "Ais-Checksum-Value" ? HTTPHeader($0.name, "0017830e14094692") : $0
            })
        guard case .startOver = backend.answer(other, to: asked, resume: resume, errorBody: [], now: 0) else {
            Issue.record("another object's rest was taken")
            return
        }
    }

    @Test func aTargetsMissIsAskedOfAProxy() throws {
        let backend = try Self.backend()
        let missing = try RecordedAnswer("get-object-missing")
        let url = backend.url(of: "nope")
        let answer = backend.answer(
            missing.head, to: HTTPRequest(url: url), resume: nil, errorBody: missing.body, now: 0)
        #expect(answer == .elsewhere(url: url + "#proxy"))
        var redirected = missing.head
        redirected.redirects = 1
        #expect(
            backend.answer(redirected, to: HTTPRequest(url: url), resume: nil, errorBody: missing.body, now: 0)
                == .missing(status: 404))
    }

    @Test func bucketsAnswer() throws {
        let backend = try Self.backend()
        #expect(
            backend.bucketAnswer(try RecordedAnswer("head-bucket").head, body: []) == .found(BucketFacts()))
        let missing = try RecordedAnswer("head-bucket-missing")
        #expect(backend.bucketAnswer(missing.head, body: []) == .missing)
        let error = ClusterError(missing.head, body: [])
        #expect(error.isNoBucket)
        #expect(error.description == "404: bucket \"ais://nope\" does not exist")
    }

    @Test func metadataIsTheRemotes() throws {
        let backend = try Self.backend()
        let plain = backend.metadata(
            try RecordedAnswer("head-object-target").head, listed: nil, into: try Self.bucket("ais://@u/remote-data"))
        #expect(plain == SourceMetadata(version: "1", custom: [.init("source", "ais")]))
        var cloud = try RecordedAnswer("head-object-target").head
        for field in ["source=aws", "md5=0cc1", "ETag=e=f", "aismove_src=123", "=x", "bare"] {
            cloud.headers.append(HTTPHeader("Ais-Custom-Md", field))
        }
        let metadata = backend.metadata(cloud, listed: nil, into: try Self.bucket("s3://@u/data"))
        #expect(metadata.custom == [.init("source", "ais"), .init("ETag", "e=f"), .init("md5", "0cc1")])
    }

    @Test func tokensComeFromTheEnvironmentOrAFile() throws {
        let scratch = try TestSupport.scratch("token")
        func find(_ variables: [String: String]) throws -> String? {
            try AuthNToken.find(
                in: CloudEnvironment(
                    variables: variables, home: scratch.path, network: NetworkOptions(), retry: RetryPolicy()))
        }
        #expect(try find([:]) == nil)
        #expect(try find(["AIS_AUTHN_TOKEN": "abc\n"]) == "abc")
        let json = try scratch.write("auth.token", #"{"token": "def"}"#)
        #expect(try find(["AIS_AUTHN_TOKEN_FILE": json]) == "def")
        #expect(try find(["AIS_AUTHN_TOKEN_FILE": try scratch.write("bare", "ghi\n")]) == "ghi")
        #expect(throws: BackendError.self) { try find(["AIS_AUTHN_TOKEN_FILE": json + "x"]) }
        #expect(throws: BackendError.self) { try find(["AIS_AUTHN_TOKEN": "a b"]) }
    }
}
