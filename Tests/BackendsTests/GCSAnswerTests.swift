import Foundation
import Hashing
import ObjectModel
import Testing

@testable import Backends

/// What is asked of Google Cloud Storage, and what its answers mean: no network.
@Suite struct GCSAnswerTests {
    let backend: GCSBackend
    let url: String

    init() throws {
        let bucket = try Bucket(provider: .gcp, name: "data")
        backend = GCSBackend(bucket, endpoint: "https://storage.googleapis.com", userProject: "payer")
        url = backend.url(of: "a/ü b%.tar")
    }

    private func json(_ reason: String, _ message: String = "words") -> [UInt8] {
        Array(#"{"error":{"code":1,"message":"\#(message)","errors":[{"reason":"\#(reason)"}]}}"#.utf8)
    }

    private func answer(
        _ head: HTTPResponseHead, _ request: HTTPRequest? = nil, resume: ResumePoint? = nil, body: [UInt8] = []
    ) -> ObjectAnswer {
        backend.answer(head, to: request ?? backend.objectRequest(url), resume: resume, errorBody: body, now: 0)
    }

    @Test func namesAreOneComponent() {
        #expect(url == "https://storage.googleapis.com/storage/v1/b/data/o/a%2F%C3%BC%20b%25.tar")
        #expect(backend.url(of: "?#&+~").hasSuffix("/o/%3F%23%26%2B~"))
    }

    @Test func requests() throws {
        let whole = backend.objectRequest(url)
        #expect(whole.url == url + "?alt=media&userProject=payer" && whole.range == nil)
        #expect(whole.headers == [HTTPHeader("Accept-Encoding", "gzip")])
        let known = Validator(etag: "CK=", length: 10, version: "17")
        let point = try #require(ResumePoint(keptBytes: 4, validator: known))
        let rest = backend.objectRequest(url, resume: point)
        #expect(rest.url == url + "?alt=media&ifGenerationMatch=17&userProject=payer")
        #expect(rest.range == HTTPRequest.ByteRange(first: 4))
        let changed = backend.conditionalRequest(url, unlike: known)
        #expect(changed?.url == url + "?alt=media&ifGenerationNotMatch=17&userProject=payer")
        let tagged = backend.conditionalRequest(url, unlike: Validator(etag: "CK="))
        #expect(tagged?.headers.last == HTTPHeader("If-None-Match", "CK="))
        #expect(backend.conditionalRequest(url, unlike: Validator(length: 1)) == nil)
        #expect(backend.headRequest(url).method == .head)
        var query = ListQuery(prefix: "a&b/", startAfter: "a&b/c", isOneLevel: true, pageSize: 5)
        query.token = "t="
        let list = backend.listRequest(query).url
        let fields =
            "nextPageToken%2Cprefixes%2Citems%28name%2Csize%2Cgeneration%2Cetag%2Cupdated%2Cmd5Hash%2Ccrc32c%29"
        #expect(
            list == "https://storage.googleapis.com/storage/v1/b/data/o?fields=\(fields)&prefix=a%26b%2F"
                + "&startOffset=a%26b%2Fc&delimiter=%2F&maxResults=5&pageToken=t%3D&userProject=payer")
    }

    @Test func wholeObjects() {
        let fields: KeyValuePairs = [
            "Content-Length": "5", "ETag": "CKih16GjycICEAE=", "x-goog-generation": "17",
            "x-goog-stored-content-encoding": "identity", "x-goog-hash": "crc32c=mnG7TA==",
            "X-Goog-Hash": "md5=XUFAKrxLKna5cZ2REBfFkg==", "Last-Modified": "Tue, 05 Mar 2024 12:00:01 GMT",
        ]
        guard case .body(let total, let promised, let validator) = answer(head(200, fields)) else {
            Issue.record("no body")
            return
        }
        #expect(total == 5 && promised.map { $0.digest.algorithm } == [.crc32c, .md5])
        #expect(validator.etag == "CKih16GjycICEAE=" && validator.version == "17" && validator.length == 5)
    }

    @Test func codedObjectsAreTakenAsTheyAreStored() {
        let hash = ["x-goog-hash": "crc32c=mnG7TA=="]
        let cases: [([String: String], Int?)] = [
            (["Content-Encoding": "gzip", "x-goog-stored-content-encoding": "gzip"], 1),
            (["x-goog-stored-content-encoding": "gzip"], nil),
            (["Content-Encoding": "gzip", "x-goog-stored-content-encoding": "identity"], nil),
            (["Content-Encoding": "gzip"], 0), ([:], 1),
        ]
        for (fields, digests) in cases {
            let all = fields.merging(hash) { $1 }.map { HTTPHeader($0.key, $0.value) }
            switch answer(HTTPResponseHead(status: 200, headers: HTTPHeaders(all), url: url)) {
            case .body(_, let promised, _): #expect(promised.count == digests, "\(fields)")
            case .failed(_, let message): #expect(digests == nil && message.contains("recodes"), "\(fields)")
            case let other: Issue.record("\(other)")
            }
        }
    }

    @Test func rests() throws {
        let known = Validator(etag: "A", length: 10, version: "17")
        let point = try #require(ResumePoint(keptBytes: 4, validator: known))
        let tagged = try #require(ResumePoint(keptBytes: 4, validator: Validator(etag: "A", length: 10)))
        func rest(_ point: ResumePoint, _ etag: String, _ generation: String, total: Int = 10) -> ObjectAnswer {
            let fields: KeyValuePairs = [
                "Content-Range": "bytes 4-\(total - 1)/\(total)", "Content-Length": "\(total - 4)", "ETag": etag,
                "x-goog-generation": generation,
            ]
            return answer(head(206, fields), backend.objectRequest(url, resume: point), resume: point)
        }
        func isPartial(_ answer: ObjectAnswer) -> Bool {
            if case .partial(4, 10, _, _) = answer { true } else { false }
        }
        func startsOver(_ answer: ObjectAnswer) -> Bool { if case .startOver = answer { true } else { false } }
        #expect(isPartial(rest(point, "A", "17")))
        #expect(isPartial(rest(point, "B", "17")), "only metadata has changed")
        #expect(startsOver(rest(point, "A", "18")))
        #expect(isPartial(rest(tagged, "A", "18")))
        #expect(startsOver(rest(tagged, "B", "18")))
        #expect(startsOver(rest(point, "A", "17", total: 11)))
        let request = backend.objectRequest(url, resume: point)
        #expect(startsOver(answer(head(412), request, resume: point, body: json("conditionNotMet"))))
        #expect(startsOver(answer(head(416), request, resume: point)))
    }

    @Test(arguments: [
        (304, "", "notModified"), (404, "notFound", "missing"), (401, "authError", "refused"),
        (403, "forbidden", "refused"), (403, "insufficientPermissions", "refused"),
        (403, "rateLimitExceeded", "retry 429"), (403, "userRateLimitExceeded", "retry 429"),
        (429, "rateLimitExceeded", "retry 429"), (500, "backendError", "retry 500"), (503, "", "retry 503"),
        (408, "", "retry 408"), (400, "invalid", "failed"), (400, "backendError", "retry 429"),
        (412, "conditionNotMet", "failed"), (501, "notImplemented", "failed"),
    ])
    func statuses(status: Int, reason: String, expected: String) {
        let said =
            switch answer(head(status), body: reason.isEmpty ? [] : json(reason)) {
            case .notModified: "notModified"
            case .missing: "missing"
            case .refused: "refused"
            case .retryable(let status, _): "retry \(status)"
            case .failed(_, let message): message.hasPrefix("\(status): words") ? "failed" : message
            case let other: "\(other)"
            }
        #expect(said == expected)
    }

    @Test func buckets() {
        #expect(backend.bucketAnswer(head(200), body: []) == .found(BucketFacts(isVersioned: true)))
        #expect(backend.bucketAnswer(head(404), body: []) == .missing)
        #expect(backend.bucketAnswer(head(403), body: json("forbidden")) == .refused("403: words"))
        #expect(backend.bucketAnswer(head(403), body: json("rateLimitExceeded")) == .retryable(status: 429))
        #expect(backend.bucketAnswer(head(503), body: []) == .retryable(status: 503))
        let payer = json("required", "Bucket is a requester pays bucket but no user project provided.")
        guard case .failed(let words) = backend.bucketAnswer(head(400), body: payer) else {
            Issue.record("requester pays")
            return
        }
        #expect(words.contains("GOOGLE_CLOUD_QUOTA_PROJECT"))
    }

    @Test func pages() throws {
        let body = """
            {"kind":"storage#objects","nextPageToken":"n","prefixes":["a/"],"items":[
            {"name":"b","size":"5","generation":"17","etag":"CK=","updated":"2024-03-05T12:00:01.123Z",
             "md5Hash":"XUFAKrxLKna5cZ2REBfFkg==","crc32c":"mnG7TA=="},
            {"name":"c","size":"0","generation":"18","crc32c":"AAAAAA=="}, {"name":"d","size":"-1","crc32c":"x"}]}
            """
        let page = try backend.listPage(head(200), body: Array(body.utf8), of: ListQuery())
        #expect(page.prefixes == ["a/"] && page.next == "n" && page.entries.map(\.name) == ["b", "c", "d"])
        let first = try #require(page.entries.first)
        #expect(
            first.size == 5 && first.version == "17" && first.digests.map { $0.digest.algorithm } == [.crc32c, .md5])
        let modified = "Tue, 05 Mar 2024 12:00:01 GMT"
        #expect(first.validator == Validator(etag: "CK=", lastModified: modified, length: 5, version: "17"))
        #expect(page.entries[1].digests.count == 1 && page.entries[2].size == nil && page.entries[2].digests.isEmpty)
        let later = try backend.listPage(head(200), body: Array(body.utf8), of: ListQuery(startAfter: "b"))
        #expect(later.entries.map(\.name) == ["c", "d"], "startOffset begins with the name itself")
        #expect(try backend.listPage(head(200), body: Array("{}".utf8), of: ListQuery()) == ListPage())
        for broken in ["", "[]", body.dropLast(3) + "", #"{"items":[{"size":"1"}]}"#] {
            let error = #expect(throws: BackendError.self) {
                try backend.listPage(head(200), body: Array(broken.utf8), of: ListQuery())
            }
            #expect(error?.kind == .incompleteListing)
        }
    }

    @Test func metadataIsWhatANodeKeeps() throws {
        let answer = head(
            200,
            [
                "Content-Length": "5", "ETag": "CK=", "x-goog-generation": "17",
                "x-goog-hash": "crc32c=mnG7TA==,md5=XUFAKrxLKna5cZ2REBfFkg==",
                "Last-Modified": "Tue, 05 Mar 2024 12:00:01 GMT",
            ])
        let told = backend.metadata(answer, listed: nil, into: backend.bucket)
        #expect(told.version == "17")
        #expect(
            told.custom == [
                .init("source", "gcp"), .init("version", "17"), .init("ETag", "CK="),
                .init("md5", "5d41402abc4b2a76b9719d911017c592"), .init("crc32c", "mnG7TA=="),
                .init("LastModified", "2024-03-05T12:00:01Z"), .init("Last-Modified", "Tue, 05 Mar 2024 12:00:01 GMT"),
            ])
        let composed = backend.metadata(
            head(200, ["x-goog-generation": "18"]), listed: ListedObject(name: "a", version: "17"), into: backend.bucket
        )
        #expect(composed.custom == [.init("source", "gcp"), .init("version", "18")])
    }

    @Test(
        arguments: [
            (nil, nil, "https://storage.googleapis.com"), ("http://h:1/", nil, "http://h:1"),
            ("h", "e:2", "https://h"), (nil, "e:2", "http://e:2"), (nil, "https://e/storage/v1/", "https://e"),
            ("http://h/?q", nil, nil), ("ftp://h", nil, nil), ("http://u:p@h", nil, nil),
        ] as [(String?, String?, String?)])
    func endpoints(given: String?, emulator: String?, expected: String?) {
        var variables: [String: String] = [:]
        variables["STORAGE_EMULATOR_HOST"] = emulator
        let environment = CloudEnvironment(
            variables: variables, home: "/nonexistent", network: NetworkOptions(), retry: RetryPolicy())
        let endpoint = try? GCSEndpoint(given, environment, universe: nil)
        #expect(endpoint?.base == expected)
        #expect(endpoint.map(\.isEmulator) ?? false == (given == nil && emulator != nil))
    }
}
