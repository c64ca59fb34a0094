import Backends
import Foundation

/// What had to be read of the sources before their shards can be told: lists at URLs or on standard input, index pages,
/// digest lists. Kept, so that a plan can be gone through more than once.
public struct SourceContents: Sendable {
    enum Content: Sendable {
        case list(name: String, base: String?, bytes: [UInt8])
        case items(name: String, [ListedItem])
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
        contents = [0: .items(name: name, items)]
    }

    /// A fresh sequence of all shards.
    /// - Parameter isPeeking: of listings look at what is there, and take nothing.
    public func sequence(of sources: [Source], isPeeking: Bool = false) -> ShardSequence {
        let readers = contents.mapValues { content in
            switch content {
            case .list(let name, let base, let bytes): ListReader(name: name, base: base, bytes: bytes)
            case .items(let name, let items): ListReader(name: name, items: items)
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
