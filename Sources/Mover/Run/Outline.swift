import Backends
import NodeStore
import ObjectModel
import Planner

/// What is known of a plan before anything moves: its buckets, how many shards, and the sizes that lists tell.
struct Outline {
    let contents: SourceContents
    let sources: [Source]
    private(set) var candidates: [Registration.Candidate] = []
    /// Who will be asked.
    private var hosts = HostSamples()
    /// Shards that the sources name; `Int.max` when there are that many or more.
    private(set) var count = 0
    /// Whether some shard's size is known, so that space can be checked.
    private(set) var knowsSizes = false
    /// Whether every listing is known to its end already.
    private(set) var knowsListings = true

    /// Reads what the sources refer to and refuses two sources of one name.
    /// - Parameter known: contents that need not be read.
    init(sources: [Source], contents known: SourceContents?, context: RunContext) throws {
        self.sources = sources
        try Self.checkCollisions(sources)
        var contents = try known ?? Self.read(sources, context)
        contents.listings = Self.listings(sources, context)
        self.contents = contents
        var seen: [Bucket: Int] = [:]
        for (number, source) in sources.enumerated() {
            if let range = source.range { try addRange(range, number, &seen) }
            if let bucket = source.bucketSource { addBucket(bucket, number, context, &seen) }
        }
        do throws(BackendError) {
            for listing in contents.listings.values {
                let isWhole = try listing.readAhead()
                knowsListings = knowsListings && isWhole
            }
        } catch {
            close()
            throw error
        }
        knowsSizes = !contents.listings.isEmpty || context.options.isLocked
        try addLists(&seen)
        if context.options.sync != nil { try addStanding(context, &seen) }
    }

    static func read(_ sources: [Source], _ context: RunContext) throws -> SourceContents {
        do {
            return try SourceReader(context.makePatientLane()).read(sources)
        } catch let error as UnreadableSource {
            throw RunError(error.isRefused ? .refused : .incomplete, "\(error)")
        } catch let error as TransportError {
            throw RunError(error.kind == .credentialFile ? .usage : .incomplete, "\(error)")
        }
    }

    /// Refuses a `.netrc` that has logins for what will be asked, and that others can read.
    func checkLogins(_ options: NetworkOptions) throws(RunError) {
        do throws(CredentialError) {
            try options.checkLogins(for: hosts.urls)
        } catch {
            close()
            throw RunError(.usage, "\(error)")
        }
    }

    /// How many shards there will be; nil where filters or listings decide that on the way.
    var shardCount: Int? {
        let isKnown = contents.listings.isEmpty && count < .max && sources.allSatisfy { $0.filter.takesAll }
        return isKnown ? count : nil
    }

    /// Ends what still reads.
    func close() { for listing in contents.listings.values { listing.close() } }

    /// Why listings are not complete, as far as they have been read.
    var brokenListings: [String] {
        contents.listings.sorted { $0.key < $1.key }.compactMap { $0.value.failure }
            .filter { $0.kind != .cancelled }.map(\.description)
    }

    /// What is said of prefixes that look like patterns and that no name begins with: somebody expected a match.
    var unmatchedPatterns: [String] {
        contents.listings.sorted { $0.key < $1.key }.compactMap { number, listing in
            guard listing.isEmpty, let prefix = sources[number].bucketSource?.prefix,
                prefix.contains(where: "*?[".contains)
            else { return nil }
            return
                "\(sources[number].spec.shown): no name begins with \"\(prefix)\"; a prefix is taken as it is, patterns "
                + "belong into --include"
        }
    }

    /// Directory markers that were left out of listings so far.
    var markers: Int { contents.listings.values.reduce(0) { $0 + $1.markers } }

    /// Begins to list the buckets that are listed.
    private static func listings(_ sources: [Source], _ context: RunContext) -> [Int: ListingStream] {
        var listings: [Int: ListingStream] = [:]
        for (number, source) in sources.enumerated() {
            guard let prefix = source.bucketSource?.prefix, let backend = context.bucket(of: number) else { continue }
            listings[number] = ListingStream(
                backend, prefix: prefix, in: context.options.environment(context.stop))
        }
        return listings
    }

    private mutating func addBucket(
        _ bucket: BucketSource, _ number: Int, _ context: RunContext, _ seen: inout [Bucket: Int]
    ) {
        guard let destination = sources[number].bucket else { return }
        add(Destination(bucket: destination), url: nil, of: number, &seen)
        guard let index = seen[destination] else { return }
        candidates[index].isConnected = true
        if destination == bucket.address.bucket {
            candidates[index].facts = context.connections.buckets[number]?.facts
        }
    }

    private static func checkCollisions(_ sources: [Source]) throws(RunError) {
        do throws(PlanError) {
            try SourceCollision.check(sources)
        } catch {
            throw RunError(.usage, "\(error)")
        }
    }

    private mutating func addRange(_ range: RangeSource, _ source: Int, _ seen: inout [Bucket: Int]) throws {
        count = count.addingReportingOverflow(range.count).overflow ? .max : count + range.count
        for destination in try range.destinations() { add(destination, url: nil, of: source, &seen) }
        // A few names of the range confirm its buckets.
        var cursor = range.makeCursor()
        var asked: [Bucket: Int] = [:]
        while try cursor.advance() {
            guard let destination = cursor.destination else { continue }
            asked[destination.bucket, default: 0] += 1
            if asked[destination.bucket] ?? 0 <= 3 {
                add(destination, url: String(decoding: cursor.urlBytes, as: UTF8.self), of: source, &seen)
            } else if range.bucketCount == 1 || asked.count == seen.count {
                break
            }
        }
    }

    /// Lists are short enough to be gone through once more: they tell buckets and sizes.
    private mutating func addLists(_ seen: inout [Bucket: Int]) throws {
        let numbers = sources.indices.filter { sources[$0].range == nil && sources[$0].bucketSource == nil }
        guard !numbers.isEmpty else { return }
        let lists = numbers.map { sources[$0] }
        let sequence = contents.renumbered(numbers).sequence(of: lists)
        while let shard = try sequence.next() {
            if count < .max { count += 1 }
            if shard.size != nil { knowsSizes = true }
            guard let number = shard.destination else { continue }
            add(sequence.destinations[number], url: shard.url, of: numbers[shard.source], &seen)
        }
    }

    /// A list or an index page that names nothing any more says nothing of its bucket; what a sync placed is there.
    private mutating func addStanding(_ context: RunContext, _ seen: inout [Bucket: Int]) throws {
        let standing = sources.indices.filter { sources[$0].telling == .list }
            .compactMap { number in sources[number].onlyDestination.map { (number, $0) } }
        guard standing.contains(where: { seen[$0.1.bucket] == nil }) else { return }
        let bmd = try context.store.loadBMD().bmd
        for (number, destination) in standing where bmd.find(destination.bucket) != nil {
            add(destination, url: nil, of: number, &seen)
        }
    }

    /// The destinations that the BMD has, opened (unless told not to), and those that it has not.
    func standingBuckets(in store: NodeStore, _ bmd: BMD, opens: Bool = true) throws -> (
        buckets: [Bucket: BucketStore], unregistered: [Bucket]
    ) {
        var buckets: [Bucket: BucketStore] = [:]
        var unregistered: [Bucket] = []
        for destination in candidates.map(\.destination) {
            if let refusal = destination.refusal(storeFormatHasHT: store.format.hasHTBuckets) {
                throw RunError(.usage, "\(refusal)")
            }
            if let known = bmd.find(destination.bucket) {
                if opens { buckets[destination.bucket] = try store.openBucket(known, sync: false) }
            } else {
                unregistered.append(destination.bucket)
            }
        }
        return (buckets, unregistered)
    }

    /// What is said of destinations that are not registered; nil when all are.
    static func notice(of unregistered: [Bucket]) -> String? {
        guard let first = unregistered.first else { return nil }
        let more = unregistered.count > 1 ? " and \(unregistered.count - 1) more buckets" : ""
        return "\(first.cname)\(more): not registered yet"
    }

    private mutating func add(
        _ destination: Destination, url: String?, of source: Int, _ seen: inout [Bucket: Int]
    ) {
        if let url { hosts.add(url) }
        if let index = seen[destination.bucket] {
            guard let url, candidates[index].source == source, candidates[index].sampleURLs.count < 3 else { return }
            candidates[index].sampleURLs.append(url)
        } else {
            seen[destination.bucket] = candidates.count
            candidates.append(
                .init(destination: destination, sampleURLs: url.map { [$0] } ?? [], source: source))
        }
    }
}
