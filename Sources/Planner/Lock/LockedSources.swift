import Backends
import ObjectModel

/// The sources of a lock, giving exactly the shards that it names, in the state that it says.
public struct LockedSources: Sendable {
    public let sources: [Source]
    public let contents: SourceContents
    /// Shards in all.
    public let count: Int

    private struct Group: Hashable {
        let source: Int
        let bucket: Bucket
    }

    /// One line of the lock.
    private struct Shard {
        let line: Int
        let entry: LockEntry
        /// The object's name in its bucket.
        let name: String
    }

    /// - Parameters:
    ///   - given: the same sources as the user gives them once more, with what a lock does not keep; empty = the lock's own.
    ///   - reach: how buckets are reached, by flags.
    ///   - urls: by object, the URL to ask for, where it is not the one in the lock.
    public init(_ lock: Lock, given: [Source] = [], reach: BucketReach, urls: [String: String] = [:]) throws(LockError)
    {
        if !given.isEmpty { try Self.check(given, lock) }
        var groups: [Group: [Shard]] = [:]
        for (index, entry) in lock.entries.enumerated() {
            let line = 2 + lock.sources.count + index
            let object = try Self.uri(entry.object, lock, line)
            groups[Group(source: entry.source, bucket: object.bucket), default: []]
                .append(Shard(line: line, entry: entry, name: object.name))
        }
        var sources: [Source] = []
        var contents = SourceContents()
        for (group, shards) in groups.sorted(by: { ($0.key.source, $0.key.bucket) < ($1.key.source, $1.key.bucket) }) {
            let origin = lock.sources[group.source]
            var spec = given.isEmpty ? SourceSpec(to: origin.to) : given[group.source].spec
            if given.isEmpty { spec.written = origin.source }
            let kind: Source.Kind
            if let bucket = origin.bucket {
                let reach = origin.reach(given.isEmpty ? reach : spec.reach)
                let address = reach.address(of: try Self.uri("\(bucket)/-", lock, 2 + group.source).bucket)
                let entries = try shards.map { (shard) throws(LockError) in try Self.entry(shard, lock) }
                kind = .bucket(BucketSource(address, names: .known(KnownShards(entries)), isRenamed: spec.to != nil))
            } else {
                kind = .list(file: lock.file, base: nil)
                let items = try shards.map { (shard) throws(LockError) in
                    try Self.item(shard, in: group.bucket, below: origin.subdirectory, urls, lock)
                }
                contents.contents[sources.count] = .known(name: lock.origin, KnownShards(items))
            }
            sources.append(
                Source(
                    spec: spec, kind: kind, bucket: group.bucket.provider == .ht ? nil : group.bucket,
                    subdirectory: origin.subdirectory, filter: .all))
        }
        self.sources = sources
        self.contents = contents
        count = lock.entries.count
    }

    private static func entry(_ shard: Shard, _ lock: Lock) throws(LockError) -> ListedItem {
        let key = try uri(shard.entry.url, lock, shard.line).name
        var item = ListedItem(url: key, name: shard.name, line: shard.line)
        item.listed = try state(of: shard, lock)
        return item
    }

    private static func item(
        _ shard: Shard, in bucket: Bucket, below subdirectory: String, _ urls: [String: String], _ lock: Lock
    ) throws(LockError) -> ListedItem {
        let state = try state(of: shard, lock)
        var item = ListedItem(
            url: urls[shard.entry.object] ?? shard.entry.url, size: state.size, digests: state.digests, line: shard.line
        )
        item.listed = state
        // The URL alone says the name of an `ht://` object.
        if bucket.provider == .ht { return item }
        let start = subdirectory.isEmpty ? "" : "\(subdirectory)/"
        guard shard.name.utf8.starts(with: start.utf8) else {
            throw LockError(file: lock.file, line: shard.line, reason: "stands outside of its source's destination")
        }
        item.name = String(Substring(shard.name.utf8.dropFirst(start.utf8.count)))
        return item
    }

    private static func state(of shard: Shard, _ lock: Lock) throws(LockError) -> ListedObject {
        do throws(LockEntry.Malformed) {
            return try shard.entry.state(named: shard.name, origin: lock.origin)
        } catch {
            throw LockError(file: lock.file, line: shard.line, reason: error.reason)
        }
    }

    private static func check(_ given: [Source], _ lock: Lock) throws(LockError) {
        let isSame = given.count == lock.sources.count && zip(lock.sources, given).allSatisfy { $0.isSame(as: $1) }
        if isSame { return }
        throw LockError(
            file: lock.file,
            reason: "was made of other sources: \(lock.sources.map(\.title).joined(separator: ", "));"
                + " give the same ones, or none, or write it again")
    }

    private static func uri(
        _ text: String, _ lock: Lock, _ line: Int
    ) throws(LockError) -> (bucket: Bucket, name: String) {
        guard let uri = try? ObjectURI(parsing: text), let bucket = uri.bucket, !uri.object.isEmpty else {
            throw LockError(file: lock.file, line: line, reason: "\"\(text)\" names no object of a bucket")
        }
        return (bucket, uri.object)
    }
}

extension Lock {
    /// Sources that have to be given again, because the lock does not keep logins and queries.
    public var redacted: [LockSource] { sources.filter { $0.redacted == true } }
}
