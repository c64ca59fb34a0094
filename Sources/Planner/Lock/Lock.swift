import Foundation
import Hashing

/// A lock file: exactly which shards in which state a dataset is made of (docs/lock.md).
///
/// Lines of JSON, keys sorted: a header, the sources, the shards by object name in byte order. The same sources in the same
/// state give the same bytes, so that the file's SHA-256 names the dataset.
public struct Lock: Sendable, Hashable {
    public static let version = 1

    /// The file as given, for messages.
    public var file: String
    public var sources: [LockSource]
    /// By object in byte order, each once.
    public var entries: [LockEntry]

    public init(file: String, sources: [LockSource], entries: [LockEntry]) {
        self.file = file
        self.sources = sources
        self.entries = entries.sorted { $0.object.utf8.lexicographicallyPrecedes($1.object.utf8) }
    }

    struct Header: Codable {
        var aismoveLock: Int
        var sources: Int
        var shards: Int

        enum CodingKeys: String, CodingKey {
            case aismoveLock = "aismove_lock"
            case sources, shards
        }
    }

    /// Bytes of all shards.
    public var bytes: Int64 { entries.reduce(0) { $0.addingReportingOverflow($1.size).partialValue } }

    /// Shards that only their length tells from others.
    public var pinnedByLengthAlone: Int {
        entries.count { $0.etag == nil && $0.version == nil && $0.modified == nil && $0.digests == nil }
    }

    /// Where digests of the lock are said to come from.
    var origin: String { (file as NSString).lastPathComponent }

    /// The file's bytes.
    /// - Throws: what `JSONEncoder` throws.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var data = Data()
        func add(_ line: some Encodable) throws {
            data.append(try encoder.encode(line))
            data.append(0x0A)
        }
        try add(Header(aismoveLock: Self.version, sources: sources.count, shards: entries.count))
        for source in sources { try add(source) }
        for entry in entries { try add(entry) }
        return data
    }
}
