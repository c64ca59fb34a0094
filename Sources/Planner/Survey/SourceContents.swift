import Backends
import Foundation

/// What had to be read of the sources before their shards can be told: lists at URLs or on standard input, index pages,
/// digest lists. Kept, so that a plan can be gone through more than once.
public struct SourceContents: Sendable {
    enum Content: Sendable {
        case list(name: String, base: String?, bytes: [UInt8])
        case known(name: String, KnownShards)
    }

    var contents: [Int: Content] = [:]
    var digests: [Int: DigestList] = [:]
    /// Listings of buckets by source number, begun. They can be gone through once.
    public var listings: [Int: ListingStream] = [:]
    /// Why a listing cannot be trusted to be complete; empty when all are.
    public internal(set) var incomplete: [String] = []

    public init() {}

    /// The entries of one list that is known already.
    public init(name: String, items: [ListedItem]) {
        add(name: name, KnownShards(items), of: 0)
    }

    /// The entries of the source with that number.
    public mutating func add(name: String, _ shards: KnownShards, of source: Int) {
        contents[source] = .known(name: name, shards)
    }

    /// A fresh sequence of all shards.
    /// - Parameter isPeeking: of listings look at what is there, and take nothing.
    public func sequence(of sources: [Source], isPeeking: Bool = false) -> ShardSequence {
        let readers = contents.mapValues { content in
            switch content {
            case .list(let name, let base, let bytes): ListReader(name: name, base: base, bytes: bytes)
            case .known(let name, let shards): ListReader(name: name, known: shards)
            }
        }
        return ShardSequence(sources, readers: readers, digests: digests, listings: listings, isPeeking: isPeeking)
    }

    /// The same contents for a part of the sources, given by their numbers in order.
    public func renumbered(_ numbers: [Int]) -> SourceContents {
        var part = SourceContents()
        for (new, old) in numbers.enumerated() {
            part.contents[new] = contents[old]
            part.digests[new] = digests[old]
            part.listings[new] = listings[old]
        }
        return part
    }
}
