import ObjectModel

/// A bucket of Google Cloud Storage by its XML API, which speaks like S3 where HMAC keys sign
/// (https://cloud.google.com/storage/docs/interoperability). What Google tells beside that (`x-goog-…`) counts as it does
/// with the JSON API.
struct GCSXMLBackend: BucketBackend {
    let s3: S3Backend
    /// For what both APIs tell alike.
    private let json: GCSBackend

    init(_ bucket: Bucket, endpoint: String, authorizer: AWSAuthorizer) {
        s3 = S3Backend(
            bucket, urls: S3URL(bucket.name, endpoint: endpoint, region: GCSKeyedBuckets.region),
            authorizer: authorizer)
        json = GCSBackend(bucket, endpoint: endpoint)
    }

    var bucket: Bucket { s3.bucket }
    var provider: Provider { .gcp }
    var authorizer: (any RequestAuthorizer)? { s3.authorizer }

    func url(of object: String) -> String { s3.url(of: object) }

    /// Stored bytes are asked for, as by the JSON API.
    private func stored(_ request: HTTPRequest) -> HTTPRequest {
        var request = request
        request.headers.append(HTTPHeader("Accept-Encoding", "gzip"))
        return request
    }

    func objectRequest(_ url: String, resume: ResumePoint?) -> HTTPRequest {
        stored(s3.objectRequest(url, resume: resume))
    }

    func conditionalRequest(_ url: String, unlike validator: Validator) -> HTTPRequest? {
        s3.conditionalRequest(url, unlike: validator).map { stored($0) }
    }

    func headRequest(_ url: String) -> HTTPRequest { stored(s3.headRequest(url)) }
    func probeRequest(_ url: String) -> HTTPRequest { stored(s3.probeRequest(url)) }
    func refusesHead(_ head: HTTPResponseHead) -> Bool { s3.refusesHead(head) }

    func answer(
        _ head: HTTPResponseHead, to request: HTTPRequest, resume: ResumePoint?, errorBody: [UInt8], now: Double
    ) -> ObjectAnswer {
        let answer = s3.answer(head, to: request, resume: resume, errorBody: errorBody, now: now)
        switch answer {
        case .body, .partial:
            if let reason = GCSBackend.recoding(head) { return .failed(status: head.status, message: reason) }
        default: return answer
        }
        let hashes = GCSBackend.digests(head)
        let validator = GCSBackend.validator(head)
        switch answer {
        case .body(let total, let promised, _):
            return .body(total: total, promised: hashes.isEmpty ? promised : hashes, validator: validator)
        case .partial(let from, let total, let promised, _):
            return .partial(
                from: from, total: total, promised: hashes.isEmpty ? promised : hashes, validator: validator)
        default:
            return answer
        }
    }

    func bucketRequest() -> HTTPRequest { s3.bucketRequest() }

    func bucketAnswer(_ head: HTTPResponseHead, body: [UInt8]) -> BucketAnswer {
        let answer = s3.bucketAnswer(head, body: body)
        if case .found = answer { return .found(BucketFacts(isVersioned: true)) }
        return answer
    }

    func listRequest(_ query: ListQuery) -> HTTPRequest { s3.listRequest(query) }

    func listPage(_ head: HTTPResponseHead, body: [UInt8], of query: ListQuery) throws(BackendError) -> ListPage {
        try s3.listPage(head, body: body, of: query)
    }

    func metadata(_ head: HTTPResponseHead, listed: ListedObject?, into bucket: Bucket) -> SourceMetadata {
        json.metadata(head, listed: listed, into: bucket)
    }
}
