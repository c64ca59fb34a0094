import ArgumentParser
import Mover
import Planner

/// What becomes of objects that their source no longer has.
struct SyncFlags: ParsableArguments {
    @Flag(help: "Evict what this source placed here and no longer has.")
    var delete = false

    @Option(
        name: .customLong("max-delete"),
        help: ArgumentHelp(
            "Evict nothing at all (exit 10) if that were more than this share of what this source placed here.",
            valueName: "percent"))
    var maxDelete = DeletionLimit.standard.description

    @Flag(name: .customLong("dry-run"), help: "Print what would be moved, updated and evicted; change nothing.")
    var dryRun = false

    func rules() throws -> SyncRules {
        guard let limit = DeletionLimit(maxDelete) else {
            throw CommandFailure(.usage, "--max-delete: '\(maxDelete)' is not a share; write 2%, 0.5% or 100%")
        }
        var rules = SyncRules()
        rules.deletes = delete
        rules.maxDelete = limit
        rules.isDryRun = dryRun
        return rules
    }
}

extension [Source] {
    /// Shards that they name, holes included; nil where only reading tells, or there are too many to count.
    var totalCount: Int? {
        map(\.count).reduce(0 as Int?) { sum, count in
            guard let sum, let count, count < Int.max - sum else { return nil }
            return sum + count
        }
    }
}
