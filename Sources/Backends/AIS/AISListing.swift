import Hashing
import ObjectModel

/// AIStore's listing of objects: a GET of the bucket with the message in its body, one JSON page an answer.
///
///     {"action":"list","value":{"uuid":"","continuation_token":"","prefix":"","pagesize":1000,"props":"…","flags":"0"}}
///     {"uuid":"…","continuation_token":"last name, empty at the end","entries":[…],"flags":0}
///
/// The pages of one listing carry the same `uuid`: the proxy that made it up knows the targets' state by it.
enum AISListing {
    static let props = "name,size,checksum,version,custom"
    /// Entries a page where the caller does not say; AIS gives fewer where a cloud does.
    static let pageSize = 1000
    /// "No recursion", of AIStore's `LsoMsg` flags.
    private static let oneLevel = 1 << 11
    /// Of an entry's flags: where it was found (0 = where it belongs; 3 = a copy), and "is a directory".
    private static let statusMask: UInt64 = 0b1_1111
    private static let isDirectory: UInt64 = 1 << 8

    static func request(_ query: ListQuery, url: String) -> HTTPRequest {
        let (uuid, token) = parts(of: query.token)
        var value: JSONValue = [
            "uuid": .string(uuid), "continuation_token": .string(token), "prefix": .string(query.prefix),
            "pagesize": .integer(Int64(query.pageSize ?? pageSize)), "props": .string(props),
            "flags": .string(String(query.isOneLevel ? oneLevel : 0)),
        ]
        if let start = query.startAfter { value["start_after"] = .string(start) }
        let message: JSONValue = ["action": "list", "value": value]
        var request = HTTPRequest(
            url: url, headers: [HTTPHeader("Content-Type", "application/json")], body: message.serialized())
        request.followsRedirects = false
        return request
    }

    /// The page; entries that begin no sooner than asked. Throws `.incompleteListing`.
    static func page(_ body: [UInt8], of query: ListQuery, bucket: Bucket) throws(BackendError) -> ListPage {
        func broken(_ what: String) -> BackendError {
            BackendError(.incompleteListing, bucket.cname, "the cluster's answer is no page of a listing: \(what)")
        }
        let root: JSONValue
        do {
            root = try JSONValue.parse(body)
        } catch {
            throw broken(error.reason)
        }
        guard let token = root["continuation_token"]?.string, let uuid = root["uuid"]?.string else {
            throw broken("uuid or continuation_token are missing")
        }
        var page = ListPage()
        if let listed = root["entries"], !listed.isNull {
            guard let entries = listed.array else { throw broken("its entries are no list") }
            page.entries.reserveCapacity(entries.count)
            for entry in entries {
                guard let name = entry["name"]?.string else { throw broken("an entry without a name") }
                let flags = entry["flags"]?.unsigned ?? 0
                if flags & isDirectory != 0 {
                    if query.isOneLevel { page.prefixes.append(name.utf8.last == slash ? name : name + "/") }
                } else {
                    page.entries.append(object(name, entry, flags, bucket))
                }
            }
        }
        page.next = token.isEmpty ? nil : "\(uuid)/\(token)"
        return page
    }

    private static let slash = UInt8(ascii: "/")

    private static func object(
        _ name: String, _ entry: JSONValue, _ flags: UInt64, _ bucket: Bucket
    ) -> ListedObject {
        let size = entry["size"]?.unsigned.flatMap { Int64(exactly: $0) }
        var object = ListedObject(name: name, size: size, validator: Validator(length: size))
        if let version = entry["version"]?.string, !version.isEmpty { object.version = version }
        let etag = customValue("ETag", in: entry["custom"]?.string ?? "")
        // The checksum of a cloud's object is the cloud's until the cluster has it, and the cluster's own from then on.
        if bucket.provider == .ais, let digest = digest(entry["checksum"]?.string ?? "") {
            object.digests = [PromisedDigest(digest: digest, origin: "listing")]
            object.validator.etag = etag ?? AISBackend.etag(digest)
        } else {
            object.validator.etag = etag
        }
        let status = flags & statusMask
        if status != 0 && status != 3 {
            object.defect = "the cluster lists it as misplaced (status \(status)); resilver or rebalance the cluster"
        }
        return object
    }

    /// The listing does not say which checksum it is: the length does, among those that AIS has.
    private static func digest(_ hex: String) -> Digest? {
        let algorithms: [Int: DigestAlgorithm] = [8: .crc32c, 16: .xxhash, 32: .md5, 64: .sha256, 128: .sha512]
        return algorithms[hex.utf8.count].flatMap { Digest($0, hex: hex) }
    }

    /// Of `[ETag:abc LastModified:…]` or `map[ETag:abc …]`, as AIS prints custom metadata in listings.
    private static func customValue(_ key: String, in text: String) -> String? {
        let pairs = text.split(whereSeparator: { $0 == "[" || $0 == "]" || $0 == " " || $0 == "," })
        let value = pairs.first { $0.hasPrefix(key + ":") }?.dropFirst(key.count + 1)
        return value.flatMap { Validator.strongETag("\"\($0.filter { $0 != "\"" })\"") }
    }

    /// A page's token here: `uuid/continuation_token`.
    private static func parts(of token: String?) -> (uuid: String, token: String) {
        guard let token, let cut = token.utf8.firstIndex(of: slash) else { return ("", "") }
        return (String(token[..<cut]), String(token[token.utf8.index(after: cut)...]))
    }
}
