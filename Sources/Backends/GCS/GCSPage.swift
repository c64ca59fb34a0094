import Foundation
import Hashing

/// A page of `objects.list`: `{"nextPageToken":"…","prefixes":["a/"],"items":[{"name":"…","size":"5",…}]}`.
struct GCSPage: Decodable {
    struct Item: Decodable {
        var name: String
        /// Decimal, as all 64-bit numbers are.
        var size: String?
        var generation: String?
        var etag: String?
        /// RFC 3339.
        var updated: String?
        /// Base64. Composed objects have none.
        var md5Hash: String?
        /// Base64 of the big-endian number.
        var crc32c: String?
    }

    /// What of an item is asked for.
    static let fields = "name,size,generation,etag,updated,md5Hash,crc32c"

    var nextPageToken: String?
    var prefixes: [String]?
    var items: [Item]?

    /// nil for what is no page.
    init?(_ body: [UInt8]) {
        guard let page = try? JSONDecoder().decode(GCSPage.self, from: Data(body)) else { return nil }
        self = page
    }

    /// `startOffset` begins with the name itself; what was asked for begins behind it.
    func listed(of query: ListQuery) -> ListPage {
        var entries = (items ?? []).map(Self.entry)
        if let start = query.startAfter {
            entries.removeAll { !start.utf8.lexicographicallyPrecedes($0.name.utf8) }
        }
        let next = nextPageToken.flatMap { $0.isEmpty ? nil : $0 }
        return ListPage(entries: entries, prefixes: prefixes ?? [], next: next)
    }

    private static func entry(_ item: Item) -> ListedObject {
        let size = item.size.flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
        let generation = item.generation.flatMap(GCSBackend.generation)
        let modified = item.updated.flatMap { HTTPDate.parseRFC3339($0) }.map(HTTPDate.format)
        let digests = [
            item.crc32c.flatMap { Digest(.crc32c, base64: $0) }, item.md5Hash.flatMap { Digest(.md5, base64: $0) },
        ]
        return ListedObject(
            name: item.name, size: size,
            validator: Validator(
                etag: item.etag.flatMap(GCSBackend.etag), lastModified: modified, length: size, version: generation),
            version: generation,
            digests: digests.compactMap { $0 }.map { PromisedDigest(digest: $0, origin: "listing") })
    }
}
