import Hashing

/// Highest random weight: which mountpath (and which target) an object belongs to.
///
///     digest = XXH64(uname, seed)
///     place  = argmax over the candidates of mix(XXH64(candidate, seed) XOR digest)
///
/// Pure arithmetic, as AIStore does it; pinned by `hrw-mountpaths.json`, `hrw-targets.json`, `xoshiro256-hash.json`.
public enum HRW {
    /// AIStore's `MLCG32`.
    public static let seed: UInt64 = 1_103_515_245

    /// The digest of a unique name, a daemon ID or a mountpath.
    public static func digest(_ text: String) -> UInt64 { XXH64.hash(text, seed: seed) }

    /// The same of text that is at hand as bytes.
    public static func digest(_ bytes: [UInt8]) -> UInt64 { XXH64.hash(bytes.span.bytes, seed: seed) }

    /// The weight function: two rounds of splitmix64's finaliser, then xoshiro256**'s output step.
    @inlinable
    public static func mix(_ state: UInt64) -> UInt64 {
        let once = finalise(state &+ 0x9e37_79b9_7f4a_7c15)
        let twice = finalise(once &+ 0x9e37_79b9_7f4a_7c15) &* 5
        return ((twice << 7) | (twice >> 57)) &* 9
    }

    @inlinable
    static func finalise(_ state: UInt64) -> UInt64 {
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// The daemon ID of the target that owns the object; nil only when there is no target. The IDs are those of the
    /// Smap's targets that are neither in maintenance nor being decommissioned.
    public static func target(for digest: UInt64, among ids: [String]) -> String? {
        var best: String?
        var highest: UInt64 = 0
        for id in ids {
            let weight = mix(Self.digest(id) ^ digest)
            if weight >= highest {
                highest = weight
                best = id
            }
        }
        return best
    }
}
