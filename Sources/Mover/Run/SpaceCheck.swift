import NodeStore
import ObjectModel
import Planner

/// Where sizes are known, a plan that does not fit a mountpath is refused before the first byte.
struct SpaceCheck {
    let context: RunContext

    func run(_ outline: Outline, buckets: [Bucket: BucketStore]) throws {
        // A listing that is longer than what was read ahead is left to the running reservation.
        guard outline.knowsSizes, outline.knowsListings else { return }
        var needed = Array(repeating: Int64(0), count: context.store.mountpaths.count)
        var survey = Survey(
            outline.contents.sequence(of: outline.sources, isPeeking: true), buckets: buckets, check: .presence)
        while let shard = try survey.next() {
            guard case .move = shard.decision, let size = shard.shard.size, let placement = shard.placement else {
                continue
            }
            for index in [placement.mountpathIndex] + placement.copies { needed[index] += size }
        }
        if let shortage = try shortages(needed: needed).first { throw RunError(.noSpace, shortage) }
    }

    /// - Parameter needed: bytes for each mountpath.
    /// - Returns: a sentence for each on which they do not fit.
    func shortages(needed: [Int64]) throws -> [String] {
        var together = Array(repeating: Int64(0), count: needed.count)
        for (index, bytes) in needed.enumerated() { together[context.store.fileSystem(of: index)] += bytes }
        return try together.enumerated().compactMap { index, bytes in
            if bytes == 0 { return nil }
            let space = try context.store.space(mountpath: index)
            let usable = space.free - SpaceReservation.reserve(total: space.total)
            if bytes <= usable { return nil }
            return "\(context.store.mountpaths[index].hostPath): the plan needs \(ByteSize.format(bytes)) there, "
                + "\(ByteSize.format(max(usable, 0))) are usable; free space, or make a store with more mountpaths"
        }
    }
}
