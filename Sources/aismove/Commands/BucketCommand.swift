import ArgumentParser
import Foundation
import Mover
import NodeStore
import ObjectModel

/// `aismove bucket create | show | set | rm`.
struct BucketCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bucket", abstract: "Make, show, change or remove a bucket.",
        discussion: """
            Properties have AIStore's names: checksum.type, mirror.copies, backend_bck. A bucket that is fetched into \
            is made by itself; these commands are for properties other than the defaults, and for removal.
            """,
        subcommands: [BucketCreate.self, BucketShow.self, BucketSet.self, BucketRemove.self])

    /// The bucket that a user named, and nothing in it.
    static func parse(_ text: String) throws -> Bucket {
        let uri = try BucketSelection.parse(text)
        guard let bucket = uri.bucket, uri.object.isEmpty else {
            throw CommandFailure(
                .usage, "\(text): name a bucket and nothing in it: ais://BUCKET, ais://#NAMESPACE/BUCKET")
        }
        return bucket
    }

    /// The same, as the store's BMD has it. Not there = exit code 5.
    static func find(_ text: String, in store: NodeStore) throws -> BMDBucket {
        _ = try parse(text)
        guard let found = try BucketSelection(text, in: store).buckets.first else {
            throw CommandFailure(.refused, "\(text): no such bucket in this store")
        }
        return found
    }

    static func changes(_ texts: [String], in store: NodeStore) throws -> [PropChange] {
        let attached = try store.attachments()
        return try texts.map { text in
            try PropChange(parsing: text, resolve: { attached.resolved(Namespace(uuid: $0))?.uuid })
        }
    }
}

/// Adds a bucket to the BMD and makes its directories.
struct BucketCreate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a bucket, with properties other than the defaults if you like.",
        discussion: """
              aismove bucket create ais://imagenet mirror.enabled=true mirror.copies=2
              aismove bucket create ais://#team/data checksum.type=sha256

            A bucket of a cloud or of another cluster is added by the first 'aismove prefetch' from it, when its source \
            has confirmed it; --skip-lookup adds it unasked.
            """)

    @Argument(help: ArgumentHelp("The bucket.", valueName: "bucket"))
    var bucket: String

    @Argument(help: ArgumentHelp("Properties by their AIS names.", valueName: "key=value"))
    var props: [String] = []

    @Flag(name: .customLong("skip-lookup"), help: "Add a remote bucket without asking its source.")
    var skipLookup = false

    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup(title: "Running cluster") var clusterFlags: ClusterFlags
    @OptionGroup(title: "Network") var networkFlags: NetworkFlags

    func run() throws {
        let wanted = try BucketCommand.parse(bucket)
        let store = try storeFlags.open()
        guard wanted.isAIS || skipLookup else {
            throw CommandFailure(
                .usage,
                "\(wanted.cname) is added when it is first fetched from and its source has confirmed it: "
                    + "aismove prefetch \(wanted.cname); to add it unasked, give --skip-lookup")
        }
        if let cluster = try clusterFlags.connect(store, network: try networkFlags.options(), retries: 8) {
            guard try cluster.create(wanted, try BucketCommand.changes(props, in: store)) else {
                throw CommandFailure(.usage, "\(wanted.cname): the cluster has the bucket already")
            }
            return Console.line("\(wanted.cname) created by the cluster")
        }
        var request = BucketRequest(wanted)
        request.changes = try BucketCommand.changes(props, in: store)
        let made = try store.createBucket(request, now: UInt64(Date().timeIntervalSince1970 * 1e9))
        Console.line("\(made.bucket.cname) created, bid \(made.bid), BMD version \(try store.loadBMD().bmd.version)")
        for line in PropNotes(before: nil, after: made, objects: 0).lines { Console.line(line) }
    }
}

/// Changes properties, all in one version of the BMD.
struct BucketSet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change a bucket's properties.",
        discussion: """
              aismove bucket set ais://imagenet mirror.enabled=true mirror.copies=3
              aismove bucket set ais://nnn backend_bck=s3://data      (none = no backend)

            The properties that can be changed:
            \(BucketProp.all.map { "  \($0.name)" }.joined(separator: "\n"))
            """)

    @Argument(help: ArgumentHelp("The bucket.", valueName: "bucket"))
    var bucket: String

    @Argument(help: ArgumentHelp("Properties by their AIS names.", valueName: "key=value"))
    var props: [String]

    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup(title: "Running cluster") var clusterFlags: ClusterFlags
    @OptionGroup(title: "Network") var networkFlags: NetworkFlags

    func run() throws {
        _ = try BucketCommand.parse(bucket)
        let store = try storeFlags.open()
        let changes = try BucketCommand.changes(props, in: store)
        if let cluster = try clusterFlags.connect(store, network: try networkFlags.options(), retries: 8) {
            let (before, after) = try cluster.set(try BucketCommand.parse(bucket), changes)
            return Self.tell(PropsUpdate(before: before, after: after, version: nil).differences)
        }
        let known = try BucketCommand.find(bucket, in: store)
        let update = try store.setProps(known.bucket, changes)
        Self.tell(update.differences)
        if let version = update.version, update.before != update.after { Console.line("BMD version \(version)") }
        let objects = try? store.openBucket(update.after, sync: false).usage().objects
        for line in PropNotes(before: update.before, after: update.after, objects: objects ?? 0).lines {
            Console.line(line)
        }
    }

    private static func tell(_ differences: [(name: String, before: String, after: String)]) {
        if differences.isEmpty { Console.line("nothing to change") }
        for difference in differences {
            let (was, now) = (Console.harmless(difference.before), Console.harmless(difference.after))
            Console.line("\(difference.name): \(was) -> \(now)")
        }
    }
}

/// Takes a bucket with its objects out of the store.
struct BucketRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove a bucket and its objects from the store, not from their source.")

    @Argument(help: ArgumentHelp("The bucket.", valueName: "bucket"))
    var bucket: String

    @Flag(name: .customLong("keep-data"), help: "Remove no data: refused unless the bucket is empty.")
    var keepData = false

    @Option(name: .customLong("on-locked"), help: "What to do while a run holds the bucket.")
    var onLocked = RunOptions.OnLocked.wait

    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup(title: "Running cluster") var clusterFlags: ClusterFlags
    @OptionGroup(title: "Network") var networkFlags: NetworkFlags

    func run() throws {
        let store = try storeFlags.open()
        let known = try BucketCommand.find(bucket, in: store)
        let policy: RunLock.Policy = onLocked == .wait ? .wait(deadline: nil) : .fail
        let lock: RunLock
        do {
            lock = try store.lockRuns([known.bucket], policy: policy, onWait: { Console.note($0) })
        } catch {
            guard error.kind == .locked, onLocked == .skip else { throw error }
            return Console.line("skipped: another run holds \(known.bucket.cname)")
        }
        defer { withExtendedLifetime(lock) {} }
        if let cluster = try clusterFlags.connect(store, network: try networkFlags.options(), retries: 8) {
            guard !keepData else { throw CommandFailure(.usage, "--keep-data: a cluster removes data with its bucket") }
            try cluster.remove(known.bucket)
            return Console.line("\(known.bucket.cname) removed by the cluster")
        }
        let removal = try store.removeBucket(known.bucket, onlyEmpty: keepData)
        let size = ByteSize.format(removal.bytes)
        Console.line(
            "\(known.bucket.cname) removed: \(removal.objects) objects, \(size); BMD version \(removal.version)")
    }
}
