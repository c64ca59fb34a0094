import ArgumentParser
import Mover

/// The root command: what `aismove --help` shows.
struct Aismove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aismove",
        abstract: "Move datasets into an AIStore node store: verified, crash-safe, registered.",
        discussion: """
            A URL range (https://host/imagenet/train-{000000..001281}.tar), a list or an index page becomes objects \
            that a NVIDIA AIStore node serves as its own. Every byte is hashed and every tar shard checked while it \
            passes; an object becomes visible only when it is whole, verified and synced. Runs can be interrupted at \
            any moment: the next one continues. A second run moves nothing.

            First steps:
              aismove store init /srv/aismove --mountpath /mnt/d1 --mountpath /mnt/d2
              aismove plan     'https://host/imagenet/train-{000000..001281}.tar' --store /srv/aismove
              aismove prefetch 'https://host/imagenet/train-{000000..001281}.tar' --store /srv/aismove
              aismove verify   --store /srv/aismove

            Exit codes:
            \(Mover.ExitCode.allCases.map { "  \(pad($0.rawValue))  \($0.meaning)" }.joined(separator: "\n"))
            """,
        version: Version.text,
        subcommands: [
            StoreCommand.self, PlanCommand.self, PrefetchCommand.self, SyncCommand.self, VerifyCommand.self,
            ListCommand.self, CatCommand.self, EvictCommand.self, ExportCommand.self, BucketCommand.self,
            RemoteCommand.self, JobCommand.self,
        ])

    private static func pad(_ code: Int32) -> String {
        let text = String(code)
        return String(repeating: " ", count: max(0, 3 - text.count)) + text
    }
}
