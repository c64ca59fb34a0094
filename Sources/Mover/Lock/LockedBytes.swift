import NodeStore
import ObjectModel
import Planner

/// Whether a present object is the locked one, where its metadata says nothing that the lock says too: then its bytes tell.
enum LockedBytes {
    /// The shard, to be moved again where the store has another one.
    static func checked(_ surveyed: SurveyedShard) -> SurveyedShard {
        guard surveyed.decision == .present, let locked = surveyed.shard.listed, let stored = surveyed.stored,
            let bucket = surveyed.bucket, let placement = surveyed.placement, !locked.digests.isEmpty,
            ListedState(locked).isSame(as: stored) == nil
        else { return surveyed }
        var surveyed = surveyed
        do {
            let digests = RunningDigests(locked.digests.map(\.subject))
            let reader = try bucket.open(surveyed.shard.object, at: placement)
            let buffer = TransferBuffer(capacity: 1 << 20)
            while try reader.read(into: buffer) > 0 {
                buffer.withBytes { digests.update($0) }
                buffer.removeAll()
            }
            if case .differs = DigestVerdict(promised: locked.digests, computed: digests.finalize()) {
                surveyed.shard.decision = .move(.changed)
            }
        } catch {
            surveyed.shard.decision = .move(.damaged("\(error)"))
        }
        return surveyed
    }
}
