import Hashing
import ObjectModel

/// The container itself, its pages, and what goes into metadata.
extension AzureBackend {
    public func bucketRequest() -> HTTPRequest { Self.request(.get, "\(containerURL)?restype=container") }

    /// A node takes all containers for versioned, with the ETag as version.
    public func bucketAnswer(_ head: HTTPResponseHead, body: [UInt8]) -> BucketAnswer {
        let error = AzureError(head, body: body)
        switch head.status {
        case 200: return .found(BucketFacts(isVersioned: true))
        case let status where error.isPassing || RetryPolicy.isRetryable(status: status):
            return .retryable(status: RetryPolicy.isRetryable(status: status) ? status : 503)
        case let status where error.isRefusal: return .refused(error.explained(status))
        case 404: return .missing
        case 400 where error.isBadContainer: return .missing
        case 401, 403: return .refused(error.explained(head.status))
        default: return .failed(error.explained(head.status))
        }
    }

    /// Azure lists from the first name on: `startAfter` is for `ListingReader`, which leaves out what comes before.
    public func listRequest(_ query: ListQuery) -> HTTPRequest {
        var fields = [("restype", "container"), ("comp", "list"), ("include", "metadata")]
        if !query.prefix.isEmpty { fields.append(("prefix", query.prefix)) }
        if query.isOneLevel { fields.append(("delimiter", "/")) }
        if let token = query.token { fields.append(("marker", token)) }
        if let size = query.pageSize { fields.append(("maxresults", String(size))) }
        return Self.request(.get, "\(containerURL)?\(Self.query(fields))")
    }

    public func listPage(
        _ head: HTTPResponseHead, body: [UInt8], of query: ListQuery
    ) throws(BackendError) -> ListPage {
        do throws(XMLError) {
            return try AzurePage.blobs(body)
        } catch {
            throw BackendError(.incompleteListing, bucket.cname, "a page of the listing cannot be read: \(error)")
        }
    }

    /// The account's containers, page by page.
    func containersRequest(marker: String?) -> HTTPRequest {
        let fields = [("comp", "list")] + (marker.map { [("marker", $0)] } ?? [])
        return Self.request(.get, "\(endpoint)/?\(Self.query(fields))")
    }

    private static func query(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(URLText.escapedPath($0.1))" }.joined(separator: "&")
    }

    public func metadata(_ head: HTTPResponseHead, listed: ListedObject?, into bucket: Bucket) -> SourceMetadata {
        let answered = Validator(of: head)
        let listed = listed.flatMap { answered.isSameObject(as: $0.validator) == false ? nil : $0 }
        let etag = answered.etag ?? listed?.validator.etag
        let md5 = (Self.digests(head) + (listed?.digests ?? [])).first { $0.digest.algorithm == .md5 }
        var keys = [SourceMetadata.Key("source", "azure")]
        if let etag { keys.append(.init("ETag", etag)) }
        if let md5 { keys.append(.init("md5", md5.digest.hex)) }
        let modified = answered.lastModified ?? listed?.validator.lastModified
        if let seconds = modified.flatMap({ HTTPDate.parse($0) }) {
            keys.append(.init("LastModified", HTTPDate.formatRFC3339(seconds)))
            keys.append(.init("Last-Modified", HTTPDate.format(seconds)))
        }
        return SourceMetadata(version: etag, custom: keys)
    }
}
