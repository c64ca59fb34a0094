import ArgumentParser

/// `aismove job`: what has to do with jobs, but does not run them.
struct JobCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Look at jobs and their earlier runs.", subcommands: [JobHistoryCommand.self])
}
