import Hashing
import ObjectModel

/// A bucket of Google Cloud Storage, by its JSON API
/// (https://cloud.google.com/storage/docs/json_api/v1).
///
/// Stored bytes are asked for: with `Accept-Encoding: gzip` Google does not decode what is stored coded. The validator
/// has the JSON resource's ETag, without quotes as it comes, and the generation as version.
public struct GCSBackend: BucketBackend {
    public let bucket: Bucket
    public let authorizer: (any RequestAuthorizer)?
    /// Scheme, host and port, without a slash at its end.
    public let endpoint: String
    /// The project that is billed; nil = the bucket's own.
    public let userProject: String?

    private let plain = HTTPBackend()

    public init(
        _ bucket: Bucket, endpoint: String, userProject: String? = nil, authorizer: (any RequestAuthorizer)? = nil
    ) {
        self.bucket = bucket
        self.endpoint = endpoint
        self.userProject = userProject
        self.authorizer = authorizer
    }

    public var provider: Provider { .gcp }

    var bucketURL: String { "\(endpoint)/storage/v1/b/\(GCSText.escaped(bucket.name))" }

    public func url(of object: String) -> String { "\(bucketURL)/o/\(GCSText.escaped(object))" }

    /// `url` with a query, and the project to bill.
    func asking(_ url: String, _ query: [(String, String)]) -> String {
        let fields = query + (userProject.map { [("userProject", $0)] } ?? [])
        return fields.isEmpty ? url : "\(url)?\(GCSText.form(fields))"
    }

    private func media(
        _ method: HTTPRequest.Method = .get, _ url: String, _ conditions: [(String, String)] = [],
        range: HTTPRequest.ByteRange? = nil
    ) -> HTTPRequest {
        HTTPRequest(
            method, url: asking(url, [("alt", "media")] + conditions),
            headers: [HTTPHeader("Accept-Encoding", "gzip")], range: range)
    }

    // MARK: - requests

    /// A rest is pinned to its generation where that is known; the answer's own generation or ETag decides anyway.
    public func objectRequest(_ url: String, resume: ResumePoint? = nil) -> HTTPRequest {
        guard let resume else { return media(.get, url) }
        let pin = resume.validator.version.map { [("ifGenerationMatch", $0)] } ?? []
        return media(.get, url, pin, range: HTTPRequest.ByteRange(first: resume.offset))
    }

    public func conditionalRequest(_ url: String, unlike validator: Validator) -> HTTPRequest? {
        if let generation = validator.version { return media(.get, url, [("ifGenerationNotMatch", generation)]) }
        guard let etag = validator.etag else { return nil }
        var request = media(.get, url)
        request.headers.append(HTTPHeader("If-None-Match", etag))
        return request
    }

    public func headRequest(_ url: String) -> HTTPRequest { media(.head, url) }

    public func probeRequest(_ url: String) -> HTTPRequest {
        media(.get, url, range: HTTPRequest.ByteRange(first: 0, last: 0))
    }

    public func refusesHead(_ head: HTTPResponseHead) -> Bool { plain.refusesHead(head) }

    // MARK: - answers

    public func answer(
        _ head: HTTPResponseHead, to request: HTTPRequest, resume: ResumePoint? = nil, errorBody: [UInt8] = [],
        now: Double
    ) -> ObjectAnswer {
        let usual = plain.answer(head, to: request, now: now)
        switch usual {
        case .body(let total, _, _):
            if let reason = Self.recoding(head) { return .failed(status: head.status, message: reason) }
            return .body(total: total, promised: Self.digests(head), validator: Self.validator(head))
        case .partial(let first, let total, _, _):
            if let reason = Self.recoding(head) { return .failed(status: head.status, message: reason) }
            let validator = Self.validator(head)
            if let resume, let reason = Self.difference(validator, resume.validator) {
                return .startOver(reason: "the source has changed: \(reason)")
            }
            return .partial(from: first, total: total, promised: Self.digests(head), validator: validator)
        case .refused:
            guard GCSError(errorBody).isPassing else { return usual }
            return .retryable(status: RetryPolicy.passing(head.status), retryAfter: nil)
        case .failed:
            return failure(head, resume, GCSError(errorBody))
        default:
            return usual
        }
    }

    private func failure(_ head: HTTPResponseHead, _ resume: ResumePoint?, _ error: GCSError) -> ObjectAnswer {
        switch head.status {
        case 304: return .notModified
        case 412 where resume != nil: return .startOver(reason: "412: the source has another generation now")
        case _ where error.isPassing:
            return .retryable(status: RetryPolicy.passing(head.status), retryAfter: nil)
        default: return .failed(status: head.status, message: "\(head.status): \(error.explained(head.status))")
        }
    }

    /// Why the body is not what is stored; nil when it is.
    static func recoding(_ head: HTTPResponseHead) -> String? {
        guard let stored = storedCodings(head) else { return nil }
        let sent = FieldText.contentCodings(head.headers)
        guard sent != stored else { return nil }
        let name = { (codings: [String]) in codings.isEmpty ? "plain" : codings.joined(separator: ", ") }
        return "the object is stored as \(name(stored)) and was sent as \(name(sent)): something on the way recodes it"
    }

    private static func storedCodings(_ head: HTTPResponseHead) -> [String]? {
        let fields = head.headers.all("x-goog-stored-content-encoding")
        guard !fields.isEmpty else { return nil }
        return FieldText.list(fields).map { $0.lowercased() }.filter { $0 != "identity" }
    }

    /// Of the stored bytes, on 200 and 206 alike. Coded bytes of which the server does not say that they are stored so
    /// are promised nothing.
    static func digests(_ head: HTTPResponseHead) -> [PromisedDigest] {
        guard storedCodings(head) != nil || FieldText.contentCodings(head.headers).isEmpty else { return [] }
        return DigestHeaders.googleHashes(in: head)
    }

    static func validator(_ head: HTTPResponseHead) -> Validator {
        var validator = Validator(of: head)
        if validator.etag == nil { validator.etag = head.headers["ETag"].flatMap(etag) }
        validator.version = head.headers["x-goog-generation"].map { FieldText.trimmed($0) }.flatMap(generation)
        return validator
    }

    /// As the JSON API writes it, without quotes.
    static func etag(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 }
        return isPlain && !text.hasPrefix("W/") ? Validator.strongETag("\"\(text)\"") : Validator.strongETag(text)
    }

    static func generation(_ text: String) -> String? {
        let isNumber = !text.isEmpty && text.utf8.count <= 20 && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        return isNumber ? text : nil
    }

    /// Generations decide where both have one, else ETags: Google sends both with every part.
    private static func difference(_ now: Validator, _ then: Validator) -> String? {
        if let length = then.length, let current = now.length, length != current {
            return "\(length) bytes then, \(current) now"
        }
        if let new = now.version, let old = then.version {
            return new == old ? nil : "generation \(old) then, \(new) now"
        }
        return now.etag != nil && now.etag == then.etag
            ? nil : "ETag \(then.etag ?? "none") then, \(now.etag ?? "none") now"
    }
}
