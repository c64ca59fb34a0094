import Foundation
import Hashing
import ObjectModel

/// The bucket itself, its pages, and what goes into metadata.
extension GCSBackend {
    public func bucketRequest() -> HTTPRequest {
        HTTPRequest(url: asking(bucketURL, [("fields", "name,versioning")]))
    }

    /// Every object has a generation, whether or not the bucket keeps old ones: AIStore therefore takes all buckets of
    /// Google's for versioned.
    public func bucketAnswer(_ head: HTTPResponseHead, body: [UInt8]) -> BucketAnswer {
        let error = GCSError(head.status == 200 ? [] : body)
        switch head.status {
        case 200: return .found(BucketFacts(isVersioned: true))
        case 404: return .missing
        case let status where error.isPassing || RetryPolicy.isRetryable(status: status):
            return .retryable(status: RetryPolicy.passing(status))
        case 401, 403: return .refused("\(head.status): \(error.explained(head.status))")
        default: return .failed("\(head.status): \(error.explained(head.status))")
        }
    }

    public func listRequest(_ query: ListQuery) -> HTTPRequest {
        var fields = [("fields", "nextPageToken,prefixes,items(\(GCSPage.fields))")]
        if !query.prefix.isEmpty { fields.append(("prefix", query.prefix)) }
        if let start = query.startAfter { fields.append(("startOffset", start)) }
        if query.isOneLevel { fields.append(("delimiter", "/")) }
        if let size = query.pageSize { fields.append(("maxResults", String(size))) }
        if let token = query.token { fields.append(("pageToken", token)) }
        return HTTPRequest(url: asking("\(bucketURL)/o", fields))
    }

    public func listPage(
        _ head: HTTPResponseHead, body: [UInt8], of query: ListQuery
    ) throws(BackendError) -> ListPage {
        guard let page = GCSPage(body) else {
            throw BackendError(.incompleteListing, bucket.cname, "the server sent what is no page of a listing")
        }
        return page.listed(of: query)
    }

    public func metadata(_ head: HTTPResponseHead, listed: ListedObject?, into bucket: Bucket) -> SourceMetadata {
        let answered = Self.validator(head)
        let isSame = listed.map { $0.version == nil || answered.version == nil || $0.version == answered.version }
        let listed = isSame == true ? listed : nil
        let version = answered.version ?? listed?.version
        let digests = Self.digests(head) + (listed?.digests ?? [])
        let digest = { (algorithm: DigestAlgorithm) in digests.first { $0.digest.algorithm == algorithm }?.digest }
        var keys = [SourceMetadata.Key("source", "gcp")]
        if let version { keys.append(.init("version", version)) }
        if let etag = listed?.validator.etag ?? answered.etag { keys.append(.init("ETag", etag)) }
        if let md5 = digest(.md5) { keys.append(.init("md5", md5.hex)) }
        if let crc32c = digest(.crc32c) { keys.append(.init("crc32c", crc32c.base64)) }
        let modified = listed?.validator.lastModified ?? answered.lastModified
        if let seconds = modified.flatMap({ HTTPDate.parse($0) }) {
            keys.append(.init("LastModified", HTTPDate.formatRFC3339(seconds)))
            keys.append(.init("Last-Modified", HTTPDate.format(seconds)))
        }
        return SourceMetadata(version: version, custom: keys)
    }
}
