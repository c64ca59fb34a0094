import ArgumentParser
import Backends
import Foundation
import NodeStore
import ObjectModel
import Planner

/// `aismove remote attach | detach | show`.
struct RemoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remote", abstract: "Attach remote AIS clusters to the store.",
        subcommands: [RemoteAttach.self, RemoteDetach.self, RemoteShow.self])
}

/// The cluster need not be online: what is known of it is learned when it is.
struct RemoteAttach: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Attach a cluster under an alias, or refresh one.",
        discussion: """
            The URLs are of the cluster's proxies; on a connection error the next one is asked. The cluster need not be \
            online. From then on ais://@ALIAS/bucket and s3://@ALIAS/bucket are read through it; its UUID may stand for \
            the alias everywhere. Secrets do not belong into the URLs: AIS_AUTHN_TOKEN or AIS_AUTHN_TOKEN_FILE.
            """)

    @Argument(help: ArgumentHelp("Alias and URLs of the cluster.", valueName: "alias=url[,url…]"))
    var attachments: [String] = []

    @Option(
        name: .customLong("ais-config"),
        help: ArgumentHelp("Attach what AIS's own configuration names (its backend.ais).", valueName: "file"))
    var configuration: String?

    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup var network: NetworkFlags

    func validate() throws {
        if attachments.isEmpty && configuration == nil {
            throw ValidationError("name what to attach: ALIAS=URL[,URL…], or --ais-config FILE")
        }
    }

    func run() throws {
        var wanted = try attachments.map(Self.parse)
        if let configuration {
            wanted += try AISConfiguration.attachments(file: configuration).all.map { ($0.alias, $0.urls) }
        }
        let store = try storeFlags.open()
        let environment = RemoteAsking.environment(try network.options())
        for (alias, urls) in wanted {
            for url in urls { try Self.check(url) }
            var planned = try store.ownAttachments()
            try planned.attach(alias, urls: urls)
            guard let attachment = planned.find(alias) else { continue }
            let sighting = try RemoteAsking.look(at: attachment, environment)
            try store.changeAttachments { attachments throws(StoreError) in
                try attachments.attach(alias, urls: urls)
                if let sighting { attachments.saw(alias, sighting) } else { attachments.missed(alias) }
            }
            let state = sighting.map { "\($0.uuid), Smap v\($0.smapVersion), \($0.targets) targets" }
            Console.line("attached \(alias) (\(state ?? "not online"))")
            for other in planned.all where other.alias != alias && sighting.map({ $0.uuid == other.uuid }) == true {
                Console.line("\(other.alias) is the same cluster, and is no alias of it any more")
            }
        }
    }

    /// `ALIAS=URL[,URL…]`
    private static func parse(_ text: String) throws -> (alias: String, urls: [String]) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let urls = parts.count == 2 ? parts[1].split(separator: ",").map(String.init) : []
        guard !urls.isEmpty else {
            throw CommandFailure(
                .usage, "\(URLText.redacted(text)): is no attachment; write remais=http://10.0.0.1:51080")
        }
        return (parts[0], urls)
    }

    private static func check(_ url: String) throws {
        let shown = URLText.redacted(url)
        guard url == shown else {
            throw CommandFailure(
                .usage, "\(shown): an attached URL has no user, query or fragment; for tokens: AIS_AUTHN_TOKEN_FILE")
        }
        guard URLText.origin(of: url) != nil else {
            throw CommandFailure(.usage, "\(shown): is no http:// or https:// URL of an AIS proxy")
        }
    }
}

struct RemoteDetach: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detach", abstract: "Forget an attached cluster; objects read from it stay.")

    @Argument(help: ArgumentHelp("Alias or UUID.", valueName: "alias|uuid"))
    var name: String

    @OptionGroup var storeFlags: StoreFlags

    func run() throws {
        var detached: Attachment?
        try storeFlags.open().changeAttachments { attachments throws(StoreError) in
            detached = try attachments.detach(name)
        }
        Console.line("detached \(detached?.alias ?? name)")
    }
}

/// What is known of the attached clusters, after asking each.
struct RemoteShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the attached clusters; asks each, and keeps what it says.")

    @Option(
        name: .customLong("ais-config"),
        help: ArgumentHelp("Show also what AIS's own configuration names (its backend.ais).", valueName: "file"))
    var configuration: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup var network: NetworkFlags

    func run() throws {
        let store = try storeFlags.open()
        let environment = RemoteAsking.environment(try network.options())
        var shown = try store.attachments()
        if let configuration { shown = shown.adding(try AISConfiguration.attachments(file: configuration)) }
        let own = Set(try store.ownAttachments().all.map(\.alias))
        var seen: [String: Attachment.Sighting] = [:]
        for attachment in shown.all {
            do {
                seen[attachment.alias] = try RemoteAsking.look(at: attachment, environment)
            } catch let failure as CommandFailure {
                Console.note("warning: \(failure.message)")
            }
        }
        func refresh(_ attachments: inout Attachments, _ aliases: some Sequence<String>) {
            for alias in aliases {
                if let sighting = seen[alias] { attachments.saw(alias, sighting) } else { attachments.missed(alias) }
            }
        }
        if !own.isEmpty { try store.changeAttachments { attachments in refresh(&attachments, own.sorted()) } }
        // Of a cluster's two aliases the store's own counts.
        let owned = Set(shown.all.filter { own.contains($0.alias) }.compactMap { seen[$0.alias]?.uuid ?? $0.uuid })
        shown = Attachments(
            shown.all.filter { own.contains($0.alias) || !(seen[$0.alias].map { owned.contains($0.uuid) } ?? false) })
        refresh(&shown, shown.all.map(\.alias))
        Console.line(
            json ? JSONLine.encode(shown.all.map(RemoteTable.Row.init), pretty: true) : RemoteTable.text(shown))
    }
}

/// Asking attached clusters, without patience.
enum RemoteAsking {
    static func environment(_ network: NetworkOptions) -> CloudEnvironment {
        var network = network
        network.connectTimeout = min(network.connectTimeout, 10)
        return CloudEnvironment(network: network, retry: RetryPolicy(retries: 0))
    }

    /// Nil when no node answers. Throws where the cluster refuses, or is another one.
    static func look(
        at attachment: Attachment, _ environment: CloudEnvironment
    ) throws -> Attachment.Sighting? {
        do throws(BackendError) {
            return Attachment.Sighting(try ClusterFinder.mapNow(of: attachment.cluster, in: environment))
        } catch {
            switch error.kind {
            case .unreachable:
                Console.note("\(error)")
                return nil
            case .usage: throw CommandFailure(.usage, "\(error)")
            default: throw CommandFailure(.refused, "\(error)")
            }
        }
    }
}
