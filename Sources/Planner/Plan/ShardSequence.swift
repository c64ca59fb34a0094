import Backends
import ObjectModel

/// The shards of several sources in order, each made when it is asked for; nothing is compared with a disk here.
///
///     range: URL and name counted up, holes included      list, index page: one entry after the other
///     bucket: its listing as it comes in, or keys counted up
///     names that the source's filter does not take are left out
///     a name AIStore cannot hold → refused; the second of two equal names → conflict
///
/// Equal names among ranges are the business of `SourceCollision.check`, before anything moves; here a list's entry is
/// compared with all ranges of the job and with the entries before it. The same sources give the same sequence.
/// Not thread-safe: lanes pull it under a lock.
public final class ShardSequence {
    private enum Stage {
        case range(RangeStage)
        case list(ListReader)
        case bucket(BucketStage)
    }

    private let sources: [Source]
    private let readers: [Int: ListReader]
    private let digests: [Int: DigestList]
    private let listings: [Int: ListingCursor]
    /// Templates of places, with what messages call their sources.
    private let templates: [(source: Source, places: Template)]
    private var stage: Stage?
    private var current = 0
    private var index = 0
    private var places: [Destination: Int] = [:]
    private var listed = NameSet()

    /// Buckets of the shards so far, each once; a shard's `destination` counts into it.
    public private(set) var destinations: [Destination] = []

    /// - Parameters:
    ///   - readers: by source number, for index pages and for lists that the caller fetched; other lists are opened
    ///     when their turn comes.
    ///   - digests: by source number, what `digests:` lists promise.
    ///   - listings: by source number, of buckets that are listed; gone through once.
    ///   - isPeeking: looks only at the pages of listings that are there, and takes none.
    public init(
        _ sources: [Source], readers: [Int: ListReader] = [:], digests: [Int: DigestList] = [:],
        listings: [Int: ListingStream] = [:], isPeeking: Bool = false
    ) {
        self.sources = sources
        self.readers = readers
        self.digests = digests
        self.listings = listings.mapValues { ListingCursor($0, isPeeking: isPeeking) }
        templates = sources.compactMap { source in source.places.map { (source, $0) } }
    }

    /// Whether `next` waits for the pages of listings; else it gives nil when one is not there yet.
    public var waits = true {
        didSet { for listing in listings.values { listing.waits = waits } }
    }

    /// Whether `next` gave nil though more may come.
    public var isWaiting: Bool {
        guard case .bucket(let bucket) = stage else { return false }
        return bucket.isWaiting
    }

    /// The next shard, nil at the end. An error ends the sequence: what would follow is not known.
    public func next() throws(PlanError) -> PlannedShard? {
        while current < sources.count {
            do {
                if stage == nil { stage = try open(sources[current]) }
                if let shard = try nextOfStage() { return shard }
                if isWaiting { return nil }
            } catch {
                current = sources.count
                throw error
            }
            stage = nil
            current += 1
        }
        return nil
    }

    private func open(_ source: Source) throws(PlanError) -> Stage {
        if let range = source.range { return .range(RangeStage(range, source.filter, digests[current])) }
        if let reader = readers[current] { return .list(reader) }
        do throws(ListError) {
            if source.bucketSource != nil {
                if let stage = try BucketStage(source, listing: listings[current]) { return .bucket(stage) }
            } else if let reader = try source.openList() {
                return .list(reader)
            }
        } catch {
            throw .list(error)
        }
        let lacking = source.bucketSource == nil ? "its index page has not been read" : "its bucket has not been listed"
        throw .source(SourceError(word: source.spec.shown, reason: lacking))
    }

    private func nextOfStage() throws(PlanError) -> PlannedShard? {
        switch stage {
        case .range(let range): try next(range)
        case .list(let reader): try next(reader)
        case .bucket(let bucket): try next(bucket)
        case nil: nil
        }
    }

    private func next(_ range: RangeStage) throws(PlanError) -> PlannedShard? {
        guard let object = try range.advance() else { return nil }
        if range.cursor.directory != range.numberedDirectory, let destination = range.cursor.destination {
            range.number = try number(destination)
            range.numberedDirectory = range.cursor.directory
        }
        return make(
            position: range.cursor.index, url: String(decoding: range.cursor.urlBytes, as: UTF8.self),
            destination: range.number, object: object, digests: range.promised(), decision: range.refusal(object))
    }

    private func next(_ reader: ListReader) throws(PlanError) -> PlannedShard? {
        let source = sources[current]
        while let item = try read(reader) {
            let place: (destination: Destination, object: String)
            do throws(NameError) {
                place = try source.place(item)
            } catch {
                return make(
                    position: item.line, url: item.url, destination: nil, object: item.name ?? "", size: item.size,
                    digests: item.digests, decision: .refused(error))
            }
            guard source.filter.takes(place.object) else { continue }
            let destination = try number(place.destination)
            var promised = item.digests
            if let list = digests[current] { promised += list[item.name ?? lastComponent(place.object)] }
            return make(
                position: item.line, url: item.url, listed: item.listed, destination: destination,
                object: place.object, size: item.size, digests: promised,
                decision: conflict(place.destination, destination, place.object))
        }
        return nil
    }

    private func next(_ stage: BucketStage) throws(PlanError) -> PlannedShard? {
        guard let entry = try advance(stage) else { return nil }
        if stage.number == nil, let bucket = sources[current].bucket {
            stage.number = try number(Destination(bucket: bucket))
        }
        var promised = entry.digests
        if let list = digests[current] { promised += list[lastComponent(entry.object)] }
        return make(
            position: entry.position, url: stage.bucket.shown(entry.key), key: entry.key, listed: entry.listed,
            destination: stage.number, object: entry.object, size: entry.size, digests: promised,
            decision: decision(entry, stage))
    }

    private func advance(_ stage: BucketStage) throws(PlanError) -> BucketStage.Entry? {
        do throws(ListError) {
            return try stage.advance()
        } catch {
            throw .list(error)
        }
    }

    /// Set when an object of a bucket is not to be moved, whatever the disk says.
    private func decision(_ entry: BucketStage.Entry, _ stage: BucketStage) -> Decision? {
        if let reason = ObjectName.refusal(entry.object.utf8.span) { return .refused(NameError(entry.object, reason)) }
        if let defect = entry.listed?.defect { return .defect(defect) }
        guard entry.listed != nil, let number = stage.number else { return nil }
        if sharesBucket(current) {
            return conflict(destinations[number], number, entry.object)
        }
        return stage.names.conflict(of: entry.object).map { .conflict($0) }
    }

    /// Whether another source gives names of the same bucket; then all of them are remembered, as hashes.
    private func sharesBucket(_ number: Int) -> Bool {
        sources.indices.contains { $0 != number && sources[$0].bucket == sources[number].bucket }
    }

    private func read(_ reader: ListReader) throws(PlanError) -> ListedItem? {
        do throws(ListError) {
            return try reader.next()
        } catch {
            throw .list(error)
        }
    }

    private func conflict(_ destination: Destination, _ number: Int, _ object: String) -> Decision? {
        if let reason = listed.conflict(of: object, destination: number) { return .conflict(reason) }
        let place = destination.place(of: object)
        guard
            let other = templates.first(where: { $0.places.contains(place) != nil && $0.source.filter.takes(object) })
        else { return nil }
        return .conflict("source \"\(other.source.spec.shown)\" gives the same name")
    }

    /// The destination's number; a new one gets the next.
    private func number(_ destination: Destination) throws(PlanError) -> Int {
        if let last = destinations.last, last == destination { return destinations.count - 1 }
        if let number = places[destination] { return number }
        guard destinations.count < RangeSource.bucketsMax else {
            throw .tooManyBuckets(source: sources[current].spec.shown, max: RangeSource.bucketsMax)
        }
        destinations.append(destination)
        places[destination] = destinations.count - 1
        return destinations.count - 1
    }

    private func make(
        position: Int, url: String, key: String? = nil, listed: ListedObject? = nil, destination: Int?, object: String,
        size: Int64? = nil,
        digests: [PromisedDigest], decision: Decision?
    ) -> PlannedShard {
        defer { index += 1 }
        return PlannedShard(
            index: index, source: current, position: position, url: url, key: key, listed: listed,
            destination: destination, object: object, size: size, digests: digests, decision: decision)
    }

    private func lastComponent(_ object: String) -> String {
        object.split(separator: "/").last.map(String.init) ?? object
    }
}
