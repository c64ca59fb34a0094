import Backends
import ObjectModel

/// The shards of several sources in order, each made when it is asked for; nothing is compared with a disk here.
///
///     range: URL and name counted up, holes included      list, index page: one entry after the other
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
    }

    private let sources: [Source]
    private let readers: [Int: ListReader]
    private let digests: [Int: DigestList]
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
    public init(_ sources: [Source], readers: [Int: ListReader] = [:], digests: [Int: DigestList] = [:]) {
        self.sources = sources
        self.readers = readers
        self.digests = digests
    }

    /// The next shard, nil at the end. An error ends the sequence: what would follow is not known.
    public func next() throws(PlanError) -> PlannedShard? {
        while current < sources.count {
            do {
                if stage == nil { stage = try open(sources[current]) }
                if let shard = try nextOfStage() { return shard }
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
            if let reader = try source.openList() { return .list(reader) }
        } catch {
            throw .list(error)
        }
        throw .source(SourceError(word: source.spec.shown, reason: "its index page has not been read"))
    }

    private func nextOfStage() throws(PlanError) -> PlannedShard? {
        switch stage {
        case .range(let range): try next(range)
        case .list(let reader): try next(reader)
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
                position: item.line, url: item.url, destination: destination, object: place.object, size: item.size,
                digests: promised, decision: conflict(place.destination, destination, place.object))
        }
        return nil
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
        let place =
            destination.originalURL.map { "ht" + $0.drop { $0 != ":" } + object }
            ?? destination.bucket.objectUname(object)
        guard
            let other = sources.first(where: { $0.range?.holds(place) == true && $0.filter.takes(object) })
        else { return nil }
        return .conflict("source \"\(other.spec.shown)\" gives the same name")
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
        position: Int, url: String, destination: Int?, object: String, size: Int64? = nil,
        digests: [PromisedDigest], decision: Decision?
    ) -> PlannedShard {
        defer { index += 1 }
        return PlannedShard(
            index: index, source: current, position: position, url: url, destination: destination, object: object,
            size: size, digests: digests, decision: decision)
    }

    private func lastComponent(_ object: String) -> String {
        object.split(separator: "/").last.map(String.init) ?? object
    }
}
