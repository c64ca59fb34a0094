import Hashing
import ObjectModel

/// Digests of one bucket's object names, for the hot path: the unique name is put together in one reused buffer,
/// without a String and without an allocation a name. Not thread-safe; each lane has its own.
public struct UnameHasher {
    private var buffer: [UInt8]
    private let prefixCount: Int

    public init(_ bucket: Bucket) {
        buffer = Array("\(bucket.uname)/".utf8)
        prefixCount = buffer.count
        buffer.reserveCapacity(prefixCount + 256)
    }

    /// `XXH64(PROVIDER/NSUNAME/BUCKET/name)` with HRW's seed.
    public mutating func digest(_ name: Span<UInt8>) -> UInt64 {
        buffer.removeSubrange(prefixCount...)
        for index in name.indices { buffer.append(name[index]) }
        return XXH64.hash(buffer.span.bytes, seed: HRW.seed)
    }

    public mutating func digest(_ name: String) -> UInt64 { digest(name.utf8.span) }

    public mutating func digest(_ name: [UInt8]) -> UInt64 { digest(name.span) }
}
