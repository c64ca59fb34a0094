import ArgumentParser
import Mover
import Planner

/// Where `plan` writes a lock.
struct LockFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write down which state of each shard this is (docs/lock.md): asks the source about all that no listing tells.",
            valueName: "file"))
    var lock: String?

    func builder() throws -> LockBuilder? { try lock.map { try LockBuilder(path: $0) } }
}

/// A prefetch that a lock rules, or that asks nobody.
struct LockedFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Move exactly what this lock names, in the state that it says; exit 3 if the source has moved. Sources may be left"
                + " out, or given again.", valueName: "file"))
    var locked: String?

    @Flag(help: "Ask nobody: exit 4 unless everything is in the store.")
    var offline = false

    /// The lock's file, by flag or by the job's `lock`; nil when there is none.
    func file(job: Job?) -> String? { locked ?? job?.lock?.value }

    /// The lock that rules the run, nil when there is none.
    func lock(job: Job?, _ options: RunOptions, besideCluster: Bool) throws -> Lock? {
        let file = file(job: job)
        if offline, options.latest { throw CommandFailure(.usage, "--offline asks nobody; leave out --latest") }
        if offline, besideCluster { throw CommandFailure(.usage, "--offline asks nobody; leave out --cluster") }
        guard let file else { return nil }
        if options.latest { throw CommandFailure(.usage, "\(file) says which state is meant; leave out --latest") }
        if options.digestMismatch == .log {
            throw CommandFailure(.usage, "\(file) allows nothing that differs; leave out --digest-mismatch log")
        }
        return try Lock(file: file)
    }
}
