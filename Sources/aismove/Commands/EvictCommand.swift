import ArgumentParser
import Foundation
import Mover
import NodeStore
import ObjectModel
import Planner

/// `aismove evict`: objects out of the store; their source keeps them.
struct EvictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evict", abstract: "Remove objects from the store, by prefix or by template.",
        discussion: """
            A name with a brace range (ais://imagenet/train-{000000..000099}.tar) evicts those names; any other is a \
            prefix. The bucket itself stays registered.
            """)

    @Argument(help: ArgumentHelp("What to evict.", valueName: "bucket[/prefix|template]"))
    var selection: String

    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup(title: "Running cluster") var clusterFlags: ClusterFlags
    @OptionGroup(title: "Network") var networkFlags: NetworkFlags
    @OptionGroup var telling: TellingFlags

    @Flag(name: .customLong("dry-run"), help: "Print what would be evicted.")
    var dryRun = false

    @Option(name: .customLong("on-locked"), help: "What to do while another run holds the bucket.")
    var onLocked = RunOptions.OnLocked.wait

    func run() throws {
        let settings = RunFrame.Settings(telling, store: storeFlags.named())
        try RunFrame(dryRun ? "evict --dry-run" : "evict", settings).run(run)
    }

    private func run(in frame: RunFrame) throws {
        let opened = try storeFlags.open()
        let (store, cluster) = try clusterFlags.apply(
            to: opened, network: try networkFlags.options(), retries: RunOptions().retries)
        let selected = try BucketSelection(selection, in: store)
        guard selected.buckets.count == 1, let bucket = selected.buckets.first else {
            throw CommandFailure(.usage, "\(selection): name one bucket")
        }
        let driver = RunDriver(store: store, frame: frame, isDryRun: dryRun)
        try driver.run(total: nil) { recorder, stop in
            try Eviction(store: store, dryRun: dryRun, cluster: cluster).run(
                bucket, names: selected.prefix, onLocked: onLocked, recorder: recorder, stop: stop)
        }
    }
}
