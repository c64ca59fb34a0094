import Hashing
import ObjectModel

extension OCIBackend {
    /// Entries a page that the service gives at most.
    private static let pageMax = 1000

    func bucketRequest() -> HTTPRequest { HTTPRequest(.head, url: bucketURL) }

    /// Versions are not told to nodes either: AIStore takes OCI's buckets for unversioned.
    func bucketAnswer(_ head: HTTPResponseHead, body: [UInt8]) -> BucketAnswer {
        let error = OCIError(body)
        switch head.status {
        case 200: return .found(BucketFacts(isVersioned: false))
        case 404 where error?.code == "NotAuthorizedOrNotFound": return .refused("404 \(error?.text ?? "")")
        case 404: return .missing
        case 401: return .refused("401 \(error?.code ?? "NotAuthenticated"): \(Self.unauthenticated)")
        case 403: return .refused("403 \(error?.text ?? "not allowed")")
        case let status where RetryPolicy.isRetryable(status: status): return .retryable(status: status)
        default: return .failed("\(head.status) \(error?.text ?? "unexpected answer")")
        }
    }

    static let unauthenticated =
        "the service does not accept the signature; check key, fingerprint, user and tenancy, that a session has not ended"
        + " (oci session authenticate), and that this machine's clock is right"

    func listRequest(_ query: ListQuery) -> HTTPRequest {
        var fields = [
            ("fields", "name,size,etag,md5,timeCreated,timeModified,archivalState"),
            ("limit", String(min(max(query.pageSize ?? Self.pageMax, 1), Self.pageMax))),
        ]
        if !query.prefix.isEmpty { fields.append(("prefix", query.prefix)) }
        if query.isOneLevel { fields.append(("delimiter", "/")) }
        if let token = query.token {
            fields.append(("start", token))
        } else if let start = query.startAfter {
            fields.append(("startAfter", start))
        }
        let text = fields.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
        return HTTPRequest(url: "\(bucketURL)/o?\(text)")
    }

    func listPage(_ head: HTTPResponseHead, body: [UInt8], of query: ListQuery) throws(BackendError) -> ListPage {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue.parse(body)
        } catch {
            throw broken("\(error)")
        }
        guard let rows = document["objects"]?.array else { throw broken("it has no objects") }
        var page = ListPage()
        page.entries.reserveCapacity(rows.count)
        for row in rows {
            guard let entry = Self.entry(row) else { throw broken("an object has no name") }
            page.entries.append(entry)
        }
        page.prefixes = document["prefixes"]?.array?.compactMap(\.string) ?? []
        page.next = document["nextStartWith"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        return page
    }

    private func broken(_ why: String) -> BackendError {
        BackendError(.incompleteListing, bucket.cname, "the listing is not complete: what came is no page: \(why)")
    }

    private static func entry(_ row: JSONValue) -> ListedObject? {
        guard let name = row["name"]?.string else { return nil }
        let size = row["size"]?.integer.flatMap { $0 >= 0 ? $0 : nil }
        let time = (row["timeModified"]?.string ?? row["timeCreated"]?.string).flatMap { HTTPDate.parseRFC3339($0) }
        let etag = row["etag"]?.string.flatMap { Validator.strongETag("\"\($0)\"") }
        // Of a multipart upload it is a digest of digests, `…-N`, which is no MD5.
        let md5 = row["md5"]?.string.flatMap { Digest(.md5, base64: $0) }
        let state = row["archivalState"]?.string?.lowercased()
        return ListedObject(
            name: name, size: size,
            validator: Validator(etag: etag, lastModified: time.map(HTTPDate.format), length: size),
            digests: md5.map { [PromisedDigest(digest: $0, origin: "listing")] } ?? [],
            defect: state == "archived" || state == "restoring" ? archived : nil)
    }
}

/// An error as the service describes it: `{"code": …, "message": …}`.
struct OCIError: Sendable, Hashable {
    let code: String
    let message: String

    /// nil when `body` is none.
    init?(_ body: [UInt8]) {
        guard !body.isEmpty, let document = try? JSONValue.parse(body, maxBytes: 16 << 10),
            let code = document["code"]?.string
        else { return nil }
        self.code = String(code.prefix(100))
        message = String((document["message"]?.string ?? "").prefix(300))
    }

    var text: String { message.isEmpty ? code : "\(code): \(message)" }
}
