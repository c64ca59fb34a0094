/// Where a bucket's name is unique: the global namespace, a local `#name`, or a remote cluster's `@uuid#name`.
public struct Namespace: Sendable, Hashable, Comparable {
    /// UUID (or alias, before it is resolved) of a remote AIS cluster; empty for the local one.
    public let uuid: String
    /// Name of the namespace; empty for the global one.
    public let name: String

    public init(uuid: String = "", name: String = "") {
        self.uuid = uuid
        self.name = name
    }

    public static let global = Namespace()

    public var isGlobal: Bool { uuid.isEmpty && name.isEmpty }
    public var isRemote: Bool { !uuid.isEmpty }

    /// The form of unames and of the BMD's keys: `@uuid#name`, `@#` when global.
    public var uname: String { "@\(uuid)#\(name)" }

    /// The printed form: empty when global, else `@uuid`, `#name` or `@uuid#name`.
    public var cname: String { (uuid.isEmpty ? "" : "@" + uuid) + (name.isEmpty ? "" : "#" + name) }

    /// Reads `@uuid#name`, either part optional; `@#` is the global namespace. Does not validate the parts.
    public init(parsing text: some StringProtocol) {
        let body = text.utf8.first == UInt8(ascii: "@") ? text.dropFirst() : text[...]
        let hash = body.firstIndex(of: "#")
        self.init(
            uuid: String(body[..<(hash ?? body.endIndex)]),
            name: hash.map { String(body[body.index(after: $0)...]) } ?? "")
    }

    public static func < (a: Namespace, b: Namespace) -> Bool { (a.uuid, a.name) < (b.uuid, b.name) }
}
