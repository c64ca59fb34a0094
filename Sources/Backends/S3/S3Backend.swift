import Hashing
import ObjectModel

/// A bucket of S3, or of a server that speaks like it: what to ask, and what answers mean.
/// Source: AWS, "Amazon S3 API Reference".
public struct S3Backend: BucketBackend {
    public let bucket: Bucket
    public let authorizer: (any RequestAuthorizer)?
    let urls: S3URL
    private static let checksums = HTTPHeader("x-amz-checksum-mode", "ENABLED")

    init(_ bucket: Bucket, urls: S3URL, authorizer: (any RequestAuthorizer)?) {
        self.bucket = bucket
        self.urls = urls
        self.authorizer = authorizer
    }

    public var provider: Provider { .aws }

    public func url(of object: String) -> String { urls.object(object) }

    // MARK: - Objects

    /// S3 and its kin ignore `If-Range`: a resume is bound by `If-Match`, and 412 starts over.
    public func objectRequest(_ url: String, resume: ResumePoint?) -> HTTPRequest {
        var request = HTTPRequest(url: url, headers: [Self.checksums])
        if let resume, let etag = resume.validator.ifRangeValue {
            request.headers.append(HTTPHeader("If-Match", etag))
            request.range = HTTPRequest.ByteRange(first: resume.offset)
        }
        return Self.staying(request)
    }

    public func conditionalRequest(_ url: String, unlike validator: Validator) -> HTTPRequest? {
        let conditions = validator.conditionalHeaders
        return conditions.isEmpty ? nil : Self.staying(HTTPRequest(url: url, headers: [Self.checksums] + conditions))
    }

    public func headRequest(_ url: String) -> HTTPRequest {
        Self.staying(HTTPRequest(.head, url: url, headers: [Self.checksums]))
    }

    public func probeRequest(_ url: String) -> HTTPRequest {
        Self.staying(HTTPRequest(url: url, range: HTTPRequest.ByteRange(first: 0, last: 0)))
    }

    public func refusesHead(_ head: HTTPResponseHead) -> Bool { HTTPBackend().refusesHead(head) }

    public func answer(
        _ head: HTTPResponseHead, to request: HTTPRequest, resume: ResumePoint?, errorBody: [UInt8], now: Double
    ) -> ObjectAnswer {
        if head.status >= 300, head.status != 304 {
            if let special = refusal(head, to: request, errorBody, now) { return special }
        }
        return HTTPBackend(etagIsMD5: Self.etagIsMD5(head, bucket)).answer(
            head, to: request, resume: resume, errorBody: errorBody, now: now)
    }

    /// Answers that S3's own code, or S3's habits, tell more of than the status.
    private func refusal(
        _ head: HTTPResponseHead, to request: HTTPRequest, _ body: [UInt8], _ now: Double
    ) -> ObjectAnswer? {
        if head.status == 412, request.headers.contains(where: { $0.name == "If-Match" }) {
            return .startOver(reason: "412: the source has changed")
        }
        if head.status == 307, let place = head.headers["Location"], Self.isSameScheme(place, request.url) {
            return .elsewhere(url: place)
        }
        let said = S3Error(body)
        if head.status == 301 || said?.code == "PermanentRedirect" {
            let region = (head.headers["x-amz-bucket-region"] ?? said?.region).map { ": use --region \($0)" } ?? ""
            return .failed(status: head.status, message: "the bucket is in another region\(region)")
        }
        guard let said else { return nil }
        if said.isRetryable {
            let hint = RetryAfter.seconds(in: head, now: now)
            return .retryable(status: RetryPolicy.passing(head.status), retryAfter: hint)
        }
        switch said.code {
        case "InvalidObjectState":
            return .failed(status: head.status, message: "archived (InvalidObjectState): restore it first")
        case "RequestTimeTooSkewed":
            return .failed(status: head.status, message: "this machine's clock is wrong (RequestTimeTooSkewed)")
        case "NoSuchBucket":
            return .failed(status: head.status, message: "the bucket is gone (NoSuchBucket)")
        case _ where said.isRefusal:
            return .refused(status: head.status)
        case _ where head.status == 400:
            return .failed(status: 400, message: "400: the server does not take the request (\(said.code))")
        default:
            return nil
        }
    }

    /// An ETag is the MD5 of what was stored in one part, unless it was encrypted with a key of KMS or the client, or
    /// the bucket is a directory bucket. (A multipart one has a dash and is no MD5 by its form.)
    static func etagIsMD5(_ head: HTTPResponseHead, _ bucket: Bucket) -> Bool {
        let encryption = head.headers["x-amz-server-side-encryption"] ?? ""
        return !encryption.hasPrefix("aws:kms") && !bucket.name.hasSuffix("--x-s3")
            && head.headers["x-amz-server-side-encryption-customer-algorithm"] == nil
    }

    /// A redirect is never followed unsigned.
    static func staying(_ request: HTTPRequest) -> HTTPRequest {
        var request = request
        request.followsRedirects = false
        return request
    }

    private static func isSameScheme(_ place: String, _ url: String) -> Bool {
        guard let there = try? URLParts(place), let here = try? URLParts(url) else { return false }
        return there.scheme == here.scheme
    }

    // MARK: - Bucket

    public func bucketRequest() -> HTTPRequest { Self.staying(HTTPRequest(.head, url: urls.bucket)) }

    /// What tells why HEAD was refused: an answer with a body.
    func bucketReasonRequest() -> HTTPRequest {
        Self.staying(HTTPRequest(url: urls.query([("list-type", "2"), ("max-keys", "1")])))
    }

    public func bucketAnswer(_ head: HTTPResponseHead, body: [UInt8]) -> BucketAnswer {
        let said = S3Error(body)
        let region = (head.headers["x-amz-bucket-region"] ?? said?.region).flatMap { S3Error.isRegion($0) ? $0 : nil }
        let code = said.map { " \($0.code)" } ?? ""
        switch head.status {
        case 200: return .found(BucketFacts(region: region))
        case 404: return .missing
        case 301, 307, 400:
            // 400 by a wrong scope (AuthorizationHeaderMalformed), or by a token that has ended: then, too, with the region.
            let isAboutRegion = said.map { head.status != 400 || $0.isAboutRegion } ?? true
            if let region, isAboutRegion { return .elsewhere(region: region) }
            if said?.isRetryable == true { return .retryable(status: RetryPolicy.passing(head.status)) }
            return said?.isRefusal == true
                ? .refused("\(head.status)\(code)") : .failed("answers \(head.status)\(code)")
        case 401, 403:
            return said?.isRetryable == true
                ? .retryable(status: RetryPolicy.passing(head.status)) : .refused("\(head.status)\(code)")
        case let status where RetryPolicy.isRetryable(status: status):
            return .retryable(status: status)
        default:
            return .failed("answers \(head.status)\(code)")
        }
    }

    // MARK: - Metadata

    public func metadata(_ head: HTTPResponseHead, listed: ListedObject?, into bucket: Bucket) -> SourceMetadata {
        let validator = Validator(of: head)
        var keys = [SourceMetadata.Key("source", "aws")]
        let version = head.headers["x-amz-version-id"].flatMap { $0 == "null" || $0.isEmpty ? nil : $0 }
        if let version { keys.append(SourceMetadata.Key("version", version)) }
        if let etag = validator.etag {
            keys.append(SourceMetadata.Key("ETag", etag))
            if Digest(.md5, hex: etag) != nil { keys.append(SourceMetadata.Key("md5", etag)) }
        }
        if let seconds = (validator.lastModified ?? listed?.validator.lastModified).flatMap({ HTTPDate.parse($0) }) {
            keys.append(SourceMetadata.Key("LastModified", HTTPDate.formatRFC3339(seconds)))
            keys.append(SourceMetadata.Key("Last-Modified", HTTPDate.format(seconds)))
        }
        return SourceMetadata(version: version, custom: keys)
    }
}
