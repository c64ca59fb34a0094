import ArgumentParser
import Mover
import NodeStore

extension ExportOptions.Mode: ExpressibleByArgument {}

/// `aismove export`: objects out of the store, into a directory.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Give a bucket's objects out into a directory: reflinks, copies or hard links, never a wrong object.",
        discussion: """
            Examples:
              aismove export ais://imagenet --to data
              aismove export ais://imagenet/train --to data --mode copy    (only names that begin so)

            Each object becomes DIR/NAME, NAME being its whole name. It appears whole; what was copied has been compared with
            its checksum. A file that stands there and differs is left alone, and told. Exit 3: the store's object is damaged;
            4: there is no such object.
            """)

    @Argument(help: ArgumentHelp("The bucket, with a prefix of object names.", valueName: "bucket[/prefix]"))
    var selection: String

    @Option(help: ArgumentHelp("The directory; made if it is missing.", valueName: "dir"))
    var to: String

    @Option(
        help: "auto = reflink where the file systems can, else copy; link = the store's own files under second names.")
    var mode = ExportOptions.Mode.auto

    @Flag(help: "Read what is linked or cloned too, and compare it with its checksum. (Copies always are.)")
    var verify = false

    @Flag(help: "Replace other files that stand where objects go.")
    var force = false

    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup(title: "Telling") var telling: TellingFlags
    @OptionGroup(title: "Continuous integration") var ciFlags: CIFlags

    func run() throws {
        let store = try storeFlags.open()
        let selected = try BucketSelection(selection, in: store)
        guard try BucketSelection.parse(selection).bucket != nil, let bucket = selected.buckets.first else {
            throw CommandFailure(.usage, "\(selection): name one bucket, e.g. ais://imagenet")
        }
        var options = ExportOptions()
        (options.mode, options.verifies, options.replaces) = (mode, verify, force)
        let (folder, exporting) = (try ExportFolder(to), options)
        let settings = RunFrame.Settings(telling, ciFlags, store: storeFlags.named())
        try RunFrame("export", settings).run { frame in
            try RunDriver(store: store, frame: frame).run(total: nil) { recorder, stop in
                try Export(store: store, options: exporting, stop: stop)
                    .run(bucket, prefix: selected.prefix, to: folder, recorder: recorder)
            }
        }
    }
}
