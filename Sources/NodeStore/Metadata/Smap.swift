import ObjectModel

/// Cluster map (`.ais.smap`, or `GET /v1/daemon?what=smap`): which targets share the objects. Read, never written or
/// copied: a copied one stalls a node's start.
public struct Smap: Sendable, Hashable {
    public struct Target: Sendable, Hashable {
        public let id: String
        /// Public URL, `http://host:port`; empty when the map has none.
        public let url: String
        /// Bits as AIStore's node flags: 2 = maintenance, 3 = decommission.
        public let flags: UInt64

        /// Whether it gets no objects: in maintenance, or being decommissioned.
        public var isSkipped: Bool { flags & 0b1100 != 0 }
    }

    public let uuid: String
    public let version: UInt64
    /// The primary proxy's ID and public URL; empty when the map has none.
    public let primaryID: String
    public let primaryURL: String
    /// Sorted by ID.
    public let targets: [Target]
    /// Public URLs of the proxies, the primary's first; those that the map has.
    public let proxyURLs: [String]

    /// IDs of the targets that objects are placed on.
    public var activeTargets: [String] { targets.filter { !$0.isSkipped }.map(\.id) }

    /// Reads a file's content. Throws `.unreadable` or `.unknownFormat` naming `path`.
    public init(decoding bytes: [UInt8], path: String) throws(StoreError) {
        try self.init(root: JSP.decode(bytes, kind: .smap, path: path), path: path)
    }

    /// Reads the document itself, as the REST API gives it; `path` (or URL) is for the error alone.
    public init(root: JSONValue, path: String) throws(StoreError) {
        guard let uuid = root["uuid"]?.string, let version = root["version"]?.unsigned,
            let members = root["tmap"]?.object
        else {
            throw StoreError(.unreadable, path: path, message: "is no Smap: uuid, version or tmap are missing")
        }
        var targets: [Target] = []
        for (id, node) in members {
            guard let flags = node["flags"]?.unsigned, (node["daemon_id"]?.string ?? id) == id else {
                throw StoreError(
                    .unreadable, path: path, message: "is no Smap: its target \(NameError.printable(id)) is malformed")
            }
            if let placement = node["placement"], !placement.isNull {
                throw StoreError(
                    .unknownFormat, path: path,
                    message: "gives its targets placement weights (AIStore 5.2), which this aismove does not know")
            }
            targets.append(Target(id: id, url: node["public_net"]?["direct_url"]?.string ?? "", flags: flags))
        }
        self.uuid = uuid
        self.version = version
        primaryID = root["proxy_si"]?["daemon_id"]?.string ?? ""
        primaryURL = root["proxy_si"]?["public_net"]?["direct_url"]?.string ?? ""
        self.targets = targets.sorted { $0.id < $1.id }
        let proxies = (root["pmap"]?.object ?? [:]).sorted { $0.key < $1.key }.map {
            $0.value["public_net"]?["direct_url"]?.string ?? ""
        }
        let primary = primaryURL
        proxyURLs = ([primary] + proxies.filter { $0 != primary }).filter { !$0.isEmpty }
    }
}
