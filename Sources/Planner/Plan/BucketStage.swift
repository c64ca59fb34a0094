import Backends
import ObjectModel

/// Where a sequence stands in a bucket's objects: the pages of its listing, or keys that are tried.
final class BucketStage {
    struct Entry {
        var position: Int
        var key: String
        var object: String
        var listed: ListedObject?
        /// What is known of an object that was not listed.
        var known: ListedItem?

        var size: Int64? { listed?.size ?? known?.size }
        var digests: [PromisedDigest] { listed?.digests ?? known?.digests ?? [] }
    }

    private enum Keys {
        case listing(ListingCursor)
        case template
        case known(KnownShards.Reading)
    }

    let bucket: BucketSource
    private let source: Source
    private var keys: Keys
    private var iterator: TemplateIterator?
    private var position = -1
    /// The sequence's number of the destination.
    var number: Int?
    /// Names that have been given out, where nobody else gives names of the bucket.
    var names = SortedNames()

    init?(_ source: Source, listing: ListingCursor?) throws(ListError) {
        guard let bucket = source.bucketSource else { return nil }
        self.bucket = bucket
        self.source = source
        switch bucket.names {
        case .listing:
            guard let listing else { return nil }
            keys = .listing(listing)
        case .template(let template):
            keys = .template
            iterator = template.makeIterator()
        case .known(let shards): keys = .known(try shards.open())
        }
    }

    /// The next object that the filter takes; nil at the end. Directory markers are left out and counted.
    func advance() throws(ListError) -> Entry? {
        while let entry = try next() {
            if source.filter.takesAll || source.filter.takes(entry.object) { return entry }
        }
        return nil
    }

    /// Whether `advance` gave nil because a page is not there yet.
    var isWaiting: Bool {
        guard case .listing(let cursor) = keys else { return false }
        return cursor.isWaiting
    }

    private func next() throws(ListError) -> Entry? {
        switch keys {
        case .listing(let cursor):
            guard let listed = cursor.next() else { return nil }
            return entry(listed.name, listed)
        case .template: return iterator?.next().map { entry($0, nil) }
        case .known(let following):
            guard let known = try following() else { return nil }
            return Entry(
                position: known.line, key: known.url, object: known.name ?? known.url, listed: known.listed,
                known: known)
        }
    }

    private func entry(_ key: String, _ listed: ListedObject?) -> Entry {
        position += 1
        let object = bucket.object(of: key, below: source.subdirectory)
        return Entry(position: position, key: key, object: object, listed: listed)
    }
}

/// Goes through a listing's objects, once: takes its pages, or only looks at those that wait.
final class ListingCursor {
    private let stream: ListingStream
    private let isPeeking: Bool
    /// Whether `next` waits for pages; else it gives nil, and `isWaiting` says so.
    var waits = true
    private(set) var isWaiting = false
    private var entries: [ListedObject] = []
    private var index = 0
    private var peeked: [ListPage] = []

    init(_ stream: ListingStream, isPeeking: Bool) {
        self.stream = stream
        self.isPeeking = isPeeking
        if isPeeking { peeked = stream.waiting.reversed() }
    }

    func next() -> ListedObject? {
        while true {
            while index < entries.count {
                index += 1
                guard entries[index - 1].isDirectoryMarker else { return entries[index - 1] }
                if !isPeeking { stream.addMarker() }
            }
            guard let page = page() else { return nil }
            (entries, index) = (page.entries, 0)
        }
    }

    private func page() -> ListPage? {
        if isPeeking { return peeked.popLast() }
        isWaiting = false
        switch stream.take(waits: waits) {
        case .page(let page): return page
        case .notYet:
            (entries, index) = ([], 0)
            isWaiting = true
            return nil
        case .end: return nil
        }
    }
}
