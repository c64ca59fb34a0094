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

    /// The bucket that a user named, and nothing in it; in a remote cluster by its UUID, also where an alias was given.
    static func parse(_ text: String, in store: NodeStore) throws -> Bucket {
        let uri = try BucketSelection.parse(text)
        guard let bucket = uri.bucket, uri.object.isEmpty else {
            throw CommandFailure(
                .usage, "\(text): name a bucket and nothing in it: ais://BUCKET, ais://#NAMESPACE/BUCKET")
        }
        let namespace = bucket.namespace
        guard namespace.isRemote else { return bucket }
        let attached = try store.attachments()
        if let resolved = attached.resolved(namespace) {
            return try Bucket(provider: bucket.provider, namespace: resolved, name: bucket.name)
        }
        if BMD.isUUID(namespace.uuid), attached.find(namespace) == nil { return bucket }
        let remedy =
            attached.find(namespace) == nil
            ? "no cluster is attached as \(namespace.uuid): aismove remote attach \(namespace.uuid)=URL"
            : "the cluster attached as \(namespace.uuid) was never seen: aismove remote show asks it again"
        throw CommandFailure(.usage, "\(text): \(remedy)")
    }

    /// The same, as the store's BMD has it. Not there = exit code 5.
    static func find(_ text: String, in store: NodeStore) throws -> BMDBucket {
        let wanted = try parse(text, in: store)
        guard let found = try BucketSelection(wanted.cname, in: store).buckets.first else {
            throw CommandFailure(.refused, "\(text): no such bucket in this store")
        }
        return found
    }

    /// The store that a command changes, and the running cluster where one was named.
    static func open(
        _ storeFlags: StoreFlags, _ clusterFlags: ClusterFlags, _ networkFlags: NetworkFlags
    ) throws -> (store: NodeStore, cluster: ClusterSide?) {
        try clusterFlags.apply(
            to: try storeFlags.open(), network: try networkFlags.options(), retries: RunOptions().retries)
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
        let (store, cluster) = try BucketCommand.open(storeFlags, clusterFlags, networkFlags)
        let wanted = try BucketCommand.parse(bucket, in: store)
        if let cluster { return try create(wanted, at: cluster, in: store) }
        guard wanted.isAIS || skipLookup else {
            throw CommandFailure(
                .usage,
                "\(wanted.cname) is added when it is first fetched from and its source has confirmed it: "
                    + "aismove prefetch \(wanted.cname); to add it unasked, give --skip-lookup")
        }
        var request = BucketRequest(wanted)
        request.changes = try BucketCommand.changes(props, in: store)
        let made = try store.createBucket(request, now: UInt64(Date().timeIntervalSince1970 * 1e9))
        Console.line("\(made.bucket.cname) created, bid \(made.bid), BMD version \(try store.loadBMD().bmd.version)")
        for line in PropNotes(before: nil, after: made, objects: 0).lines { Console.line(line) }
    }

    /// An `ais://` bucket is made by the cluster; any other is added when it is asked for it.
    private func create(_ wanted: Bucket, at cluster: ClusterSide, in store: NodeStore) throws {
        let changes = try BucketCommand.changes(props, in: store)
        if wanted.isAIS {
            guard try cluster.create(wanted, changes) else {
                throw CommandFailure(.usage, "\(wanted.cname): the cluster has the bucket already")
            }
            return Console.line("\(wanted.cname) created by the cluster")
        }
        try cluster.add(wanted)
        if !changes.isEmpty { _ = try cluster.set(wanted, changes) }
        Console.line("\(wanted.cname) added by the cluster")
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
        let (store, cluster) = try BucketCommand.open(storeFlags, clusterFlags, networkFlags)
        let wanted = try BucketCommand.parse(bucket, in: store)
        let changes = try BucketCommand.changes(props, in: store)
        if let cluster {
            let (before, after) = try cluster.set(wanted, changes)
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
        let (store, cluster) = try BucketCommand.open(storeFlags, clusterFlags, networkFlags)
        let wanted =
            cluster == nil
            ? try BucketCommand.find(bucket, in: store).bucket : try BucketCommand.parse(bucket, in: store)
        let policy: RunLock.Policy = onLocked == .wait ? .wait(deadline: nil) : .fail
        let lock: RunLock
        do {
            lock = try store.lockRuns([wanted], policy: policy, onWait: { Console.note($0) })
        } catch {
            guard error.kind == .locked, onLocked == .skip else { throw error }
            return Console.line("skipped: another run holds \(wanted.cname)")
        }
        defer { withExtendedLifetime(lock) {} }
        if let cluster {
            guard !keepData else { throw CommandFailure(.usage, "--keep-data: a cluster removes data with its bucket") }
            try cluster.remove(wanted)
            return Console.line("\(wanted.cname) removed by the cluster")
        }
        let removal = try store.removeBucket(wanted, onlyEmpty: keepData)
        let size = ByteSize.format(removal.bytes)
        Console.line(
            "\(wanted.cname) removed: \(removal.objects) objects, \(size); BMD version \(removal.version)")
    }
}
