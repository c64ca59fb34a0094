import ArgumentParser
import Foundation
import NodeStore
import ObjectModel

/// `aismove store init | show`.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Make a store, or show one.", subcommands: [StoreInit.self, StoreShow.self])
}

/// Describes mountpaths as one store; writes nothing into them but `.aismove/` and, for a fresh store, an empty BMD.
struct StoreInit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a store out of mountpaths.",
        discussion: """
            Without --mountpath, DIR/mp1 is the one mountpath. Where the node sees a mountpath under another path (in a \
            container), say both: --mountpath /mnt/d1=/ais/mp1. Placement depends on the node's paths.
            """)

    @Argument(help: ArgumentHelp("Directory for the store's description.", valueName: "dir"))
    var directory: String

    @Option(
        name: .customLong("mountpath"),
        help: ArgumentHelp("A mountpath on this host, and the path under which the node sees it.", valueName: "host[=ais]"))
    var mountpaths: [String] = []

    @Option(name: .customLong("node-id"), help: ArgumentHelp("Daemon ID of the target that will use it.", valueName: "id"))
    var nodeID: String?

    @Option(help: ArgumentHelp("AIStore release that will read the store: 4.9 or 5.0.", valueName: "version"))
    var format = "4.9"

    func run() throws {
        let pairs = mountpaths.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (host: parts[0], ais: parts.count == 2 ? parts[1] : nil)
        }
        let store = try NodeStore.initialise(
            directory: directory, mountpaths: pairs, nodeID: nodeID, format: format)
        Console.line("store \(store.directory) (format \(store.format.rawValue))")
        for mountpath in store.mountpaths { Console.line("  \(StoreShow.title(mountpath))") }
    }
}

/// Mountpaths, space, BMD version, buckets, objects, bytes.
struct StoreShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show mountpaths, space, BMD and buckets with their objects and bytes.")

    @OptionGroup var storeFlags: StoreFlags

    @Flag(help: "Print JSON.")
    var json = false

    private struct Facts: Encodable {
        struct Space: Encodable {
            var mountpath: String
            var aisPath: String
            var free: Int64
            var total: Int64
        }
        struct Bucket: Encodable {
            var bucket: String
            var bid: String
            var objects: Int
            var bytes: Int64
        }
        var store: String
        var format: String
        var bmdUUID: String?
        var bmdVersion: UInt64?
        var clusterOwned: Bool
        var mountpaths: [Space]
        var buckets: [Bucket]
    }

    func run() throws {
        let store = try storeFlags.open()
        let loaded = try store.loadBMD()
        for repair in loaded.repairs { Console.note(repair) }
        var facts = Facts(
            store: store.directory, format: store.format.rawValue, bmdUUID: loaded.bmd?.uuid,
            bmdVersion: loaded.bmd?.version, clusterOwned: store.isClusterOwned, mountpaths: [], buckets: [])
        for (index, mountpath) in store.mountpaths.enumerated() {
            let space = try store.space(mountpath: index)
            facts.mountpaths.append(
                .init(
                    mountpath: mountpath.hostPath, aisPath: mountpath.aisPath, free: space.free, total: space.total))
        }
        for bucket in loaded.bmd?.buckets ?? [] {
            var (objects, bytes) = (0, Int64(0))
            try store.openBucket(bucket, sync: false).walk(prefix: "") { object in
                objects += 1
                bytes += object.size
                return true
            }
            facts.buckets.append(
                .init(bucket: bucket.bucket.cname, bid: String(bucket.bid), objects: objects, bytes: bytes))
        }
        Console.line(json ? JSONLine.encode(facts, pretty: true) : Self.text(facts))
    }

    private static func text(_ facts: Facts) -> String {
        var lines = ["store       \(facts.store) (format \(facts.format))"]
        let owner = facts.clusterOwned ? " (a cluster's: its primary owns it)" : ""
        lines.append(
            facts.bmdVersion.map { "BMD         version \($0), uuid \(facts.bmdUUID ?? "")\(owner)" }
                ?? "BMD         none yet: the first prefetch makes it")
        lines.append("mountpaths")
        for space in facts.mountpaths {
            let ais = space.mountpath == space.aisPath ? "" : " (the node's \(space.aisPath))"
            lines.append(
                "  \(space.mountpath)\(ais)  \(ByteSize.format(space.free)) free of \(ByteSize.format(space.total))")
        }
        lines.append(facts.buckets.isEmpty ? "buckets     none" : "buckets")
        for bucket in facts.buckets {
            lines.append(
                "  \(bucket.bucket)  \(bucket.objects) objects, \(ByteSize.format(bucket.bytes)), bid \(bucket.bid)")
        }
        return lines.joined(separator: "\n")
    }

    static func title(_ mountpath: Mountpath) -> String {
        mountpath.hostPath == mountpath.aisPath
            ? mountpath.hostPath : "\(mountpath.hostPath) (the node's \(mountpath.aisPath))"
    }
}
