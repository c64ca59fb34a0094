import Hashing
import ObjectModel

/// A container of Azure Blob Storage, by its REST API
/// (https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api).
///
/// Block, append and page blobs are read alike. Ranges are asked for as Microsoft's own clients do, by `x-ms-range`.
public struct AzureBackend: BucketBackend {
    /// Of the API; what the signature's form and the listing's fields depend on.
    static let version = "2024-11-04"

    public let bucket: Bucket
    public let authorizer: (any RequestAuthorizer)?
    /// Scheme, host and port, and the account where it stands in the path; without a slash at its end.
    public let endpoint: String

    private let plain = HTTPBackend()

    public init(_ bucket: Bucket, endpoint: String, authorizer: (any RequestAuthorizer)? = nil) {
        self.bucket = bucket
        self.endpoint = endpoint
        self.authorizer = authorizer
    }

    public var provider: Provider { .azure }

    var containerURL: String { "\(endpoint)/\(URLText.escapedPath(bucket.name))" }

    public func url(of object: String) -> String { "\(containerURL)/\(URLText.escapedPath(object))" }

    static func request(
        _ method: HTTPRequest.Method = .get, _ url: String, _ headers: [HTTPHeader] = [],
        range: HTTPRequest.ByteRange? = nil
    ) -> HTTPRequest {
        var fields = [HTTPHeader("x-ms-version", version)] + headers
        if let range { fields.append(HTTPHeader(rangeField, range.headerValue)) }
        return HTTPRequest(method, url: url, headers: fields)
    }

    private static let rangeField = "x-ms-range"

    // MARK: - requests

    /// `If-Range` is not known to Azure: the rest of another blob is refused with 412.
    public func objectRequest(_ url: String, resume: ResumePoint? = nil) -> HTTPRequest {
        guard let resume, let etag = resume.validator.ifRangeValue else { return Self.request(.get, url) }
        return Self.request(
            .get, url, [HTTPHeader("If-Match", etag)], range: HTTPRequest.ByteRange(first: resume.offset))
    }

    public func conditionalRequest(_ url: String, unlike validator: Validator) -> HTTPRequest? {
        let conditions = validator.conditionalHeaders
        return conditions.isEmpty ? nil : Self.request(.get, url, conditions)
    }

    public func headRequest(_ url: String) -> HTTPRequest { Self.request(.head, url) }

    public func probeRequest(_ url: String) -> HTTPRequest {
        Self.request(.get, url, range: HTTPRequest.ByteRange(first: 0, last: 0))
    }

    public func refusesHead(_ head: HTTPResponseHead) -> Bool { plain.refusesHead(head) }

    // MARK: - answers

    public func answer(
        _ head: HTTPResponseHead, to request: HTTPRequest, resume: ResumePoint? = nil, errorBody: [UInt8] = [],
        now: Double
    ) -> ObjectAnswer {
        var asked = request
        asked.range = Self.range(of: request)
        let usual = plain.answer(head, to: asked, resume: resume, now: now)
        switch usual {
        case .body(let total, _, let validator):
            return .body(total: total, promised: Self.digests(head), validator: validator)
        case .partial(let first, let total, _, let validator):
            return .partial(from: first, total: total, promised: Self.digests(head), validator: validator)
        case .failed, .refused, .missing:
            return failure(head, usual, resume, AzureError(head, body: errorBody))
        default:
            return usual
        }
    }

    private func failure(
        _ head: HTTPResponseHead, _ usual: ObjectAnswer, _ resume: ResumePoint?, _ error: AzureError
    ) -> ObjectAnswer {
        if head.status == 412, resume != nil { return .startOver(reason: "412: the source has another blob now") }
        if error.isPassing { return .retryable(status: 503, retryAfter: nil) }
        if error.isRefusal { return .refused(status: head.status) }
        guard case .failed = usual, error.code != nil else { return usual }
        return .failed(status: head.status, message: error.explained(head.status))
    }

    /// The range that `request` asks for, nil for the whole.
    private static func range(of request: HTTPRequest) -> HTTPRequest.ByteRange? {
        guard let value = request.headers.first(where: { $0.name == rangeField })?.value, value.hasPrefix("bytes=")
        else { return request.range }
        let ends = value.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int64(ends[0]) else { return request.range }
        return HTTPRequest.ByteRange(first: first, last: Int64(ends[1]))
    }

    /// Of the stored blob, which is sent as it is whatever its `Content-Encoding`. In an answer with a part, `Content-MD5`
    /// would be the part's.
    static func digests(_ head: HTTPResponseHead) -> [PromisedDigest] {
        let field: String
        switch head.status {
        case 200: field = "Content-MD5"
        case 206: field = "x-ms-blob-content-md5"
        default: return []
        }
        guard let value = head.headers[field], let digest = Digest(.md5, base64: FieldText.trimmed(value)) else {
            return []
        }
        return [PromisedDigest(digest: digest, origin: field)]
    }
}
