/// Index pages in HTML: nginx's autoindex, Apache's mod_autoindex (list, preformatted, table), Caddy's browse.
///
/// All of them are links, one per file. A size is taken where the server gives it exactly: Caddy in the attribute
/// `data-size`, the others as the third word behind the link, after date and time (`05-Mar-2024 12:00 12345`);
/// rounded sizes (`12K`) have a letter.
struct IndexHTML {
    /// A file whose size may still come.
    private struct Candidate {
        var entry: IndexEntry
        var words: [ArraySlice<UInt8>] = []
    }

    private var scanner: HTMLScanner
    private let references: IndexReferences
    private var listing = IndexListing(entries: [], refused: [], isComplete: false, format: .nginxHTML)
    private var candidate: Candidate?
    private var isInLink = false
    private var isInTitle = false
    private var hasIndexTitle = false
    private var hasSortLinks = false
    private var isCaddy = false

    static func parse(
        _ body: [UInt8], _ references: IndexReferences
    ) throws(IndexPageError.Reason) -> IndexListing {
        var page = IndexHTML(body, references)
        return try page.run()
    }

    private init(_ body: [UInt8], _ references: IndexReferences) {
        scanner = HTMLScanner(body)
        self.references = references
    }

    private mutating func run() throws(IndexPageError.Reason) -> IndexListing {
        while let token = scanner.next() {
            switch token {
            case .text(let range): take(scanner.bytes[range])
            case .tag(let tag) where tag.isClosing: close(tag.name)
            case .tag(let tag): open(tag)
            }
            guard listing.entries.count + listing.refused.count <= IndexPage.maxEntries else { throw .tooManyEntries }
        }
        if !listing.isComplete { candidate?.words = [] }  // the last one's size may be cut
        finishCandidate()
        guard isCaddy || hasSortLinks || hasIndexTitle else { throw .notAnIndex }
        let declaration = Array("<!doctype".utf8)
        let start = scanner.bytes.drop { $0 <= 0x20 }.prefix(declaration.count)
        let isDeclared = start.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 } == declaration
        listing.format = isCaddy ? .caddyHTML : hasSortLinks || isDeclared ? .apacheHTML : .nginxHTML
        return listing
    }

    private mutating func open(_ tag: HTMLScanner.Tag) {
        switch tag.name {
        case "a":
            if let reference = scanner.attribute("href", of: tag) { follow(reference) }
        case "title", "h1":
            isInTitle = true
        case "td":
            guard let text = scanner.attribute("data-size", of: tag) else { return }
            isCaddy = true
            candidate?.entry.size = Self.exactSize(text[...])
        default:
            break
        }
    }

    private mutating func close(_ name: String) {
        switch name {
        case "a": isInLink = false
        case "title", "h1": isInTitle = false
        case "tr": finishCandidate()
        case "html": listing.isComplete = true
        default: break
        }
    }

    /// A link. One behind `</html>` means that it was another page's (Apache's HEADER file), not the end.
    private mutating func follow(_ reference: [UInt8]) {
        finishCandidate()
        listing.isComplete = false
        isInLink = true
        if reference.starts(with: Array("?C=".utf8)) { hasSortLinks = true }
        if reference.starts(with: Array("https://caddyserver.com".utf8)) { isCaddy = true }
        switch references.meaning(of: reference) {
        case .elsewhere: break
        case .file(let name, let url): candidate = Candidate(entry: IndexEntry(name: name, url: url))
        case .refused(let reason):
            let text = String(decoding: reference, as: UTF8.self)
            listing.refused.append(RefusedReference(reference: text, reason: reason))
        }
    }

    private mutating func take(_ text: ArraySlice<UInt8>) {
        if isInTitle {
            let title = String(decoding: text.prefix(64), as: UTF8.self).lowercased()
            hasIndexTitle = hasIndexTitle || title.hasPrefix("index of") || title.hasPrefix("directory listing")
        }
        guard !isInLink, let count = candidate?.words.count, count < 3 else { return }
        let words = text.split(
            maxSplits: 4, omittingEmptySubsequences: true, whereSeparator: HTMLScanner.isSpace)
        candidate?.words += words.prefix(3 - count)
    }

    private mutating func finishCandidate() {
        guard var done = candidate else { return }
        candidate = nil
        let words = done.words
        if done.entry.size == nil, words.count == 3, words[0].count(where: { $0 == 0x2D }) == 2, words[1].contains(0x3A)
        {
            done.entry.size = Self.exactSize(words[2])
        }
        listing.entries.append(done.entry)
    }

    private static func exactSize(_ text: ArraySlice<UInt8>) -> Int64? {
        guard !text.isEmpty, text.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int64(String(decoding: text, as: UTF8.self))
    }
}
