import ArgumentParser
import Mover

/// What continuous integration shows of a run.
struct CIFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Append a summary in Markdown, as $GITHUB_STEP_SUMMARY takes it.", valueName: "file"))
    var summary: String?

    @Option(help: ArgumentHelp("Write JUnit XML: a test case a shard.", valueName: "file"))
    var junit: String?

    func witnesses() throws -> [any RunWitness] {
        var witnesses: [any RunWitness] = []
        if let summary { witnesses.append(try MarkdownSummary(path: summary)) }
        if let junit { witnesses.append(try JUnitWriter(path: junit)) }
        return witnesses
    }
}
