import Foundation
import Hashing
import ObjectModel
import Testing

@testable import Backends

/// Signatures as Oracle's own signer makes them (RSA's are the same each time).
@Suite struct OCISignatureTests {
    @Test func signaturesAreThoseOfOraclesSigner() throws {
        let vectors = try JSONValue.parse(indexFixture("oci-signatures.json"))
        let keyID = try #require(vectors["keyId"]?.string)
        let key = try RSAKey(pem: #require(vectors["key"]?.string))
        let cases = try #require(vectors["cases"]?.array)
        #expect(cases.count == 6)
        for vector in cases {
            let method = try #require(HTTPRequest.Method(rawValue: vector["method"]?.string?.uppercased() ?? ""))
            let url = try #require(vector["url"]?.string)
            let request = HTTPRequest(method, url: url, body: vector["body"]?.string.map { Array($0.utf8) })
            let fields = try OCISignature.headers(
                for: request, by: .init(keyID: keyID, key: key), date: #require(vector["date"]?.integer))
            let headers = HTTPHeaders(fields)
            let expected = [
                "algorithm=\"rsa-sha256\"", "headers=\"\(vector["headers"]?.string ?? "?")\"", "keyId=\"\(keyID)\"",
                "signature=\"\(vector["signature"]?.string ?? "?")\"", "version=\"1\"",
            ]
            #expect(headers["authorization"] == "Signature " + expected.joined(separator: ","), "\(method) \(url)")
            #expect(headers["date"] == "Thu, 02 Jan 2014 14:00:00 GMT")
            #expect(headers["x-content-sha256"] == vector["x-content-sha256"]?.string)
            #expect(fields.allSatisfy { $0.isSecret == ($0.name == "Authorization") })
        }
    }

    @Test func anythingThatIsNoURLIsRefused() throws {
        let vectors = try JSONValue.parse(indexFixture("oci-signatures.json"))
        let signer = try OCISignature.Signer(keyID: "k", key: RSAKey(pem: #require(vectors["key"]?.string)))
        #expect(throws: TransportError.self) {
            try OCISignature.headers(for: HTTPRequest(url: "ftp://host/"), by: signer, date: 0)
        }
    }
}

/// Answers of the service, as pure values.
@Suite struct OCIAnswerTests {
    static func backend() throws -> OCIBackend {
        try OCIBackend(
            Bucket(provider: .oci, name: "data"), endpoint: "https://host", namespace: "ns", authorizer: nil)
    }

    static func error(_ code: String) -> [UInt8] { Array("{\"code\":\"\(code)\",\"message\":\"words\"}".utf8) }

    @Test func errorsHaveTheirClasses() throws {
        let backend = try Self.backend()
        let request = backend.objectRequest(backend.url(of: "a"), resume: nil)
        func answer(_ status: Int, _ code: String) -> ObjectAnswer {
            backend.answer(head(status), to: request, resume: nil, errorBody: Self.error(code), now: 0)
        }
        #expect(answer(429, "TooManyRequests") == .retryable(status: 429, retryAfter: nil))
        #expect(answer(500, "InternalServerError") == .retryable(status: 500, retryAfter: nil))
        #expect(answer(503, "ServiceUnavailable") == .retryable(status: 503, retryAfter: nil))
        #expect(answer(401, "NotAuthenticated") == .refused(status: 401))
        #expect(answer(404, "ObjectNotFound") == .missing(status: 404))
        #expect(answer(404, "NotAuthorizedOrNotFound") == .refused(status: 404))
        for code in ["BucketNotFound", "NamespaceNotFound"] {
            guard case .failed(404, let message) = answer(404, code) else {
                Issue.record("\(code)")
                continue
            }
            #expect(message.contains(code))
        }
        guard case .failed(409, let message) = answer(409, "NotRestored") else {
            Issue.record("an archived object")
            return
        }
        #expect(message.contains("restore"))
        #expect(answer(400, "InvalidParameter") == .failed(status: 400, message: "400 InvalidParameter: words"))
        #expect(backend.bucketAnswer(head(404), body: []) == .missing)
        #expect(backend.bucketAnswer(head(429), body: []) == .retryable(status: 429))
        #expect(backend.bucketAnswer(head(200), body: []) == .found(BucketFacts(isVersioned: false)))
        guard case .refused(let reason) = backend.bucketAnswer(head(401), body: []) else {
            Issue.record("401")
            return
        }
        #expect(reason.contains("fingerprint") && reason.contains("clock"))
    }

    @Test func checksumsOfTheWholeArePromised() throws {
        let backend = try Self.backend()
        let answer = backend.answer(
            head(
                200,
                [
                    "etag": "0a1b-2c", "content-length": "0", "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==",
                    "opc-content-crc32c": "AAAAAA==", "opc-multipart-md5": "1B2M2Y8AsgTpgAmY7PhCfg==-3",
                ]), to: backend.headRequest(backend.url(of: "a")), resume: nil, errorBody: [], now: 0)
        guard case .body(0, let promised, let validator) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(promised.map(\.description) == ["crc32c (opc-content-crc32c)", "md5 (Content-MD5)"])
        #expect(validator.etag == "0a1b-2c")
        let point = try #require(ResumePoint(keptBytes: 5, validator: validator.with(length: 10)))
        let resumed = backend.objectRequest(backend.url(of: "a"), resume: point)
        #expect(resumed.headers == [HTTPHeader("If-Match", "0a1b-2c")] && resumed.range?.first == 5)
        let changed = backend.answer(
            head(412), to: resumed, resume: point, errorBody: Self.error("IfMatchFailed"), now: 0)
        guard case .startOver = changed else {
            Issue.record("\(changed)")
            return
        }
    }

    /// Beside a part, `content-md5` is the part's; the listing's is the object's.
    @Test func aPartsDigestIsNotTheObjects() throws {
        let backend = try Self.backend()
        let (part, whole) = ("XUFAKrxLKna5cZ2REBfFkg==", "1B2M2Y8AsgTpgAmY7PhCfg==")
        let listed = ListedObject(
            name: "a", size: 10, validator: Validator(),
            digests: [PromisedDigest(digest: try #require(Digest(.md5, base64: whole)), origin: "listing")])
        func md5(_ status: Int, _ field: String, _ listed: ListedObject?) -> String? {
            backend.metadata(head(status, ["content-md5": field]), listed: listed, into: backend.bucket)
                .custom.first { $0.name == "md5" }?.value
        }
        let hex = "d41d8cd98f00b204e9800998ecf8427e"
        #expect(md5(200, whole, nil) == hex)
        #expect(md5(206, part, nil) == nil)
        #expect(md5(206, part, listed) == hex)
    }

    @Test func pagesAreRead() throws {
        let backend = try Self.backend()
        let text = """
            {"objects": [
              {"name": "a", "size": 3, "md5": "1B2M2Y8AsgTpgAmY7PhCfg==", "etag": "e-1",
               "timeModified": "2024-05-06T07:08:09.123Z", "timeCreated": "2020-01-01T00:00:00Z"},
              {"name": "b", "size": 4, "md5": "1B2M2Y8AsgTpgAmY7PhCfg==-2", "archivalState": "Archived"},
              {"name": "c", "archivalState": "Restored"}],
             "prefixes": ["d/"], "nextStartWith": "e"}
            """
        let page = try backend.listPage(head(), body: Array(text.utf8), of: ListQuery())
        #expect(page.entries.map(\.name) == ["a", "b", "c"] && page.prefixes == ["d/"] && page.next == "e")
        #expect(page.entries[0].validator.lastModified == "Mon, 06 May 2024 07:08:09 GMT")
        #expect(page.entries[0].validator.etag == "e-1" && page.entries[0].digests.count == 1)
        #expect(page.entries[1].digests.isEmpty && page.entries[1].defect?.contains("archived") == true)
        #expect(page.entries[2].size == nil && page.entries[2].defect == nil)
        for broken in ["", "[]", "{\"objects\": 1}", "{\"objects\": [{\"size\": 1}]}"] {
            #expect(throws: BackendError.self) {
                try backend.listPage(head(), body: Array(broken.utf8), of: ListQuery())
            }
        }
        var query = ListQuery(prefix: "ü&/", startAfter: "ü&/a", isOneLevel: true, pageSize: 5000)
        #expect(
            backend.listRequest(query).url.hasSuffix(
                "&limit=1000&prefix=%C3%BC%26%2F&delimiter=%2F&startAfter=%C3%BC%26%2Fa"))
        query.token = "t"
        #expect(backend.listRequest(query).url.hasSuffix("&delimiter=%2F&start=t"))
    }
}

extension Validator {
    fileprivate func with(length: Int64) -> Validator {
        Validator(etag: etag, lastModified: lastModified, length: length)
    }
}
