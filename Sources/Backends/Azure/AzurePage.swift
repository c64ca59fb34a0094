import Hashing

/// A page of List Blobs (`EnumerationResults`), and of List Containers.
enum AzurePage {
    /// Directories of a hierarchical namespace, and the blobs that Hadoop writes in their stead, are left out: they hold
    /// nothing, and their names are those of folders.
    static func blobs(_ body: [UInt8]) throws(XMLError) -> ListPage {
        var page = ListPage()
        page.entries.reserveCapacity(5000)
        page.next = try results(body, of: "Blobs") { (reader, name) throws(XMLError) in
            switch name {
            case "Blob":
                if let object = try blob(&reader) { page.entries.append(object) }
            case "BlobPrefix": page.prefixes.append(try prefix(&reader))
            default: try reader.skip()
            }
        }
        return page
    }

    /// Names of containers, and the next marker.
    static func containers(_ body: [UInt8]) throws(XMLError) -> (names: [String], next: String?) {
        var names: [String] = []
        let next = try results(body, of: "Containers") { (reader, name) throws(XMLError) in
            guard name == "Container" else { return try reader.skip() }
            names.append(try prefix(&reader))
        }
        return (names, next)
    }

    /// - Returns: the next marker; nil when the listing is complete.
    private static func results(
        _ body: [UInt8], of list: String, _ take: (inout XMLReader, String) throws(XMLError) -> Void
    ) throws(XMLError) -> String? {
        var reader = try XMLReader(body)
        guard try reader.root() == "EnumerationResults" else { throw XMLError(reason: "not a listing", position: 0) }
        var isThere = false
        var next: String?
        while let name = try reader.child() {
            switch name {
            case list:
                isThere = true
                while let item = try reader.child() { try take(&reader, item) }
            case "NextMarker": next = try reader.text()
            default: try reader.skip()
            }
        }
        try reader.finish()
        // Its last element, empty at the end: what lacks it was cut, or is no page.
        guard isThere, let next else { throw XMLError(reason: "\(list) or NextMarker is missing", position: 0) }
        return next.isEmpty ? nil : next
    }

    private static func blob(_ reader: inout XMLReader) throws(XMLError) -> ListedObject? {
        var found: String?
        var facts = Facts()
        while let name = try reader.child() {
            switch name {
            case "Name": found = try self.name(&reader)
            case "Properties": try facts.read(&reader)
            case "Metadata": try facts.readMetadata(&reader)
            default: try reader.skip()
            }
        }
        guard let found else { throw XMLError(reason: "a blob without name", position: 0) }
        return facts.isDirectory ? nil : facts.object(found)
    }

    private static func prefix(_ reader: inout XMLReader) throws(XMLError) -> String {
        var found: String?
        while let name = try reader.child() {
            if name == "Name" { found = try self.name(&reader) } else { try reader.skip() }
        }
        guard let found else { throw XMLError(reason: "an entry without name", position: 0) }
        return found
    }

    /// `Encoded="true"` where XML cannot hold the name's characters: percent-encoded then.
    private static func name(_ reader: inout XMLReader) throws(XMLError) -> String {
        let isEncoded = try reader.attribute("Encoded") == "true"
        let text = try reader.text()
        guard isEncoded else { return text }
        guard let name = String(validating: PercentEncoding.decoded(text.utf8), as: UTF8.self) else {
            throw XMLError(reason: "a name that is not UTF-8", position: 0)
        }
        return name
    }
}

/// What a page says of one blob.
private struct Facts {
    var isDirectory = false
    private var size: Int64?
    private var validator = Validator()
    private var digests: [PromisedDigest] = []
    private var tier = ""
    private var archiveStatus = ""

    mutating func read(_ reader: inout XMLReader) throws(XMLError) {
        while let name = try reader.child() {
            switch name {
            case "Content-Length":
                size = Int64(try reader.text())
                guard let size, size >= 0 else { throw XMLError(reason: "a size that is no number", position: 0) }
            // Without quotes, unlike in headers.
            case "Etag":
                let text = try reader.text()
                validator.etag = Validator.strongETag(text.utf8.first == 0x22 ? text : "\"\(text)\"")
            case "Last-Modified":
                validator.lastModified = HTTPDate.parse(try reader.text()).map(HTTPDate.format)
            case "Content-MD5":
                if let digest = Digest(.md5, base64: try reader.text()) {
                    digests.append(PromisedDigest(digest: digest, origin: "listing"))
                }
            case "AccessTier": tier = try reader.text()
            case "ArchiveStatus": archiveStatus = try reader.text()
            case "ResourceType": isDirectory = try reader.text() == "directory" || isDirectory
            default: try reader.skip()
            }
        }
    }

    mutating func readMetadata(_ reader: inout XMLReader) throws(XMLError) {
        while let name = try reader.child() {
            let isFolder = name.lowercased() == "hdi_isfolder"
            if isFolder, try reader.text() == "true" { isDirectory = true }
            if !isFolder { try reader.skip() }
        }
    }

    func object(_ name: String) -> ListedObject {
        var validator = validator
        validator.length = size
        var defect: String?
        if tier == "Archive" {
            defect = archiveStatus.isEmpty ? "archived: rehydrate it first" : "archived, and still being rehydrated"
        }
        return ListedObject(name: name, size: size, validator: validator, digests: digests, defect: defect)
    }
}
