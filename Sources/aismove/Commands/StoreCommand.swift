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
        help: ArgumentHelp(
            "A mountpath on this host, and the path under which the node sees it.", valueName: "host[=ais]"))
    var mountpaths: [String] = []

    @Option(
        name: .customLong("node-id"), help: ArgumentHelp("Daemon ID of the target that will use it.", valueName: "id"))
    var nodeID: String?

    @Option(help: ArgumentHelp("AIStore release that will read the store: 4.9 or 5.0.", valueName: "version"))
    var format = "4.9"

    @Option(
        help: ArgumentHelp(
            "Keep one more copy of the BMD in the configuration directory of the primary proxy that is to start a cluster "
                + "from the store.", valueName: "dir"))
    var bmd: String?

    func validate() throws {
        if bmd?.isEmpty == true { throw ValidationError("--bmd needs a directory") }
    }

    func run() throws {
        let pairs = mountpaths.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (host: parts[0], ais: parts.count == 2 ? parts[1] : nil)
        }
        let store = try NodeStore.initialise(
            directory: directory, mountpaths: pairs, nodeID: nodeID, format: format, bmd: bmd)
        Console.line("store \(store.directory) (format \(store.format.rawValue))")
        for mountpath in store.mountpaths { Console.line("  \(StoreShow.title(mountpath))") }
        if let bmd = store.bmdDirectory { Console.line("  its BMD also in \(bmd)") }
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
            var fileSystem: String?
            var owner: String

            enum CodingKeys: String, CodingKey {
                case mountpath, free, total, owner
                case aisPath = "ais_path"
                case fileSystem = "file_system"
            }
        }
        struct Bucket: Encodable {
            var bucket: String
            var bid: String
            var objects: Int
            var bytes: Int64
        }
        var store: String
        var format: String
        var bmdUUID: String
        var bmdVersion: UInt64
        /// Where one more copy of the BMD is kept (`--bmd`).
        var bmdDirectory: String?
        var clusterOwned: Bool
        var mountpaths: [Space]
        var buckets: [Bucket]

        enum CodingKeys: String, CodingKey {
            case store, format, mountpaths, buckets
            case bmdUUID = "bmd_uuid"
            case bmdVersion = "bmd_version"
            case bmdDirectory = "bmd_directory"
            case clusterOwned = "cluster_owned"
        }

        init(_ overview: StoreOverview) {
            store = overview.directory
            format = overview.format.rawValue
            bmdUUID = overview.uuid
            bmdVersion = overview.version
            bmdDirectory = overview.bmdDirectory
            clusterOwned = overview.ownership.clusterOwned
            mountpaths = overview.mountpaths.map {
                Space(
                    mountpath: $0.mountpath.hostPath, aisPath: $0.mountpath.aisPath, free: $0.free, total: $0.total,
                    fileSystem: $0.fileSystemType, owner: $0.owner)
            }
            buckets = overview.buckets.map {
                Bucket(
                    bucket: $0.bucket.bucket.cname, bid: String($0.bucket.bid), objects: $0.objects, bytes: $0.bytes)
            }
        }
    }

    func run() throws {
        let overview = try storeFlags.open().describe()
        for repair in overview.repairs { Console.note(repair) }
        Console.line(json ? JSONLine.encode(Facts(overview), pretty: true) : Self.text(overview))
    }

    private static func text(_ overview: StoreOverview) -> String {
        let owner =
            overview.ownership.clusterOwned
            ? " (a cluster's: its primary owns it)" : overview.bmdDirectory.map { ", kept in \($0) too" } ?? ""
        var lines = [
            "store       \(overview.directory) (format \(overview.format.rawValue))",
            "BMD         version \(overview.version), uuid \(overview.uuid)\(owner)",
            "mountpaths",
        ]
        for space in overview.mountpaths {
            let free = "\(ByteSize.format(space.free)) free of \(ByteSize.format(space.total))"
            lines.append("  \(title(space.mountpath))  \(free), \(space.fileSystemType ?? "unknown file system")")
        }
        lines.append(overview.buckets.isEmpty ? "buckets     none" : "buckets")
        for bucket in overview.buckets {
            let size = ByteSize.format(bucket.bytes)
            lines.append(
                "  \(bucket.bucket.bucket.cname)  \(bucket.objects) objects, \(size), bid \(bucket.bucket.bid)")
        }
        return lines.joined(separator: "\n")
    }

    static func title(_ mountpath: Mountpath) -> String {
        mountpath.hostPath == mountpath.aisPath
            ? mountpath.hostPath : "\(mountpath.hostPath) (the node's \(mountpath.aisPath))"
    }
}
