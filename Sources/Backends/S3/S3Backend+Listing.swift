import ObjectModel

extension S3Backend {
    /// ListObjectsV2; names come percent-encoded, because XML 1.0 cannot hold every byte that a key may.
    public func listRequest(_ query: ListQuery) -> HTTPRequest {
        var items = [("list-type", "2"), ("encoding-type", "url")]
        if !query.prefix.isEmpty { items.append(("prefix", query.prefix)) }
        if query.isOneLevel { items.append(("delimiter", "/")) }
        if let token = query.token {
            items.append(("continuation-token", token))
        } else if let name = query.startAfter {
            items.append(("start-after", name))
        }
        if let size = query.pageSize { items.append(("max-keys", String(size))) }
        return Self.staying(HTTPRequest(url: urls.query(items)))
    }

    public func listPage(
        _ head: HTTPResponseHead, body: [UInt8], of query: ListQuery
    ) throws(BackendError) -> ListPage {
        do throws(XMLError) {
            return try S3Page.parse(body)
        } catch {
            throw BackendError(.incompleteListing, bucket.cname, "a page of the listing cannot be read: \(error)")
        }
    }
}

/// A page of ListObjectsV2.
enum S3Page {
    static func parse(_ body: [UInt8]) throws(XMLError) -> ListPage {
        var reader = try XMLReader(body)
        guard try reader.root() == "ListBucketResult" else { throw XMLError(reason: "not a listing", position: 0) }
        var page = ListPage()
        page.entries.reserveCapacity(1000)
        var isEncoded = false
        var isTruncated: Bool?
        while let name = try reader.child() {
            switch name {
            case "Contents": page.entries.append(try entry(&reader))
            case "CommonPrefixes": page.prefixes += try prefixes(&reader)
            case "EncodingType": isEncoded = try reader.text() == "url"
            case "IsTruncated": isTruncated = try reader.text() == "true"
            case "NextContinuationToken": page.next = try reader.text()
            default: try reader.skip()
            }
        }
        try reader.finish()
        guard let isTruncated else { throw XMLError(reason: "IsTruncated is missing", position: 0) }
        page.next = isTruncated ? page.next ?? "" : nil
        if isEncoded { try decode(&page) }
        return page
    }

    private static func entry(_ reader: inout XMLReader) throws(XMLError) -> ListedObject {
        var object: ListedObject?
        var size: Int64?
        var validator = Validator()
        var generation: String?
        var defect: String?
        while let name = try reader.child() {
            switch name {
            case "Key": object = ListedObject(name: try reader.text())
            case "Size":
                size = Int64(try reader.text())
                guard let size, size >= 0 else { throw XMLError(reason: "a size that is no number", position: 0) }
            case "ETag": validator.etag = etag(try reader.text())
            case "LastModified": validator.lastModified = HTTPDate.parseRFC3339(try reader.text()).map(HTTPDate.format)
            // Google's.
            case "Generation": generation = GCSBackend.generation(try reader.text())
            case "StorageClass":
                let storage = try reader.text()
                if storage == "GLACIER" || storage == "DEEP_ARCHIVE" {
                    defect = "archived (\(storage)): restore it first"
                }
            default: try reader.skip()
            }
        }
        guard var object else { throw XMLError(reason: "an entry without Key", position: 0) }
        object.size = size
        validator.length = size
        validator.version = generation
        object.validator = validator
        object.version = generation
        object.defect = defect
        return object
    }

    private static func prefixes(_ reader: inout XMLReader) throws(XMLError) -> [String] {
        var found: [String] = []
        while let name = try reader.child() {
            if name == "Prefix" { found.append(try reader.text()) } else { try reader.skip() }
        }
        return found
    }

    /// Some servers leave the quotes out.
    private static func etag(_ text: String) -> String? {
        Validator.strongETag(text.utf8.first == 0x22 ? text : "\"\(text)\"")
    }

    private static func decode(_ page: inout ListPage) throws(XMLError) {
        for index in page.entries.indices { try decode(&page.entries[index].name) }
        for index in page.prefixes.indices { try decode(&page.prefixes[index]) }
    }

    /// As forms are encoded: `+` is a space.
    private static func decode(_ name: inout String) throws(XMLError) {
        guard name.utf8.contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return }
        let bytes = PercentEncoding.decoded(name.utf8.lazy.map { $0 == 0x2B ? 0x20 : $0 })
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw XMLError(reason: "a name that is not UTF-8", position: 0)
        }
        name = decoded
    }
}
