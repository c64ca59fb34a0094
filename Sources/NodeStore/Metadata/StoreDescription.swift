import ObjectModel

/// `DIR/aismove-store.json`: what `aismove store init DIR` wrote down. JSON with two spaces of indentation:
///
///     {"version": 1, "format": "4.9", "nodeID": "…" or null,
///      "mountpaths": [{"host": "/mnt/d1", "ais": "/ais/mp1"}], "attachments": {}}
///
/// A higher version is refused, as are unknown formats; unknown members survive.
public struct StoreDescription: Sendable, Hashable {
    public static let fileName = "aismove-store.json"
    public static let version: Int64 = 1

    public var format: StoreFormat
    /// The daemon ID of the node whose mountpaths these are; nil for a store that no node has used yet.
    public var nodeID: String?
    /// In the order in which they were given.
    public var mountpaths: [Mountpath]
    /// Attached remote clusters by alias: a JSON object, owned by `remote attach`.
    public var attachments: JSONValue
    /// Members that this aismove does not know.
    private var others: [String: JSONValue] = [:]

    public init(format: StoreFormat, nodeID: String?, mountpaths: [Mountpath], attachments: JSONValue = [:]) {
        self.format = format
        self.nodeID = nodeID
        self.mountpaths = mountpaths
        self.attachments = attachments
    }

    /// Reads the file's content; `path` is for the error alone.
    public init(decoding bytes: [UInt8], path: String) throws(StoreError) {
        func bad(_ what: String, _ kind: StoreError.Kind = .unreadable) -> StoreError {
            StoreError(kind, path: path, message: what)
        }
        let root: JSONValue
        do {
            root = try JSONValue.parse(bytes, maxBytes: 1 << 20)
        } catch {
            throw bad("is \(error): remove it, then `aismove store init` with the same mountpaths writes it again")
        }
        guard let version = root["version"]?.integer else { throw bad("is no store description: it has no version") }
        guard version == Self.version else {
            throw bad("has version \(version), known is \(Self.version): use a newer aismove", .unknownFormat)
        }
        guard let name = root["format"]?.string, let format = StoreFormat(rawValue: name) else {
            let given = root["format"]?.string ?? "missing"
            throw bad("its format is \(NameError.printable(given)); known are 4.9 and 5.0", .unknownFormat)
        }
        var mountpaths: [Mountpath] = []
        for entry in root["mountpaths"]?.array ?? [] {
            guard let host = entry["host"]?.string, let ais = entry["ais"]?.string, host.hasPrefix("/"),
                ais.hasPrefix("/")
            else { throw bad("its mountpaths are not pairs of absolute paths \"host\" and \"ais\"") }
            mountpaths.append(Mountpath(hostPath: host, aisPath: ais))
        }
        guard !mountpaths.isEmpty else { throw bad("it has no mountpaths") }
        guard Set(mountpaths.map(\.hostPath)).count == mountpaths.count,
            Set(mountpaths.map(\.aisPath)).count == mountpaths.count
        else { throw bad("it names a mountpath twice") }
        self.init(
            format: format, nodeID: root["nodeID"]?.string, mountpaths: mountpaths,
            attachments: root["attachments"] ?? [:])
        let known: Set = ["version", "format", "nodeID", "mountpaths", "attachments"]
        others = (root.object ?? [:]).filter { !known.contains($0.key) }
    }

    /// The file's content.
    public func encoded() -> [UInt8] {
        var root = JSONValue.object(others)
        root["version"] = .integer(Self.version)
        root["format"] = .string(format.rawValue)
        root["nodeID"] = nodeID.map { .string($0) } ?? .null
        root["mountpaths"] = .array(
            mountpaths.map { ["host": .string($0.hostPath), "ais": .string($0.aisPath)] })
        root["attachments"] = attachments
        return root.serialized(pretty: true) + [0x0a]
    }
}
