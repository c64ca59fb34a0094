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

    /// Nil unless a lock rules the run.
    func lock() throws -> Lock? { try locked.map { (file) throws(LockError) in try Lock(file: file) } }

    /// Flags that contradict what a lock or `--offline` asks for.
    func check(latest: Bool, mismatch: RunOptions.DigestMismatch, cluster: String?) throws {
        if locked != nil, latest {
            throw CommandFailure(.usage, "--locked says which state is meant; leave out --latest")
        }
        if locked != nil, mismatch == .log {
            throw CommandFailure(.usage, "--locked keeps nothing that differs; leave out --digest-mismatch log")
        }
        if offline, latest { throw CommandFailure(.usage, "--offline asks nobody; leave out --latest") }
        if offline, cluster != nil { throw CommandFailure(.usage, "--offline asks nobody; leave out --cluster") }
    }
}
