/// Reads a directory's index page into names, and sizes where they are exact.
///
/// ```
/// body begins with '['  → nginx's JSON
/// else                  → tags: <a href> is a candidate, IndexReferences says whether it names a file right here;
///                         the text behind it may give a size
/// sort by name bytes, drop the second of equal names
/// ```
///
/// Not guaranteed: that the page names everything in the directory (servers hide files), and that a file named is
/// still there. One page is one directory: nothing is followed, directories are left out.
public enum IndexPage {
    public static let maxEntries = 10_000_000

    /// - Parameters:
    ///   - body: the whole body of a 200, at most 64 MiB (the caller's bound).
    ///   - contentType: the answer's; decides only where the body itself does not.
    ///   - pageURL: where the page came from, after redirects.
    public static func parse(
        body: [UInt8], contentType: String?, pageURL: String
    ) throws(IndexPageError) -> IndexListing {
        let plainURL = CustomMetadata.bareURL(pageURL)
        guard let references = IndexReferences(pageURL: pageURL) else {
            throw IndexPageError(reason: .badPageURL, url: plainURL)
        }
        let isJSONType = FieldText.mediaType(contentType) == "application/json"
        let first = body.first { $0 > 0x20 }
        do throws(IndexPageError.Reason) {
            var listing =
                first == 0x5B || (isJSONType && first != 0x3C)
                ? try IndexJSON.parse(body, references) : try IndexHTML.parse(body, references)
            listing.entries = sortedOnce(listing.entries)
            return listing
        } catch {
            throw IndexPageError(reason: error, url: plainURL)
        }
    }

    /// The same for a body that lies in a buffer.
    public static func parse(
        body: RawSpan, contentType: String?, pageURL: String
    ) throws(IndexPageError) -> IndexListing {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.byteCount)
        for offset in 0..<body.byteCount {
            bytes.append(body.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self))
        }
        return try parse(body: bytes, contentType: contentType, pageURL: pageURL)
    }

    /// By bytes: Swift's own order and equality of strings are Unicode's, a file system's are not.
    private static func sortedOnce(_ entries: [IndexEntry]) -> [IndexEntry] {
        let order = entries.indices.sorted { a, b in
            let (left, right) = (entries[a].name.utf8, entries[b].name.utf8)
            if left.elementsEqual(right) { return a < b }
            return left.lexicographicallyPrecedes(right)
        }
        var result: [IndexEntry] = []
        result.reserveCapacity(entries.count)
        for index in order {
            if let last = result.last, last.name.utf8.elementsEqual(entries[index].name.utf8) { continue }
            result.append(entries[index])
        }
        return result
    }
}
