import ArgumentParser
import Mover
import Planner

/// What continuous integration shows of a run.
struct CIFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Append a summary in Markdown, as $GITHUB_STEP_SUMMARY takes it.", valueName: "file"))
    var summary: String?

    @Option(help: ArgumentHelp("Write JUnit XML: a test case a shard.", valueName: "file"))
    var junit: String?

    /// - Parameter job: says what no flag says.
    func witnesses(job: Job? = nil) throws -> [any RunWitness] {
        var witnesses: [any RunWitness] = []
        if let summary = summary ?? job?.summary?.value { witnesses.append(try MarkdownSummary(path: summary)) }
        if let junit = junit ?? job?.junit?.value { witnesses.append(try JUnitWriter(path: junit)) }
        return witnesses
    }
}
