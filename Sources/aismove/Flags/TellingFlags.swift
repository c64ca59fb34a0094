import ArgumentParser
import Mover

/// How a run tells what it does.
struct TellingFlags: ParsableArguments {
    @Flag(help: "Print one JSON event a line on standard output, and nothing else there.")
    var json = false

    @Flag(help: "Print nothing when nothing is wrong.")
    var quiet = false

    @Flag(help: "Print a line for every shard.")
    var verbose = false

    @Option(
        help: ArgumentHelp("Write a JSON report: one record a shard and a summary (docs/report.md).", valueName: "file")
    )
    var report: String?

    var style: Narrator.Style {
        if json { return .json }
        if quiet { return .quiet }
        return Console.isTerminal ? .terminal : .plain
    }

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose contradict each other") }
    }
}
