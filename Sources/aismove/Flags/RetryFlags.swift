import ArgumentParser

/// What failed in an earlier run, instead of sources.
struct RetryFlags: ParsableArguments {
    @Option(
        name: .customLong("from-report"),
        help: ArgumentHelp(
            "Retry what failed or was missing in the run of this report: same sources, names and destinations.",
            valueName: "file"))
    var fromReport: String?
}
