import ObjectModel
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// Errors that say "later" in their words, with a status that says "no".
@Suite struct PassingErrorTests {
    /// A token that nobody should want renewed.
    private final class Counting: RequestAuthorizer {
        let renewals = Mutex(0)
        func authorize(_ request: HTTPRequest) -> HTTPRequest { request }
        func renew(after refused: HTTPRequest) -> Bool {
            renewals.withLock { $0 += 1 }
            return false
        }
    }

    private static func limited(_ reason: String) -> String {
        #"{"error":{"code":403,"message":"slow","errors":[{"reason":"\#(reason)"}]}}"#
    }

    private func names(_ backend: some BucketBackend) throws -> [String] {
        var reader = ListingReader(backend, ListQuery(), lane: CloudEnvironment.test().makeLane())
        var names: [String] = []
        while let page = try reader.nextPage() { names += page.entries.map(\.name) }
        return names
    }

    @Test(arguments: ["rateLimitExceeded", "userRateLimitExceeded"])
    func googlesLimitsOnAListing(reason: String) throws {
        let server = try ResponderServer { request in
            guard request.index > 0 else { return .init(403, text: Self.limited(reason)) }
            return .init(text: #"{"items":[{"name":"a","size":"1","generation":"1"}]}"#)
        }
        let authorizer = Counting()
        let bucket = try Bucket(provider: .gcp, name: "b")
        #expect(try names(GCSBackend(bucket, endpoint: server.origin, authorizer: authorizer)) == ["a"])
        #expect(server.requests.count == 2)
        #expect(authorizer.renewals.withLock { $0 } == 0)
    }

    @Test func amazonsLimitsOnAListing() throws {
        let page =
            "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents></ListBucketResult>"
        let server = try ResponderServer { request in
            guard request.index > 0 else { return .init(403, text: "<Error><Code>SlowDown</Code></Error>") }
            return .init(text: page)
        }
        #expect(try names(S3AnswerTests.backend(endpoint: server.origin)) == ["a"])
    }

    @Test func whatDoesNotPassIsTold() throws {
        let server = try ResponderServer { _ in .init(403, text: Self.limited("rateLimitExceeded")) }
        let bucket = try Bucket(provider: .gcp, name: "b")
        #expect(throws: BackendError.self) { try names(GCSBackend(bucket, endpoint: server.origin)) }
        #expect(server.requests.count == 3)
        let refusing = try ResponderServer { _ in .init(403, text: Self.limited("forbidden")) }
        #expect(throws: BackendError.self) { try names(GCSBackend(bucket, endpoint: refusing.origin)) }
        #expect(refusing.requests.count == 1)
    }

    /// A status that the retry policy takes for "no" would end the shard at its first attempt.
    @Test(arguments: [(400, "RequestTimeout"), (403, "SlowDown")]) func objectsOfS3(status: Int, code: String) throws {
        let answer = try S3AnswerTests.backend().answer(
            S3AnswerTests.head(status), to: HTTPRequest(url: "http://h:9000/data/o"), resume: nil,
            errorBody: S3AnswerTests.error(code), now: 0)
        guard case .retryable(let status, _) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(RetryPolicy.isRetryable(status: status))
    }
}
