import Hashing
import ObjectModel

/// A bucket of Oracle's Object Storage, by its own API (`/n/NAMESPACE/b/BUCKET/o/NAME`).
///
/// The service writes ETags without quotes; here they are put into quotes first, so that everything else is plain HTTP.
/// It knows no If-Range: a transfer continues with If-Match.
struct OCIBackend: BucketBackend {
    let bucket: Bucket
    /// `https://objectstorage.REGION.oraclecloud.com`, without a slash at its end.
    let endpoint: String
    /// The tenancy's Object Storage namespace (nothing to do with AIStore's).
    let namespace: String
    let authorizer: (any RequestAuthorizer)?
    private let http = HTTPBackend()

    init(_ bucket: Bucket, endpoint: String, namespace: String, authorizer: (any RequestAuthorizer)?) {
        self.bucket = bucket
        self.endpoint = endpoint
        self.namespace = namespace
        self.authorizer = authorizer
    }

    var provider: Provider { .oci }

    /// Slashes of the name are escaped, so that no part of the way reads `//` or `..` in it.
    func url(of object: String) -> String { "\(bucketURL)/o/\(Self.escaped(object))" }

    var bucketURL: String { "\(endpoint)/n/\(Self.escaped(namespace))/b/\(Self.escaped(bucket.name))" }

    static func escaped(_ text: String) -> String { URLText.escapedPath(text).replacing("/", with: "%2F") }

    func objectRequest(_ url: String, resume: ResumePoint?) -> HTTPRequest {
        guard let resume, let etag = resume.validator.etag else { return HTTPRequest(url: url) }
        return HTTPRequest(
            url: url, headers: [HTTPHeader("If-Match", etag)], range: HTTPRequest.ByteRange(first: resume.offset))
    }

    /// By ETag alone: the service has no If-Modified-Since.
    func conditionalRequest(_ url: String, unlike validator: Validator) -> HTTPRequest? {
        validator.etag.map { HTTPRequest(url: url, headers: [HTTPHeader("If-None-Match", $0)]) }
    }

    func headRequest(_ url: String) -> HTTPRequest { http.headRequest(url) }

    func probeRequest(_ url: String) -> HTTPRequest { http.probeRequest(url) }

    func refusesHead(_ head: HTTPResponseHead) -> Bool { http.refusesHead(head) }

    func answer(
        _ head: HTTPResponseHead, to request: HTTPRequest, resume: ResumePoint?, errorBody: [UInt8], now: Double
    ) -> ObjectAnswer {
        let error = OCIError(errorBody)
        switch (head.status, error?.code) {
        case (412, _):
            return .startOver(reason: "the source has changed: 412 \(error?.code ?? "IfMatchFailed")")
        case (404, "NotAuthorizedOrNotFound"):
            return .refused(status: 404)
        case (404, "BucketNotFound"), (404, "NamespaceNotFound"):
            return .failed(status: 404, message: "404 \(error?.code ?? ""): no such bucket, or no access to it")
        case (409, "NotRestored"), (409, "InvalidObjectState"), (409, "IncorrectState"):
            return .failed(status: 409, message: Self.archived)
        default:
            break
        }
        let answer = http.answer(Self.quoted(head), to: request, resume: resume, errorBody: errorBody, now: now)
        switch answer {
        case .body(let total, let promised, let validator):
            return .body(total: total, promised: Self.digests(head) + promised, validator: validator)
        case .failed(let status, let message):
            return .failed(status: status, message: error.map { "\(status) \($0.text)" } ?? message)
        default:
            return answer
        }
    }

    func metadata(_ head: HTTPResponseHead, listed: ListedObject?, into bucket: Bucket) -> SourceMetadata {
        let told = Validator(of: Self.quoted(head))
        var custom = [SourceMetadata.Key("source", Provider.oci.rawValue)]
        if let etag = told.etag ?? listed?.validator.etag { custom.append(.init("ETag", etag)) }
        // Beside a part, it would be the part's.
        let field = head.status == 206 ? nil : head.headers["content-md5"]
        let md5 =
            field.flatMap { Digest(.md5, base64: FieldText.trimmed($0)) }
            ?? listed?.digests.first { $0.digest.algorithm == .md5 }?.digest
        if let md5 { custom.append(.init("md5", md5.hex)) }
        let modified = (told.lastModified ?? listed?.validator.lastModified).flatMap { HTTPDate.parse($0) }
        if let modified { custom.append(.init("LastModified", HTTPDate.formatRFC3339(modified))) }
        return SourceMetadata(custom: custom)
    }

    static let archived = "it is archived: restore it first (oci os object restore)"

    /// Checksums of the whole object under Oracle's own names. (`opc-multipart-md5` is a digest of digests, and where
    /// the parts end is not told.)
    static func digests(_ head: HTTPResponseHead) -> [PromisedDigest] {
        let fields: [(String, DigestAlgorithm)] = [("opc-content-sha256", .sha256), ("opc-content-crc32c", .crc32c)]
        return fields.compactMap { field, algorithm in
            head.headers[field].flatMap { Digest(algorithm, base64: FieldText.trimmed($0)) }
                .map { PromisedDigest(digest: $0, origin: field) }
        }
    }

    /// The same head with its ETag in quotes.
    static func quoted(_ head: HTTPResponseHead) -> HTTPResponseHead {
        var quoted = head
        quoted.headers = HTTPHeaders(
            head.headers.fields.map { field in
                guard HTTPHeaders.sameName(field.name, "etag"), !field.value.contains("\"") else { return field }
                return HTTPHeader(field.name, "\"\(FieldText.trimmed(field.value))\"")
            })
        return quoted
    }
}
