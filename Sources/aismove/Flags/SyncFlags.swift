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
            "Evict nothing at all (exit 10) if that were more than this share of what this source placed here. Default: 2%.",
            valueName: "percent"))
    var maxDelete: String?

    @Flag(name: .customLong("dry-run"), help: "Print what would be moved, updated and evicted; change nothing.")
    var dryRun = false

    /// What the flags say, else the job, else the defaults.
    func rules(job: Job?) throws -> SyncRules {
        var rules = SyncRules(job: job)
        if let maxDelete {
            guard let limit = DeletionLimit(maxDelete) else {
                throw CommandFailure(.usage, "--max-delete: '\(maxDelete)' is not a share; write 2%, 0.5% or 100%")
            }
            rules.maxDelete = limit
        }
        if delete { rules.deletes = true }
        rules.isDryRun = dryRun
        return rules
    }
}
