import Backends
import Hashing
import ObjectModel

/// A source as understood: what is asked for, and which buckets and names it gets.
public struct Source: Sendable {
    public enum Kind: Sendable {
        /// Names are tried; no listing is needed.
        case range(RangeSource)
        /// One URL: a range of one.
        case single(RangeSource)
        /// `--from`: a file, `-`, or the URL of a list that the caller fetches; with the URL that names stand beside.
        case list(file: String, base: String?)
        /// A directory's page, which the caller fetches and parses.
        case index(url: String)
        /// Objects of a bucket at a provider.
        case bucket(BucketSource)
    }

    public let spec: SourceSpec
    public let kind: Kind
    /// The bucket of `--to`, or that of a bucket source's own name; nil when every directory is its own `ht://` bucket.
    public let bucket: Bucket?
    /// What stands before each name, without slashes around it; empty without `--to` or when it names a bucket only.
    public let subdirectory: String
    public let filter: NameFilter
    /// Headers of its own; none until `readHeaders`.
    public internal(set) var headers = OriginHeaders.none

    /// The range, also of a single URL; nil for lists and index pages.
    public var range: RangeSource? {
        switch kind {
        case .range(let range), .single(let range): range
        case .list, .index, .bucket: nil
        }
    }

    /// The bucket at a provider that is read; nil for URLs and lists.
    public var bucketSource: BucketSource? {
        guard case .bucket(let source) = kind else { return nil }
        return source
    }

    /// The template that gives its shards, of URLs or of keys; nil where a list, a page or a listing does.
    public var template: Template? { range?.url.template ?? bucketSource?.template }

    /// How many shards, holes included, `Int.max` when there are that many or more; nil where only reading tells.
    public var count: Int? { template?.count }

    /// Places of its shards, where a template gives them.
    var places: Template? {
        if let range { return range.places }
        guard let bucket else { return nil }
        return bucketSource?.places(in: bucket, below: subdirectory)
    }

    /// The same source with its bucket as it was found: aliases resolved, backends looked up.
    public func found(at address: BucketAddress, into bucket: Bucket) -> Source {
        guard let source = bucketSource else { return self }
        let isRenamed = spec.to != nil
        return Source(
            spec: spec, kind: .bucket(BucketSource(address, names: source.names, isRenamed: isRenamed)),
            bucket: bucket, subdirectory: subdirectory, filter: filter)
    }

    /// The same source, of which only known shards are asked for: keys of its bucket. Others come from the contents.
    public func knowing(_ shards: KnownShards) -> Source {
        guard let address = bucketSource?.address else { return self }
        return Source(
            spec: spec, kind: .bucket(BucketSource(address, names: .known(shards), isRenamed: false)), bucket: bucket,
            subdirectory: subdirectory, filter: .all)
    }

    /// Known objects of a bucket, for repairs.
    public init(repairing entries: [ListedItem], of address: BucketAddress, in bucket: Bucket) {
        spec = SourceSpec(address.bucket.cname)
        kind = .bucket(BucketSource(address, names: .known(KnownShards(entries)), isRenamed: false))
        self.bucket = bucket
        subdirectory = ""
        filter = .all
    }

    init(spec: SourceSpec, kind: Kind, bucket: Bucket?, subdirectory: String, filter: NameFilter) {
        self.spec = spec
        self.kind = kind
        self.bucket = bucket
        self.subdirectory = subdirectory
        self.filter = filter
    }

    /// The `aismove_src` that says which job and source placed an object: the first 16 hexadecimal digits of SHA-256
    /// of job name (empty without a job file), source as written, and destination, a line each (`node-store.md`).
    public func identity(job: String, bucket: Bucket) -> String {
        let destination = subdirectory.isEmpty ? bucket.cname : "\(bucket.cname)/\(subdirectory)"
        return String(sha256("\(job)\n\(spec.shown)\n\(destination)").hex.prefix(16))
    }

    /// Opens the list of a `.list` source that is a file or standard input. A list at a URL is the caller's to fetch
    /// (`ListReader.init`), as an index page is.
    public func openList() throws(ListError) -> ListReader? {
        guard case .list(let file, let base) = kind else { return nil }
        guard URLText.scheme(Array(file.utf8)) == nil else {
            throw ListError(file: URLText.redacted(file), line: 0, reason: "has not been fetched")
        }
        return try ListReader.open(file, base: base)
    }
}

extension Source {
    /// The bucket and the object's name of a list's or an index page's entry.
    ///
    /// With `--to` the name is the entry's own, else its URL's last path component; without, the URL says both, and a
    /// name that says something else is refused. The name is validated.
    public func place(_ item: ListedItem) throws(NameError) -> (destination: Destination, object: String) {
        if let defect = item.defect { throw NameError(item.name ?? URLText.redacted(item.url), defect) }
        if let name = item.name { try ObjectName.validate(name) }
        guard let bucket else {
            let located = try HTBucket.locate(url: item.url)
            if let name = item.name, name.split(separator: "/").last.map(String.init) != located.object {
                throw NameError(name, "differs from its URL's name; only --to ais://BUCKET can rename")
            }
            try ObjectName.validate(located.object)
            return (Destination(bucket: located.bucket, originalURL: located.originalURL), located.object)
        }
        let name = try URLText.lastComponent(item.url, or: item.name)
        let object = subdirectory.isEmpty ? name : "\(subdirectory)/\(name)"
        guard !name.isEmpty else { throw NameError(URLText.redacted(item.url), "an object name cannot be empty") }
        try ObjectName.validate(object)
        return (Destination(bucket: bucket), object)
    }

    /// What a user calls the shard at a position of a range: the value of the one range, else the position.
    public func number(at position: Int) -> Int {
        guard let template, template.ranges.count == 1, let only = template.ranges.first else {
            return position
        }
        return only.value(at: position)
    }

    /// Whether a shard may be missing without a word: all with `allow`, the admitted ones with `known`.
    public func mayMiss(position: Int) -> Bool {
        switch spec.missing {
        case .fail: false
        case .allow: true
        case .known(let numbers): numbers.contains(number(at: position))
        }
    }

    /// Whether a hole has a number; that of a list or of a single URL has its name alone.
    public var hasHolesByNumber: Bool { template?.ranges.isEmpty == false }

    /// Holes as compact ranges, given by their positions: `17, 402, 1000-1010` for one range; with several, a line for
    /// each combination of the ranges before the last: `a-01/shard-{…}.tar: 3, 7-9`.
    public func holes(_ positions: [Int]) -> [String] {
        guard let template, let last = template.ranges.last else {
            return positions.isEmpty ? [] : [CompactRanges.text(positions)]
        }
        guard template.ranges.count > 1 else {
            return positions.isEmpty ? [] : [CompactRanges.text(positions.map(last.value))]
        }
        let groups = Dictionary(grouping: positions.sorted()) { $0 / last.count }
        return groups.keys.sorted().map { group in
            let numbers = (groups[group] ?? []).map { last.value(at: $0 % last.count) }
            let name = template.name(at: group * last.count, lastRangeAs: "{…}")
            let url = bucketSource?.shown(name) ?? URLText.redacted(name)
            return "\(url): \(CompactRanges.text(numbers))"
        }
    }
}

extension Template {
    /// The name at `index` with a text in place of the last range's digits.
    func name(at index: Int, lastRangeAs text: String) -> String {
        let positions = positions(at: index)
        var bytes = literals[0]
        for (number, range) in ranges.enumerated() {
            if number == ranges.count - 1 {
                bytes += Array(text.utf8)
            } else {
                range.append(range.value(at: positions[number]), to: &bytes)
            }
            bytes += literals[number + 1]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
