import Testing

@testable import Backends

@Suite struct AnswerObjectTests {
    private let backend = HTTPBackend()
    private let url = "https://host/dir/a.tar?token=1"

    private func answer(
        _ status: Int, _ fields: KeyValuePairs<String, String> = [:], to request: HTTPRequest? = nil,
        resume: ResumePoint? = nil
    ) -> ObjectAnswer {
        backend.answer(
            head(status, fields), to: request ?? backend.objectRequest(url, resume: resume), resume: resume, now: 0)
    }

    @Test func requests() throws {
        #expect(backend.objectRequest(url) == HTTPRequest(url: url))
        let resume = try #require(ResumePoint(keptBytes: 100, validator: Validator(etag: "e", length: 300)))
        #expect(
            backend.objectRequest(url, resume: resume)
                == HTTPRequest(url: url, headers: [HTTPHeader("If-Range", "\"e\"")], range: .init(first: 100)))
        #expect(backend.conditionalRequest(url, unlike: Validator(length: 1)) == nil)
        #expect(backend.conditionalRequest(url, unlike: Validator(etag: "e"))?.headers.first?.name == "If-None-Match")
        #expect(backend.headRequest(url).method == .head)
        #expect(backend.probeRequest(url).range?.headerValue == "bytes=0-0")
    }

    @Test func whatCanBeContinued() {
        let strong = Validator(etag: "e", length: 300)
        #expect(ResumePoint(keptBytes: 100, validator: strong)?.offset == 100)
        #expect(ResumePoint(keptBytes: 300, validator: strong)?.offset == 299)
        #expect(ResumePoint(keptBytes: 900, validator: strong)?.offset == 299)
        #expect(ResumePoint(keptBytes: 900, validator: Validator(etag: "e"))?.offset == 900)
        #expect(ResumePoint(keptBytes: 0, validator: strong) == nil)
        #expect(ResumePoint(keptBytes: 1, validator: Validator(etag: "e", length: 1)) == nil)
        #expect(ResumePoint(keptBytes: 0, validator: Validator(etag: "e", length: 0)) == nil)
        #expect(ResumePoint(keptBytes: 100, validator: Validator(lastModified: "x", length: 300)) == nil)
    }

    @Test func wholeObjects() throws {
        let fields: KeyValuePairs = [
            "ETag": "\"e\"", "Content-Length": "6", "Repr-Digest": "md5=:sZRqySSS0jR8YjW00mERhA==:",
        ]
        guard case .body(let total, let promised, let validator) = answer(200, fields) else {
            Issue.record("not a body")
            return
        }
        #expect(total == 6 && promised.count == 1 && validator == Validator(etag: "e", length: 6))
        let resume = ResumePoint(keptBytes: 3, validator: Validator(etag: "old", length: 6))
        #expect(answer(200, fields, resume: resume) == answer(200, fields))
        #expect(answer(200) == .body(total: nil, promised: [], validator: Validator()))
    }

    @Test(
        arguments: [
            ("bytes 100-299/300", "200", "\"e\"", true), ("bytes 100-299/300", nil, "\"e\"", true),
            ("bytes 100-299/*", "200", "\"e\"", true), ("bytes 100-299/300", "200", nil, true),
            ("bytes 0-9/10", "10", "\"e\"", false), ("bytes 0-299/300", "300", "\"e\"", false),
            ("bytes 100-299/400", "200", "\"e\"", false), ("bytes 100-399/400", "300", "\"e\"", false),
            ("bytes 100-200/300", "101", "\"e\"", false), ("bytes 101-299/300", "199", "\"e\"", false),
            ("bytes 100-299/300", "100", "\"e\"", false), ("bytes 100-299/300", "200", "\"new\"", false),
            ("bytes 100-299/300", "200", "W/\"e\"", true), ("bytes 100-399/*", "300", "\"e\"", false),
            ("bytes 100-299/*", "200", nil, false), ("bytes */300", "200", "\"e\"", false),
            (nil, "200", "\"e\"", false),
            ("items 100-299/300", "200", "\"e\"", false), ("bytes 299-100/300", "200", "\"e\"", false),
            ("bytes 100-9223372036854775807/*", "200", "\"e\"", false),
        ] as [(String?, String?, String?, Bool)])
    func partsOfObjects(range: String?, length: String?, etag: String?, isGood: Bool) throws {
        let resume = try #require(ResumePoint(keptBytes: 100, validator: Validator(etag: "e", length: 300)))
        var answered = head(206)
        for (name, value) in [("Content-Range", range), ("Content-Length", length), ("ETag", etag)] {
            if let value { answered.headers.append(HTTPHeader(name, value)) }
        }
        let request = backend.objectRequest(url, resume: resume)
        switch backend.answer(answered, to: request, resume: resume, now: 0) {
        case .partial(from: 100, total: 300, _, _): #expect(isGood)
        case .startOver: #expect(!isGood)
        case let other: Issue.record("\(other)")
        }
    }

    @Test func otherParts() {
        if case .failed(206, _) = answer(206, ["Content-Range": "bytes 0-1/2"]) {
        } else {
            Issue.record("a part nobody asked for")
        }
        let probe = backend.probeRequest(url)
        let one: KeyValuePairs = ["Content-Range": "bytes 0-0/77", "Content-Length": "1"]
        #expect(
            answer(206, one, to: probe) == .partial(from: 0, total: 77, promised: [], validator: Validator(length: 77)))
    }

    @Test func otherStatuses() throws {
        let condition = backend.conditionalRequest(url, unlike: Validator(etag: "e"))
        #expect(answer(304, to: condition) == .notModified)
        if case .failed(304, _) = answer(304) {} else { Issue.record("304 without a condition") }
        for status in [404, 410] { #expect(answer(status) == .missing(status: status)) }
        for status in [401, 403, 407] { #expect(answer(status) == .refused(status: status)) }
        for status in [408, 425, 429, 500, 502, 503, 504, 520, 524] {
            #expect(answer(status, ["Retry-After": "7"]) == .retryable(status: status, retryAfter: 7))
            #expect(answer(status, ["Retry-After": "x"]) == .retryable(status: status, retryAfter: nil))
        }
        for status in [
            100, 201, 203, 204, 205, 301, 302, 308, 400, 402, 405, 412, 416, 418, 451, 501, 505, 525, 599, 0,
        ] {
            if case .failed(status, let message) = answer(status) {
                #expect(!message.isEmpty)
            } else {
                Issue.record("\(status)")
            }
        }
        let resume = try #require(ResumePoint(keptBytes: 100, validator: Validator(etag: "e")))
        if case .startOver = answer(416, resume: resume) {} else { Issue.record("416 on resume") }
    }
}

@Suite struct AnswerBucketTests {
    private let backend = HTTPBackend()
    private let broken = TransportError(.reset, url: "https://h/", message: "connection reset")
    private let down = TransportError(.connect, url: "https://h/", message: "connection refused")

    /// Feeds statuses (0 = no answer, -1 = no connection) until there is a verdict; also how many requests were sent, and of which kind.
    private func confirm(_ statuses: [Int], query: String = "") -> (BucketConfirmation.Verdict?, String) {
        var bucket = BucketConfirmation(urls: (1...9).map { "https://h/\($0)\(query)" }, backend: backend)
        var sent = ""
        for status in statuses {
            guard let request = bucket.next else { break }
            #expect(bucket.verdict == nil)
            sent += request.method == .head ? "H" : "G"
            switch status {
            case 0: bucket.failed(broken)
            case -1: bucket.failed(down)
            default: bucket.answered(head(status))
            }
        }
        #expect((bucket.next == nil) == (bucket.verdict != nil))
        return (bucket.verdict, sent)
    }

    @Test(
        arguments: [
            ([200], .confirmed, "H"), ([404], .confirmed, "H"), ([429], .confirmed, "H"), ([400], .confirmed, "H"),
            ([403, 200], .confirmed, "HH"), ([503, 0, 404], .confirmed, "HHH"),
            ([403, 403, 403, 200], .refused(status: 403), "HHH"), ([401, 503, 0], .refused(status: 401), "HHH"),
            ([407, 407, 407], .refused(status: 407), "HHH"),
            ([500, 502, 503], .unconfirmed("https://h/3: the server answered 503", passes: true), "HHH"),
            ([500, 500, 0], .unconfirmed("https://h/: connection reset", passes: true), "HHH"),
            ([-1], .unconfirmed("https://h/: connection refused", passes: true), "H"),
            ([403, -1], .refused(status: 403), "HH"),
            ([405, 206], .confirmed, "HG"), ([405, 416], .confirmed, "HG"), ([501, 200], .confirmed, "HG"),
            ([405, 405], .confirmed, "HG"), ([405, 403, 403, 403], .refused(status: 403), "HGHH"),
            ([405, 0, 501, 501, 503], .unconfirmed("https://h/3: the server answered 503", passes: true), "HGHGH"),
            ([505, 505, 505], .unconfirmed("https://h/3: the server answered 505", passes: false), "HHH"),
            ([503], nil, "H"),
            ([405], nil, "H"),
        ] as [([Int], BucketConfirmation.Verdict?, String)])
    func verdicts(statuses: [Int], verdict: BucketConfirmation.Verdict?, sent: String) {
        let result = confirm(statuses)
        #expect(result.0 == verdict)
        #expect(result.1 == sent)
    }

    @Test func signedURLsAreAskedByGet() {
        #expect(confirm([403, 206], query: "?sig=1") == (.confirmed, "HG"))
        #expect(confirm([403, 403, 403, 403, 403, 403], query: "?sig=1") == (.refused(status: 403), "HGHGHG"))
    }

    @Test func anotherHostIsAskedWhereOneIsDown() {
        var bucket = BucketConfirmation(
            urls: ["https://h/1", "https://h/2", "https://g/1"], backend: backend)
        bucket.failed(down)
        #expect(bucket.next?.url == "https://g/1")
        bucket.answered(head(200))
        #expect(bucket.verdict == .confirmed)
    }

    @Test func noNames() {
        let bucket = BucketConfirmation(urls: [], backend: backend)
        #expect(bucket.verdict == .unconfirmed("nothing was asked", passes: false))
    }
}
