import ArgumentParser

/// What continuous integration shows of a run.
struct CIFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Append a summary in Markdown, as $GITHUB_STEP_SUMMARY takes it.", valueName: "file"))
    var summary: String?

    @Option(help: ArgumentHelp("Write JUnit XML: a test case a shard.", valueName: "file"))
    var junit: String?
}
