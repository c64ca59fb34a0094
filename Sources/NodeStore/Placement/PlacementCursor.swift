import Hashing
import ObjectModel

/// Places names of one bucket, given as bytes, one after the other: HRW and FQN without a string in between. For plans
/// of millions of names.
public struct PlacementCursor {
    public let bucket: Bucket
    private let mountpaths: [Mountpath]
    private let prefixes: [[UInt8]]
    private var hasher: UnameHasher
    /// The FQN of the last name, as the node sees it.
    public private(set) var fqn: [UInt8] = []

    public init(_ bucket: Bucket, _ mountpaths: [Mountpath]) {
        self.bucket = bucket
        self.mountpaths = mountpaths
        prefixes = mountpaths.map { Array("\($0.aisPath)/\(FQN.bucketDirectory(bucket, .object))/".utf8) }
        hasher = UnameHasher(bucket)
    }

    /// - Returns: the mountpath's number; nil when there is none.
    public mutating func place(_ name: [UInt8]) -> Int? {
        guard let index = HRW.mountpath(for: hasher.digest(name), among: mountpaths) else { return nil }
        fqn.removeAll(keepingCapacity: true)
        fqn.append(contentsOf: prefixes[index])
        fqn.append(contentsOf: name)
        return index
    }
}
