import Backends
import ObjectModel

/// Where a sequence stands in a range, with what the hot path asks for each shard at hand.
final class RangeStage {
    private(set) var cursor: RangeCursor
    /// The sequence's number of the bucket of `numberedDirectory`.
    var number: Int?
    /// The cursor's directory that `number` is for.
    var numberedDirectory = -1

    private let filter: NameFilter
    private let takesAll: Bool
    private let isAlwaysValid: Bool
    private let digests: DigestList?

    init(_ range: RangeSource, _ filter: NameFilter, _ digests: DigestList?) {
        cursor = range.makeCursor()
        self.filter = filter
        takesAll = filter.takesAll
        isAlwaysValid = range.names.isAlwaysValid
        self.digests = digests
    }

    /// Goes to the next name that the filter takes; nil at the end.
    func advance() throws(PlanError) -> String? {
        do throws(NameError) {
            while try cursor.advance() {
                let object = String(decoding: cursor.nameBytes, as: UTF8.self)
                if takesAll || filter.takes(object) { return object }
            }
            return nil
        } catch {
            throw .name(error)
        }
    }

    /// What digest lists say about the present shard.
    func promised() -> [PromisedDigest] {
        guard let digests else { return [] }
        return digests[String(decoding: cursor.keyBytes, as: UTF8.self)]
    }

    /// Set when the present name cannot be an object's.
    func refusal(_ object: String) -> Decision? {
        guard !isAlwaysValid, let reason = ObjectName.refusal(cursor.nameBytes.span) else { return nil }
        return .refused(NameError(object, reason))
    }
}
