import ObjectModel

/// The cluster map (Smap) of a remote AIS cluster, as `GET /v1/daemon?what=smap` gives it: which proxies answer, and
/// which target has an object.
public struct ClusterMap: Sendable, Hashable {
    public struct Node: Sendable, Hashable {
        public let id: String
        /// `http://host:port` of its public network.
        public let origin: String
        /// HRW's digest of the ID.
        let digest: UInt64
    }

    public let uuid: String
    public let version: UInt64
    public let primaryID: String
    /// Sorted by ID; those in maintenance or being decommissioned are left out.
    public let proxies: [Node]
    /// The same.
    public let targets: [Node]
    /// Whether HRW as it is known here tells an object's target; else only proxies are asked.
    public let namesOwners: Bool
    /// What of the document is used here, as JSON, to be kept: reading it again gives this map.
    public let kept: JSONValue

    /// Throws `.unreachable` naming `subject` for anything that is no Smap.
    public init(parsing bytes: [UInt8], subject: String) throws(BackendError) {
        let root: JSONValue
        do {
            root = try JSONValue.parse(bytes, maxBytes: 16 << 20)
        } catch {
            throw BackendError(.unreachable, subject, "the answer is no cluster map: \(error.reason)")
        }
        guard let uuid = root["uuid"]?.string, !uuid.isEmpty, let version = root["version"]?.unsigned,
            let proxies = root["pmap"]?.object, let targets = root["tmap"]?.object
        else {
            throw BackendError(
                .unreachable, subject, "the answer is no cluster map; is this the URL of an AIS proxy?")
        }
        self.uuid = uuid
        self.version = version
        primaryID = root["proxy_si"]?["daemon_id"]?.string ?? ""
        self.proxies = Self.nodes(proxies)
        self.targets = Self.nodes(targets)
        // A target left out for want of a usable URL, or weights of AIStore 5.2: HRW would name the wrong one.
        let known = targets.values.filter { !Self.isSkipped($0) }
        namesOwners =
            known.count == self.targets.count && known.allSatisfy { $0["placement"].map(\.isNull) ?? true }
        kept = [
            "uuid": .string(uuid), "version": .string(String(version)),
            "proxy_si": ["daemon_id": .string(primaryID)], "pmap": .object(proxies.mapValues(Self.kept)),
            "tmap": .object(targets.mapValues(Self.kept)),
        ]
    }

    /// The target that holds the object with this digest (`HRW.digest` of its uname in the cluster's own namespace).
    public func owner(of digest: UInt64) -> Node? {
        guard namesOwners else { return nil }
        var best: Node?
        var highest: UInt64 = 0
        for node in targets {
            let weight = HRW.mix(node.digest ^ digest)
            if weight >= highest { (highest, best) = (weight, node) }
        }
        return best
    }

    /// `p[id]`, as AIS prints it.
    public var primary: String { primaryID.isEmpty ? "" : "p[\(primaryID)]" }

    private static func nodes(_ members: [String: JSONValue]) -> [Node] {
        members.compactMap { id, node in
            guard !isSkipped(node), let url = node["public_net"]?["direct_url"]?.string,
                let origin = URLText.origin(of: url)
            else { return nil }
            return Node(id: id, origin: origin, digest: HRW.digest(id))
        }
        .sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    }

    private static func kept(_ node: JSONValue) -> JSONValue {
        var kept: JSONValue = [
            "public_net": ["direct_url": .string(node["public_net"]?["direct_url"]?.string ?? "")],
            "flags": .string(String(node["flags"]?.unsigned ?? 0)),
        ]
        if let placement = node["placement"], !placement.isNull { kept["placement"] = placement }
        return kept
    }

    /// Bits 2 and 3 of a node's flags: in maintenance, being decommissioned.
    private static func isSkipped(_ node: JSONValue) -> Bool { (node["flags"]?.unsigned ?? 0) & 0b1100 != 0 }
}
