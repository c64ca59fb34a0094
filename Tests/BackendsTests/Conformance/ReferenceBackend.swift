import Hashing
import ObjectModel

@testable import Backends

/// What talks to `ReferenceServer`: the smallest whole backend there can be.
struct ReferenceBackend: BucketBackend {
    let bucket: Bucket
    let origin: String
    let authorizer: (any RequestAuthorizer)?
    private let http = HTTPBackend()

    init(_ bucket: Bucket, origin: String, password: String = "let me in") {
        self.bucket = bucket
        self.origin = origin
        authorizer = ReferenceAuthorizer(password: password)
    }

    var provider: Provider { bucket.provider }

    func url(of object: String) -> String { "\(origin)/\(bucket.name)/\(URLText.escapedPath(object))" }

    func bucketRequest() -> HTTPRequest { HTTPRequest(url: "\(origin)/\(bucket.name)") }

    func bucketAnswer(_ head: HTTPResponseHead, body: [UInt8]) -> BucketAnswer {
        switch head.status {
        case 200: .found(BucketFacts())
        case 401: .refused("401: wrong password")
        case 404: .missing
        case let status where RetryPolicy.isRetryable(status: status): .retryable(status: status)
        default: .failed("\(head.status)")
        }
    }

    func listRequest(_ query: ListQuery) -> HTTPRequest {
        var url = "\(origin)/\(bucket.name)?list&prefix=\(URLText.escapedPath(query.prefix))"
        if let start = query.startAfter { url += "&after=\(URLText.escapedPath(start))" }
        if let token = query.token { url += "&token=\(URLText.escapedPath(token))" }
        if let size = query.pageSize { url += "&max=\(size)" }
        if query.isOneLevel { url += "&level=1" }
        return HTTPRequest(url: url)
    }

    func listPage(_ head: HTTPResponseHead, body: [UInt8], of query: ListQuery) throws(BackendError) -> ListPage {
        guard let page = try? JSONValue.parse(body), let rows = page["names"]?.array else {
            throw BackendError(.incompleteListing, bucket.cname, "what came is no page")
        }
        let entries = rows.map { row in
            ListedObject(
                name: row[0]?.string ?? "", size: row[1]?.integer, validator: Validator(length: row[1]?.integer),
                digests: (row[2]?.string).flatMap { Digest(.md5, base64: $0) }
                    .map { [PromisedDigest(digest: $0, origin: "listing")] } ?? [])
        }
        return ListPage(
            entries: entries, prefixes: page["prefixes"]?.array?.compactMap(\.string) ?? [],
            next: page["next"]?.string)
    }

    func metadata(_ head: HTTPResponseHead, listed: ListedObject?, into bucket: Bucket) -> SourceMetadata {
        SourceMetadata(custom: [
            .init("source", provider.rawValue), .init("ETag", Validator(of: head).etag ?? "none"),
        ])
    }

    func objectRequest(_ url: String, resume: ResumePoint?) -> HTTPRequest {
        guard let resume, let etag = resume.validator.ifRangeValue else { return HTTPRequest(url: url) }
        return HTTPRequest(
            url: url, headers: [HTTPHeader("If-Match", etag)], range: .init(first: resume.offset))
    }

    func conditionalRequest(_ url: String, unlike validator: Validator) -> HTTPRequest? {
        http.conditionalRequest(url, unlike: validator)
    }
    func headRequest(_ url: String) -> HTTPRequest { http.headRequest(url) }
    func probeRequest(_ url: String) -> HTTPRequest { http.probeRequest(url) }
    func refusesHead(_ head: HTTPResponseHead) -> Bool { false }

    func answer(
        _ head: HTTPResponseHead, to request: HTTPRequest, resume: ResumePoint?, errorBody: [UInt8], now: Double
    ) -> ObjectAnswer {
        if head.status == 412 { return .startOver(reason: "another object now") }
        return http.answer(head, to: request, resume: resume, errorBody: errorBody, now: now)
    }
}

private struct ReferenceAuthorizer: RequestAuthorizer {
    let password: String

    func authorize(_ request: HTTPRequest) -> HTTPRequest {
        var request = request
        request.headers.append(HTTPHeader("Authorization", password, isSecret: true))
        return request
    }
}

/// Its endpoint is the server's origin; the password comes from `PASSWORD`.
enum ReferenceProvider: CloudProvider {
    static func connect(
        _ address: BucketAddress, in environment: CloudEnvironment, lookup: Bool
    ) throws(BackendError) -> ConnectedBucket {
        let backend = ReferenceBackend(
            address.bucket, origin: address.endpoint ?? "", password: environment.variable("PASSWORD") ?? "")
        guard lookup else { return ConnectedBucket(backend: backend, facts: nil) }
        let (head, body) = try environment.makeLane().ask(
            backend.bucketRequest(), backend.authorizer, subject: address.bucket.cname, bodyLimit: 1 << 16)
        switch backend.bucketAnswer(head, body: body) {
        case .found(let facts): return ConnectedBucket(backend: backend, facts: facts)
        case .missing: throw BackendError(.noBucket, address.bucket.cname, "there is no such bucket")
        default: throw BackendError(.refused, address.bucket.cname, "\(head.status)")
        }
    }

    static func buckets(
        _ address: BucketAddress, in environment: CloudEnvironment
    ) throws(BackendError) -> [Bucket] {
        let backend = ReferenceBackend(
            address.bucket, origin: address.endpoint ?? "", password: environment.variable("PASSWORD") ?? "")
        let (head, body) = try environment.makeLane().ask(
            HTTPRequest(url: backend.origin + "/"), backend.authorizer, subject: "reference", bodyLimit: 1 << 16)
        guard head.status == 200 else { throw BackendError(.refused, "reference", "\(head.status)") }
        return String(decoding: body, as: UTF8.self).split(separator: "\n").compactMap {
            try? Bucket(provider: address.bucket.provider, name: String($0))
        }
    }
}
