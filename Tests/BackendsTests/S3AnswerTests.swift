import Foundation
import Hashing
import ObjectModel
import Testing

@testable import Backends

/// What S3's answers mean, without any server.
@Suite struct S3AnswerTests {
    static func backend(_ name: String = "data", endpoint: String? = "http://h:9000") throws -> S3Backend {
        let urls = S3URL(name, endpoint: endpoint, region: "eu-west-1")
        return S3Backend(try Bucket(provider: .aws, name: name), urls: urls, authorizer: nil)
    }

    static func head(_ status: Int, _ headers: [(String, String)] = []) -> HTTPResponseHead {
        HTTPResponseHead(
            status: status, headers: HTTPHeaders(headers.map { HTTPHeader($0.0, $0.1) }), url: "http://h:9000/data/o")
    }

    static func error(_ code: String) -> [UInt8] {
        Array(
            "<?xml version='1.0'?><Error><Code>\(code)</Code><Message>m</Message><Region>eu-x-1</Region></Error>".utf8)
    }

    @Test func addresses() throws {
        #expect(try Self.backend().url(of: "a b/ü+%") == "http://h:9000/data/a%20b/%C3%BC%2B%25")
        #expect(try Self.backend(endpoint: nil).url(of: "o") == "https://data.s3.eu-west-1.amazonaws.com/o")
        #expect(try Self.backend("a.b", endpoint: nil).url(of: "o") == "https://s3.eu-west-1.amazonaws.com/a.b/o")
        #expect(try Self.backend("Data", endpoint: nil).url(of: "o") == "https://s3.eu-west-1.amazonaws.com/Data/o")
        #expect(S3URL("d", endpoint: nil, region: "cn-north-1").bucket == "https://d.s3.cn-north-1.amazonaws.com.cn")
        #expect(try S3URL.endpoint("http://H:9000/base/") == "http://h:9000/base")
        for text in ["h:9000", "ftp://h", "http://u:p@h", "http://h/?x", ""] {
            #expect(throws: BackendError.self, "\(text)") { try S3URL.endpoint(text) }
        }
    }

    @Test(arguments: [
        (503, "SlowDown", "retryable"), (400, "RequestTimeout", "retryable"), (500, "InternalError", "retryable"),
        (403, "SlowDown", "retryable"), (400, "ExpiredToken", "refused"), (403, "AccessDenied", "refused"),
        (400, "AuthorizationHeaderMalformed", "refused"), (404, "NoSuchKey", "missing"),
        (404, "NoSuchBucket", "failed"),
        (403, "InvalidObjectState", "failed"), (403, "RequestTimeTooSkewed", "failed"), (400, "InvalidURI", "failed"),
        (301, "PermanentRedirect", "failed"), (412, "PreconditionFailed", "failed"),
    ]) func errors(status: Int, code: String, kind: String) throws {
        let backend = try Self.backend()
        let answer = backend.answer(
            Self.head(status), to: HTTPRequest(url: "http://h:9000/data/o"), resume: nil, errorBody: Self.error(code),
            now: 0)
        #expect("\(answer)".hasPrefix(kind), "\(answer)")
    }

    @Test func resumesByIfMatch() throws {
        let backend = try Self.backend()
        let resume = ResumePoint(keptBytes: 10, validator: Validator(etag: "e", length: 100))
        let request = backend.objectRequest("http://h:9000/data/o", resume: resume)
        #expect(request.headers.contains(HTTPHeader("If-Match", "\"e\"")))
        #expect(request.range?.headerValue == "bytes=10-")
        #expect(!request.followsRedirects)
        let changed = backend.answer(Self.head(412), to: request, resume: resume, errorBody: [], now: 0)
        #expect("\(changed)".hasPrefix("startOver"))
    }

    @Test func followsRedirectsOnlyByAskingAgain() throws {
        let backend = try Self.backend()
        let request = backend.objectRequest("https://h/data/o", resume: nil)
        let answer = { (place: String) in
            backend.answer(Self.head(307, [("Location", place)]), to: request, resume: nil, errorBody: [], now: 0)
        }
        #expect(answer("https://other/data/o") == .elsewhere(url: "https://other/data/o"))
        #expect("\(answer("http://other/data/o"))".hasPrefix("failed"))
    }

    @Test func anETagIsNotAlwaysAnMD5() throws {
        let backend = try Self.backend()
        let md5 = ("ETag", "\"5d41402abc4b2a76b9719d911017c592\"")
        for (headers, isMD5) in [
            ([md5], true), ([md5, ("x-amz-server-side-encryption", "AES256")], true),
            ([md5, ("x-amz-server-side-encryption", "aws:kms")], false),
            ([md5, ("x-amz-server-side-encryption-customer-algorithm", "AES256")], false),
            ([("ETag", "\"5d41402abc4b2a76b9719d911017c592-2\"")], false),
        ] {
            let answer = backend.answer(
                Self.head(200, headers), to: HTTPRequest(url: "http://h/o"), resume: nil, errorBody: [], now: 0)
            guard case .body(_, let promised, _) = answer else {
                Issue.record("\(answer)")
                continue
            }
            #expect(promised.map(\.origin) == (isMD5 ? ["ETag"] : []))
        }
    }

    @Test func bucketAnswers() throws {
        let backend = try Self.backend()
        #expect(backend.bucketAnswer(Self.head(200), body: []) == .found(BucketFacts()))
        #expect(
            backend.bucketAnswer(Self.head(301, [("x-amz-bucket-region", "eu-a-1")]), body: [])
                == .elsewhere(region: "eu-a-1"))
        #expect(
            backend.bucketAnswer(Self.head(400), body: Self.error("AuthorizationHeaderMalformed"))
                == .elsewhere(region: "eu-x-1"))
        #expect(
            backend.bucketAnswer(Self.head(400, [("x-amz-bucket-region", "eu-a-1")]), body: Self.error("ExpiredToken"))
                == .refused("400 ExpiredToken"))
        #expect(
            backend.bucketAnswer(
                Self.head(400, [("x-amz-bucket-region", "eu-a-1")]), body: Self.error("InvalidArgument"))
                == .failed("answers 400 InvalidArgument"))
        #expect(backend.bucketAnswer(Self.head(404), body: []) == .missing)
        #expect(backend.bucketAnswer(Self.head(403), body: Self.error("AccessDenied")) == .refused("403 AccessDenied"))
        #expect(backend.bucketAnswer(Self.head(503), body: []) == .retryable(status: 503))
        let hostile = backend.bucketAnswer(Self.head(301, [("x-amz-bucket-region", "evil.com/#")]), body: [])
        #expect("\(hostile)".hasPrefix("failed"))
    }

    @Test func metadataIsThatOfANode() throws {
        let head = Self.head(
            200,
            [
                ("ETag", "\"5d41402abc4b2a76b9719d911017c592\""), ("x-amz-version-id", "v1"),
                ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ])
        let found = try Self.backend().metadata(head, listed: nil, into: Bucket(provider: .aws, name: "data"))
        #expect(found.version == "v1")
        #expect(
            found.custom.map { "\($0.name)=\($0.value)" } == [
                "source=aws", "version=v1", "ETag=5d41402abc4b2a76b9719d911017c592",
                "md5=5d41402abc4b2a76b9719d911017c592", "LastModified=1994-11-06T08:49:37Z",
                "Last-Modified=Sun, 06 Nov 1994 08:49:37 GMT",
            ])
        let null = Self.head(200, [("x-amz-version-id", "null")])
        #expect(try Self.backend().metadata(null, listed: nil, into: Bucket(provider: .aws, name: "d")).version == nil)
    }

    @Test func pages() throws {
        let text = """
            <?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>data</Name>
            <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextContinuationToken>t/+=</NextContinuationToken>
            <Contents><Key>a+b%2B%C3%BC</Key><LastModified>1994-11-06T08:49:37.000Z</LastModified>
            <ETag>&quot;e&quot;</ETag><Size>12</Size><StorageClass>STANDARD</StorageClass></Contents>
            <Contents><Key>cold</Key><Size>1</Size><StorageClass>DEEP_ARCHIVE</StorageClass></Contents>
            <CommonPrefixes><Prefix>d%20e/</Prefix></CommonPrefixes></ListBucketResult>
            """
        let page = try S3Page.parse(Array(text.utf8))
        #expect(page.next == "t/+=")
        #expect(page.prefixes == ["d e/"])
        #expect(page.entries.map(\.name) == ["a b+ü", "cold"])
        let validator = Validator(etag: "e", lastModified: "Sun, 06 Nov 1994 08:49:37 GMT", length: 12)
        #expect(page.entries.first?.validator == validator)
        #expect(page.entries.last?.defect?.contains("DEEP_ARCHIVE") == true)
    }

    /// Its names are good; that nothing can follow is the reader's to say.
    @Test func aTruncatedPageWithoutATokenLeadsNowhere() throws {
        let text =
            "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>k</Key><Size>1</Size></Contents></ListBucketResult>"
        let page = try Self.backend().listPage(Self.head(200), body: Array(text.utf8), of: ListQuery())
        #expect(page.entries.map(\.name) == ["k"] && page.next == "")
    }

    @Test(arguments: [
        "", "<html/>", "<ListBucketResult/>",
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Size>1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>k</Key><Size>-1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Contents><Key>%C3</Key></Contents></ListBucketResult>",
    ]) func brokenPagesAreIncomplete(text: String) throws {
        let error = #expect(throws: BackendError.self) {
            try Self.backend().listPage(Self.head(200), body: Array(text.utf8), of: ListQuery())
        }
        #expect(error?.kind == .incompleteListing)
    }
}
