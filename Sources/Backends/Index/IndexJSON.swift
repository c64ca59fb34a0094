import Foundation

/// nginx's `autoindex_format json`: an array of `{"name", "type", "mtime", "size"}`, names as on disk, not encoded.
enum IndexJSON {
    private struct Item: Decodable {
        var name: String
        var type: String
        var mtime: String?
        var size: Int64?

        private enum Key: String, CodingKey { case name, type, mtime, size }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            name = try fields.decode(String.self, forKey: .name)
            type = try fields.decode(String.self, forKey: .type)
            mtime = try? fields.decode(String.self, forKey: .mtime)
            size = (try? fields.decode(Int64.self, forKey: .size)).flatMap { $0 >= 0 ? $0 : nil }
        }
    }

    /// A page that does not end in `]` is incomplete: what can be read before its last `}` is kept.
    static func parse(
        _ body: [UInt8], _ references: IndexReferences
    ) throws(IndexPageError.Reason) -> IndexListing {
        let end = body.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? 0
        var listing = IndexListing(entries: [], refused: [], isComplete: true, format: .nginxJSON)
        let items: [Item]
        if end > 0, body[end - 1] == 0x5D {
            guard let all = decode(body[..<end]) else { throw .malformedJSON }
            items = all
        } else {
            guard body.first(where: { $0 > 0x20 }) == 0x5B else { throw .notAnIndex }
            listing.isComplete = false
            items = body.lastIndex(of: 0x7D).flatMap { decode(body[...$0] + [0x5D]) } ?? []
        }
        guard items.count <= IndexPage.maxEntries else { throw .tooManyEntries }
        for item in items where item.type == "file" {
            switch references.meaning(ofPlainName: item.name) {
            case .file(let name, let url):
                listing.entries.append(IndexEntry(name: name, url: url, size: item.size, modified: item.mtime))
            case .refused(let reason):
                listing.refused.append(RefusedReference(reference: item.name, reason: reason))
            case .elsewhere:
                listing.refused.append(RefusedReference(reference: item.name, reason: "not the name of a file"))
            }
        }
        return listing
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> [Item]? {
        try? JSONDecoder().decode([Item].self, from: Data(bytes))
    }
}
