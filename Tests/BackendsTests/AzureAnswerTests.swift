import Foundation
import Hashing
import ObjectModel
import Testing

@testable import Backends

/// What is asked of Azure, and what its answers mean: no network.
@Suite struct AzureAnswerTests {
    let backend: AzureBackend
    let url: String

    init() throws {
        backend = AzureBackend(
            try Bucket(provider: .azure, name: "data"), endpoint: "https://account.blob.core.windows.net")
        url = backend.url(of: "a/ü b%.tar")
    }

    private func answer(
        _ head: HTTPResponseHead, _ request: HTTPRequest? = nil, resume: ResumePoint? = nil, body: String = ""
    ) -> ObjectAnswer {
        backend.answer(
            head, to: request ?? backend.objectRequest(url), resume: resume, errorBody: Array(body.utf8), now: 0)
    }

    private func xml(_ code: String) -> String {
        "\u{feff}<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>Words\nRequestId:1</Message></Error>"
    }

    @Test func requests() throws {
        #expect(url == "https://account.blob.core.windows.net/data/a/%C3%BC%20b%25.tar")
        let version = HTTPHeader("x-ms-version", "2024-11-04")
        #expect(backend.objectRequest(url) == HTTPRequest(url: url, headers: [version]))
        let point = try #require(ResumePoint(keptBytes: 4, validator: Validator(etag: "0x1", length: 10)))
        let rest = [version, HTTPHeader("If-Match", "\"0x1\""), HTTPHeader("x-ms-range", "bytes=4-")]
        #expect(backend.objectRequest(url, resume: point) == HTTPRequest(url: url, headers: rest))
        let unlike = backend.conditionalRequest(url, unlike: Validator(etag: "0x1"))
        #expect(unlike?.headers == [version, HTTPHeader("If-None-Match", "\"0x1\"")])
        #expect(backend.conditionalRequest(url, unlike: Validator(length: 1)) == nil)
        #expect(backend.probeRequest(url).headers.last == HTTPHeader("x-ms-range", "bytes=0-0"))
        #expect(backend.bucketRequest().url == "https://account.blob.core.windows.net/data?restype=container")
        var query = ListQuery(prefix: "a&b/", startAfter: "a&b/c", isOneLevel: true, pageSize: 5)
        query.token = "2!8!x="
        #expect(
            backend.listRequest(query).url == "https://account.blob.core.windows.net/data?restype=container&comp=list"
                + "&include=metadata&prefix=a%26b/&delimiter=/&marker=2%218%21x%3D&maxresults=5")
    }

    @Test func wholeAndPart() throws {
        let md5 = try #require(Digest(.md5, base64: "XUFAKrxLKna5cZ2REBfFkg=="))
        let whole = head(
            200, ["Content-Length": "10", "ETag": "\"0x1\"", "Content-MD5": md5.base64, "Content-Encoding": "gzip"])
        let known = Validator(etag: "0x1", length: 10)
        let promise = [PromisedDigest(digest: md5, origin: "Content-MD5")]
        #expect(answer(whole) == .body(total: 10, promised: promise, validator: known))
        let point = try #require(ResumePoint(keptBytes: 4, validator: known))
        let fields: KeyValuePairs = [
            "Content-Length": "6", "Content-Range": "bytes 4-9/10", "ETag": "\"0x1\"", "Content-MD5": "AAAA",
            "x-ms-blob-content-md5": md5.base64,
        ]
        let request = backend.objectRequest(url, resume: point)
        #expect(
            answer(head(206, fields), request, resume: point)
                == .partial(
                    from: 4, total: 10, promised: [PromisedDigest(digest: md5, origin: "x-ms-blob-content-md5")],
                    validator: known))
        for (fields, status): (KeyValuePairs<String, String>, Int) in [
            (["Content-Length": "6", "Content-Range": "bytes 4-9/10", "ETag": "\"0x2\""], 206),
            (["Content-Length": "6", "Content-Range": "bytes 3-8/10", "ETag": "\"0x1\""], 206),
            (["x-ms-error-code": "ConditionNotMet"], 412), (["x-ms-error-code": "InvalidRange"], 416),
        ] {
            guard case .startOver = answer(head(status, fields), request, resume: point) else {
                Issue.record("\(status) \(fields)")
                continue
            }
        }
    }

    @Test func errorsAreOfFourKinds() {
        let cases: [(Int, String, ObjectAnswer)] = [
            (404, "BlobNotFound", .missing(status: 404)), (404, "ContainerNotFound", .missing(status: 404)),
            (403, "AuthenticationFailed", .refused(status: 403)),
            (400, "InvalidAuthenticationInfo", .refused(status: 400)),
            (409, "PublicAccessNotPermitted", .refused(status: 409)),
            (503, "ServerBusy", .retryable(status: 503, retryAfter: nil)),
            (500, "OperationTimedOut", .retryable(status: 500, retryAfter: nil)),
            (403, "ServerBusy", .retryable(status: 503, retryAfter: nil)),
            (409, "BlobArchived", .failed(status: 409, message: "409: the blob is archived: rehydrate it first")),
            (409, "LeaseLost", .failed(status: 409, message: "409: LeaseLost: Words")),
        ]
        for (status, code, expected) in cases {
            #expect(answer(head(status), body: xml(code)) == expected, "\(code)")
        }
        #expect(answer(head(409, ["x-ms-error-code": "BlobBeingRehydrated"])) != answer(head(409)))
        let conditional = backend.conditionalRequest(url, unlike: Validator(etag: "0x1"))
        #expect(answer(head(304, ["x-ms-error-code": "ConditionNotMet"]), conditional) == .notModified)
    }

    @Test func containers() {
        let cases: [(Int, String, BucketAnswer)] = [
            (200, "", .found(BucketFacts(isVersioned: true))), (404, "ContainerNotFound", .missing),
            (404, "ResourceNotFound", .missing), (400, "InvalidResourceName", .missing),
            (400, "OutOfRangeInput", .missing), (503, "ServerBusy", .retryable(status: 503)),
            (403, "AuthorizationFailure", .refused("403: AuthorizationFailure: Words")),
            (409, "PublicAccessNotPermitted", .refused("409: the account lets nobody in without credentials")),
            (400, "InvalidUri", .failed("400: InvalidUri: Words")),
        ]
        for (status, code, expected) in cases {
            #expect(backend.bucketAnswer(head(status), body: Array(xml(code).utf8)) == expected, "\(status) \(code)")
        }
        let odd = Array("<Error><Code>no code\u{7}</Code></Error>".utf8)
        #expect(backend.bucketAnswer(head(403), body: odd) == .refused("403: the server says no more"))
    }

    // MARK: - pages

    private func page(_ blobs: String, _ next: String = "<NextMarker />") throws -> ListPage {
        let text =
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ContainerName=\"c\"><Prefix>p</Prefix>"
            + "<Blobs>\(blobs)</Blobs>\(next)</EnumerationResults>"
        return try backend.listPage(head(), body: Array(text.utf8), of: ListQuery())
    }

    @Test func pagesSayWhatIsKnown() throws {
        let found = try page(
            """
            <Blob><Name>a&amp;b</Name><Properties><Last-Modified>Tue, 05 Mar 2024 12:00:01 GMT</Last-Modified>
            <Etag>0x8D</Etag><Content-Length>5</Content-Length><Content-MD5>XUFAKrxLKna5cZ2REBfFkg==</Content-MD5>
            <BlobType>AppendBlob</BlobType><AccessTier>Cool</AccessTier></Properties>
            <Metadata><owner>me</owner></Metadata><OrMetadata /></Blob>
            <Blob><Name Encoded="true">c%01%C3%BC</Name><Properties><Content-Length>0</Content-Length><Content-MD5 />
            <Etag>"0x9"</Etag></Properties></Blob>
            <Blob><Name>d</Name><Properties><AccessTier>Archive</AccessTier></Properties></Blob>
            <Blob><Name>e</Name><Properties><AccessTier>Archive</AccessTier>
            <ArchiveStatus>rehydrate-pending-to-hot</ArchiveStatus></Properties></Blob>
            <BlobPrefix><Name>f/</Name></BlobPrefix><BlobPrefix><Name Encoded="true">%02/</Name></BlobPrefix>
            """, "<NextMarker>2!4!x</NextMarker>")
        #expect(found.entries.map(\.name) == ["a&b", "c\u{1}ü", "d", "e"])
        #expect(found.prefixes == ["f/", "\u{2}/"] && found.next == "2!4!x")
        let (first, second) = (found.entries[0], found.entries[1])
        #expect(first.size == 5 && first.defect == nil && first.digests.map(\.description) == ["md5 (listing)"])
        #expect(
            first.validator
                == Validator(etag: "0x8D", lastModified: "Tue, 05 Mar 2024 12:00:01 GMT", length: 5))
        #expect(second.digests.isEmpty && second.validator.etag == "0x9")
        #expect(found.entries[2].defect?.hasPrefix("archived: ") == true)
        #expect(found.entries[3].defect?.contains("being rehydrated") == true)
    }

    @Test func directoriesAreNoBlobs() throws {
        let found = try page(
            """
            <Blob><Name>a</Name><Properties><ResourceType>directory</ResourceType></Properties></Blob>
            <Blob><Name>b</Name><Properties /><Metadata><hdi_isfolder>true</hdi_isfolder></Metadata></Blob>
            <Blob><Name>c</Name><Properties><ResourceType>file</ResourceType></Properties>
            <Metadata><Hdi_IsFolder>false</Hdi_IsFolder></Metadata></Blob>
            """)
        #expect(found.entries.map(\.name) == ["c"] && found.next == nil)
    }

    @Test(arguments: [
        "", "<html></html>", "<EnumerationResults><Blobs></Blobs></EnumerationResults>",
        "<EnumerationResults><NextMarker /></EnumerationResults>",
        "<EnumerationResults><Blobs><Blob><Name>a</Name></Blob>",
        "<EnumerationResults><Blobs><Blob></Blob></Blobs><NextMarker /></EnumerationResults>",
        "<EnumerationResults><Blobs><Blob><Name Encoded=\"true\">%FF</Name></Blob></Blobs><NextMarker/></EnumerationResults>",
        "<!DOCTYPE x><EnumerationResults><Blobs></Blobs><NextMarker /></EnumerationResults>",
    ])
    func whatIsNoPageIsIncomplete(_ text: String) {
        let error = #expect(throws: BackendError.self) {
            try backend.listPage(head(), body: Array(text.utf8), of: ListQuery())
        }
        #expect(error?.kind == .incompleteListing)
    }

    @Test func aPageOfContainers() throws {
        let text =
            "<EnumerationResults><Containers><Container><Name>a</Name><Properties><Etag>\"1\"</Etag></Properties>"
            + "</Container><Container><Name>$logs</Name></Container></Containers><NextMarker>/a/b</NextMarker>"
            + "</EnumerationResults>"
        let page = try AzurePage.containers(Array(text.utf8))
        #expect(page.names == ["a", "$logs"] && page.next == "/a/b")
    }

    // MARK: - metadata

    @Test func metadataIsThatOfANode() throws {
        let digest = try #require(Digest(.md5, base64: "XUFAKrxLKna5cZ2REBfFkg=="))
        let listed = ListedObject(
            name: "o", size: 5, validator: Validator(etag: "0x1", length: 5),
            digests: [PromisedDigest(digest: digest, origin: "listing")])
        let answered = head(
            200, ["ETag": "\"0x1\"", "Content-Length": "5", "Last-Modified": "Tue, 05 Mar 2024 12:00:01 GMT"])
        let told = backend.metadata(answered, listed: listed, into: backend.bucket)
        #expect(told.version == "0x1")
        #expect(
            told.custom == [
                .init("source", "azure"), .init("ETag", "0x1"), .init("md5", "5d41402abc4b2a76b9719d911017c592"),
                .init("LastModified", "2024-03-05T12:00:01Z"), .init("Last-Modified", "Tue, 05 Mar 2024 12:00:01 GMT"),
            ])
        let changed = head(200, ["ETag": "\"0x2\"", "Content-Length": "5"])
        #expect(
            backend.metadata(changed, listed: listed, into: backend.bucket).custom.map(\.name) == ["source", "ETag"])
    }
}
