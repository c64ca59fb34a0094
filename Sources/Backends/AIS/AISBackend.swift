import Hashing
import ObjectModel

/// A bucket of a remote AIS cluster, whatever provider it has there: `ais://@uuid/b`, `ais://@uuid#ns/b`, `s3://@uuid/b`.
///
/// AIS sends no validators and ignores conditions, so what proves that an object is still the same one is put together
/// here, as if it were an ETag: the ETag that the cluster keeps of a cloud's object, else the object's checksum
/// (`xxhash-8c17830e14094692`). A rest that comes with another one makes the transfer start over.
public struct AISBackend: BucketBackend {
    /// As it is known here, with the cluster's UUID.
    public let bucket: Bucket
    /// In the cluster's own namespace.
    private let there: Bucket
    let nodes: ClusterNodes
    private let home: String
    private let http = HTTPBackend()

    /// - Parameter there: the same bucket in the cluster's own namespace, which `nodes` was made for.
    init(_ bucket: Bucket, there: Bucket, nodes: ClusterNodes) {
        self.bucket = bucket
        self.there = there
        self.nodes = nodes
        home = nodes.map.proxies.first?.origin ?? ""
    }

    public var provider: Provider { bucket.provider }
    public var authorizer: (any RequestAuthorizer)? { nodes }

    public func url(of object: String) -> String { home + ClusterPaths.object(object, in: there) }

    // MARK: - objects

    public func objectRequest(_ url: String, resume: ResumePoint?) -> HTTPRequest {
        HTTPRequest(url: url, range: resume.map { HTTPRequest.ByteRange(first: $0.offset) })
    }

    /// Nil: AIS has no conditional GET.
    public func conditionalRequest(_ url: String, unlike validator: Validator) -> HTTPRequest? { nil }

    public func headRequest(_ url: String) -> HTTPRequest { HTTPRequest(.head, url: url) }

    public func probeRequest(_ url: String) -> HTTPRequest { http.probeRequest(url) }

    public func refusesHead(_ head: HTTPResponseHead) -> Bool { http.refusesHead(head) }

    /// A 404 straight from a target is asked again of a proxy: where targets have joined or left since the Smap was
    /// read, only the proxies know where the object is.
    public func answer(
        _ head: HTTPResponseHead, to request: HTTPRequest, resume: ResumePoint?, errorBody: [UInt8], now: Double
    ) -> ObjectAnswer {
        if head.status == 404, nodes.cameFromTarget(head) {
            return .elsewhere(url: request.url + ClusterNodes.proxyMark)
        }
        let promised = Self.promised(in: head)
        switch http.answer(
            Self.withETag(head), to: request, resume: resume, errorBody: errorBody, now: now)
        {
        case .body(let total, _, let validator):
            return .body(total: total, promised: promised, validator: validator)
        case .partial(let first, let total, _, let validator):
            return .partial(from: first, total: total, promised: promised, validator: validator)
        case .failed(let status, let message):
            let error = ClusterError(head, body: errorBody)
            return .failed(status: status, message: error.message.isEmpty ? message : error.description)
        case let other:
            return other
        }
    }

    /// The whole object's checksum, also with a part of it.
    static func promised(in head: HTTPResponseHead) -> [PromisedDigest] {
        checksum(in: head).map { [PromisedDigest(digest: $0, origin: "Ais-Checksum-Value")] } ?? []
    }

    private static func checksum(in head: HTTPResponseHead) -> Digest? {
        guard let type = head.headers["Ais-Checksum-Type"], let value = head.headers["Ais-Checksum-Value"],
            let algorithm = ChecksumType(rawValue: FieldText.trimmed(type))?.algorithm
        else { return nil }
        return Digest(algorithm, hex: FieldText.trimmed(value))
    }

    /// The head with the ETag that it would have, if AIS sent any.
    private static func withETag(_ head: HTTPResponseHead) -> HTTPResponseHead {
        let kept = AISMetadata.custom(in: head).first { $0.name == "ETag" }?.value
        guard let etag = kept ?? checksum(in: head).map(etag) else { return head }
        var head = head
        head.headers = head.headers.without("ETag")
        head.headers.append(HTTPHeader("ETag", "\"\(etag)\""))
        return head
    }

    static func etag(_ checksum: Digest) -> String { "\(checksum.algorithm.rawValue)-\(checksum.hex)" }

    public func metadata(_ head: HTTPResponseHead, listed: ListedObject?, into bucket: Bucket) -> SourceMetadata {
        AISMetadata.source(head, listed: listed)
    }

    // MARK: - the bucket

    public func bucketRequest() -> HTTPRequest { HTTPRequest(.head, url: home + ClusterPaths.bucket(there)) }

    public func bucketAnswer(_ head: HTTPResponseHead, body: [UInt8]) -> BucketAnswer {
        switch head.status {
        // As AIS itself does it, a remote bucket is not versioned here because it is there.
        case 200: .found(BucketFacts())
        case 404: .missing
        case 401, 403: .refused(ClusterError(head, body: body).description)
        case let status where RetryPolicy.isRetryable(status: status): .retryable(status: status)
        default: .failed(ClusterError(head, body: body).description)
        }
    }

    public func listRequest(_ query: ListQuery) -> HTTPRequest {
        AISListing.request(query, url: home + ClusterPaths.bucket(there))
    }

    public func listPage(
        _ head: HTTPResponseHead, body: [UInt8], of query: ListQuery
    ) throws(BackendError) -> ListPage {
        try AISListing.page(body, of: query, bucket: bucket)
    }
}
