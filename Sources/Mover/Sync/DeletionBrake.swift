import Planner

/// Why a sync evicts nothing although it was asked to (exit code 10).
enum DeletionBrake {
    case incompleteListing
    /// A source that lists nothing, whose objects the store has.
    case nothingListed(Source, place: String, candidates: Int)
    /// Of one source, more than the limit allows are gone.
    case limit(DeletionLimit, Source, gone: Int, candidates: Int)

    /// One sentence with the remedy.
    var text: String {
        switch self {
        case .incompleteListing: "a listing is not complete; run again"
        case .nothingListed(let source, let place, let candidates):
            "\(source.spec.shown) lists nothing, and the store has \(candidates) objects from there; if it is meant to be"
                + " empty, 'aismove evict \(place)' removes what begins so"
        case .limit(let limit, let source, let gone, let candidates):
            "\(gone) of \(candidates) objects from \(source.spec.shown) are gone there, and --max-delete \(limit) allows"
                + " \(limit.allowed(of: candidates)); if that is right, run again with --max-delete"
                + " \(DeletionLimit.needed(for: gone, of: candidates))"
        }
    }
}
