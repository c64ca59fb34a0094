import ObjectModel

/// A remote AIS cluster that was attached to the store, and what was last known of it. In the store's description:
///
///     "remais": {"urls": ["http://10.0.0.1:51080"], "uuid": "gw1OWWdOt", "primary": "p[urDthYyE]",
///                "smap_version": 4, "targets": 10, "online": true, "smap": {…}}
///
/// Of a cluster never seen, `urls` alone.
public struct Attachment: Sendable, Hashable {
    public let alias: String
    /// In the order given; never with userinfo.
    public var urls: [String]
    /// Nil until the cluster was seen.
    public var lastSeen: Sighting?
    /// Whether it answered when it was asked last.
    public var isOnline: Bool

    /// What the cluster said of itself.
    public struct Sighting: Sendable, Hashable {
        public var uuid: String
        /// The primary proxy as AIS prints it: `p[id]`.
        public var primary: String
        public var smapVersion: UInt64
        /// Targets that hold objects.
        public var targets: Int
        /// The whole Smap.
        public var smap: JSONValue

        public init(uuid: String, primary: String, smapVersion: UInt64, targets: Int, smap: JSONValue) {
            self.uuid = uuid
            self.primary = primary
            self.smapVersion = smapVersion
            self.targets = targets
            self.smap = smap
        }
    }

    public init(alias: String, urls: [String], lastSeen: Sighting? = nil, isOnline: Bool = false) {
        self.alias = alias
        self.urls = urls
        self.lastSeen = lastSeen
        self.isOnline = isOnline
    }

    public var uuid: String? { lastSeen?.uuid }

    /// Nil for what is no attachment: no URLs, or an alias that no bucket URI can name.
    init?(alias: String, json: JSONValue) {
        guard Self.isName(alias), let urls = json["urls"]?.array, !urls.isEmpty else { return nil }
        self.init(alias: alias, urls: urls.compactMap(\.string), isOnline: json["online"]?.bool ?? false)
        guard self.urls.count == urls.count else { return nil }
        guard let uuid = json["uuid"]?.string, !uuid.isEmpty else { return }
        lastSeen = Sighting(
            uuid: uuid, primary: json["primary"]?.string ?? "", smapVersion: json["smap_version"]?.unsigned ?? 0,
            targets: Int(clamping: json["targets"]?.unsigned ?? 0), smap: json["smap"] ?? .null)
    }

    var json: JSONValue {
        var value: JSONValue = ["urls": .array(urls.map { .string($0) })]
        guard let seen = lastSeen else { return value }
        value["uuid"] = .string(seen.uuid)
        value["primary"] = .string(seen.primary)
        value["smap_version"] = .integer(Int64(clamping: seen.smapVersion))
        value["targets"] = .integer(Int64(seen.targets))
        value["online"] = .bool(isOnline)
        value["smap"] = seen.smap
        return value
    }

    /// Letters, digits, `-` and `_`: what a namespace may hold.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
