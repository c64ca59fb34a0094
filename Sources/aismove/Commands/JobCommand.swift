import ArgumentParser
import Mover
import Planner

/// `aismove job …`: job files as such.
struct JobCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Check and explain job files; look at their earlier runs.",
        subcommands: [JobCheckCommand.self, JobHistoryCommand.self, JobSchemaCommand.self])
}

/// `aismove job check FILE`: explains the job as understood; asks no network and writes nothing.
struct JobCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a job file and explain it as understood. Touches neither the network nor the store.",
        discussion: """
            Exit code 2 with file:line:column and the reason when it cannot be run. Files that it names and that are not \
            here are warnings: it may be checked elsewhere than where it runs.
            """)

    @Argument(help: ArgumentHelp("The job file.", valueName: "file"))
    var file: String

    func run() throws {
        let job = try JobSpec.read(file: file).understand()
        try SourceCollision.check(job.sources)
        let explanation = JobExplanation(job)
        for line in explanation.lines { Console.line(Console.harmless(line)) }
        for warning in explanation.warnings { Console.note("warning: \(Console.harmless(warning))") }
    }
}

/// `aismove job schema`: what `docs/job.schema.json` and the tables of `docs/jobs.md` are made with.
struct JobSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of job files, which editors use.", shouldDisplay: false)

    @Flag(help: "Print the reference's tables instead, in Markdown.")
    var tables = false

    func run() {
        Console.line(tables ? JobKeyTable.document : JobSchema.document.text(pretty: true))
    }
}
