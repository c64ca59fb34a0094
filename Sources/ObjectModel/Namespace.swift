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

    public static func < (a: Namespace, b: Namespace) -> Bool { (a.uuid, a.name) < (b.uuid, b.name) }
}
