import ArgumentParser
import Mover
import NodeStore
import ObjectModel

/// `aismove verify`: reads objects back and says what is wrong; `--repair` fetches exactly that again.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read objects back: size, checksum, metadata, placement, tar shards.")

    @Argument(help: ArgumentHelp("What to verify; none = the whole store.", valueName: "bucket[/prefix]"))
    var selection: String?

    @Flag(help: "Fetch what is damaged again, from where it came.")
    var repair = false

    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup(title: "Running cluster") var clusterFlags: ClusterFlags
    @OptionGroup(title: "With --repair (but --tar-check and --deadline always)") var runFlags: RunFlags
    @OptionGroup(title: "Network, with --repair") var networkFlags: NetworkFlags
    @OptionGroup(title: "Buckets at providers, with --repair") var bucketFlags: BucketFlags
    @OptionGroup(title: "Unattended") var scheduleFlags: ScheduleFlags
    @OptionGroup(title: "Telling") var telling: TellingFlags
    @OptionGroup(title: "Continuous integration") var ciFlags: CIFlags

    func run() throws {
        let settings = try scheduleFlags.settings(
            telling, ciFlags, store: storeFlags.named(), deadline: try runFlags.deadline())
        try RunFrame("verify", settings).run(run)
    }

    private func run(in frame: RunFrame) throws {
        let opened = try storeFlags.open()
        var options = try runFlags.options(network: try networkFlags.options(), latest: false)
        let (store, cluster) = try clusterFlags.apply(
            to: opened, network: options.network, retries: options.retries)
        options.beside = cluster
        let selected = try BucketSelection(selection, in: store)
        options.reach = bucketFlags.reach
        let moving = options
        try RunDriver(store: store, frame: frame).run(total: nil) { recorder, stop in
            let verification = Verification(store: store, tarCheck: moving.tarCheck, stop: stop)
            return try verification.run(
                selected.buckets, prefix: selected.prefix, repair: repair ? moving : nil, recorder: recorder)
        }
    }
}
