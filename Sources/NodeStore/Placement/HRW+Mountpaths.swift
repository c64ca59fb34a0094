import ObjectModel

extension HRW {
    /// The mountpath of the object with this digest, as an index; nil only when there is no mountpath.
    /// Of equal weights the later one wins, as in AIStore.
    public static func mountpath(for digest: UInt64, among mountpaths: [Mountpath]) -> Int? {
        var best: Int?
        var highest: UInt64 = 0
        for index in mountpaths.indices {
            let weight = mix(mountpaths[index].digest ^ digest)
            if weight >= highest {
                highest = weight
                best = index
            }
        }
        return best
    }

    /// All mountpaths as indices, the object's own first: where the copies of a mirrored bucket go.
    public static func ranked(for digest: UInt64, among mountpaths: [Mountpath]) -> [Int] {
        let weights = mountpaths.map { mix($0.digest ^ digest) }
        return mountpaths.indices.sorted { (weights[$0], $0) > (weights[$1], $1) }
    }
}
