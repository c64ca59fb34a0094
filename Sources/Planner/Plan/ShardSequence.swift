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
        case range(RangeCursor, RangeSource)
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
        if let range = source.range { return .range(range.makeCursor(), range) }
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
        case .range(var cursor, let range):
            stage = nil
            let shard = try next(&cursor, range)
            stage = .range(cursor, range)
            return shard
        case .list(let reader): return try next(reader)
        case nil: return nil
        }
    }

    private func next(_ cursor: inout RangeCursor, _ range: RangeSource) throws(PlanError) -> PlannedShard? {
        let source = sources[current]
        while try advance(&cursor) {
            let object = String(decoding: cursor.nameBytes, as: UTF8.self)
            guard source.filter.takes(object), let destination = cursor.destination else { continue }
            var decision: Decision?
            if !range.names.isAlwaysValid, let reason = ObjectName.refusal(cursor.nameBytes.span) {
                decision = .refused(NameError(object, reason))
            }
            let list = digests[current]
            let promised = list.map { $0[String(decoding: cursor.keyBytes, as: UTF8.self)] } ?? []
            return make(
                position: cursor.index, url: String(decoding: cursor.urlBytes, as: UTF8.self),
                destination: try number(destination), object: object, digests: promised, decision: decision)
        }
        return nil
    }

    private func advance(_ cursor: inout RangeCursor) throws(PlanError) -> Bool {
        do throws(NameError) {
            return try cursor.advance()
        } catch {
            throw .name(error)
        }
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
        guard listed.insert(object, destination: number) else {
            return .conflict("an entry before it has the same name")
        }
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
