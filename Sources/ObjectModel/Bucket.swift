/// A bucket: provider, namespace and name. Two buckets are the same when all three are.
public struct Bucket: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let provider: Provider
    public let namespace: Namespace
    public let name: String

    /// Checks the name and the namespace as AIStore does: letters, digits, `-`, `_`, and in the name `.` (never two
    /// in a row, never first, except in AIStore's own system buckets).
    public init(provider: Provider, namespace: Namespace = .global, name: String) throws(NameError) {
        try Self.validate(name: name)
        try Self.validate(namespace: namespace)
        self.provider = provider
        self.namespace = namespace
        self.name = name
    }

    /// `ais/@#/imagenet`: AIStore's internal name, as HRW and lock names use it.
    public var uname: String { "\(provider.rawValue)/\(namespace.uname)/\(name)" }

    /// `s3://@uuid#ns/data`: how AIStore prints it.
    public var cname: String {
        namespace.isGlobal ? "\(provider.scheme)://\(name)" : "\(provider.scheme)://\(namespace.cname)/\(name)"
    }

    public var description: String { cname }

    /// Whether the data has no other home: an `ais://` bucket of this cluster. Only such buckets have bit 63 in their BID.
    public var isAIS: Bool { provider == .ais && !namespace.isRemote }

    /// The unique name of one of its objects: what HRW hashes.
    public func objectUname(_ object: String) -> String { "\(uname)/\(object)" }

    public static func < (a: Bucket, b: Bucket) -> Bool {
        (a.provider, a.namespace, a.name) < (b.provider, b.namespace, b.name)
    }

    /// The buckets whose name may start with a dot.
    static let systemNames: Set<String> = [".sys-inventory", ".sys-shardidx"]

    private static func validate(name: String) throws(NameError) {
        if name.isEmpty { throw NameError(name, "bucket name is missing") }
        guard name.utf8.count <= 255 else { throw NameError(name, "bucket name is too long") }
        guard name.utf8.allSatisfy({ isNice($0) || $0 == UInt8(ascii: ".") }), !name.contains("..") else {
            throw NameError(name, invalidName)
        }
        if name.utf8.first == UInt8(ascii: "."), !systemNames.contains(name) {
            throw NameError(name, "reserved bucket name \"\(name)\" (unknown system bucket)")
        }
    }

    private static func validate(namespace: Namespace) throws(NameError) {
        let name = namespace.cname
        guard namespace.uuid.utf8.allSatisfy(isNice), namespace.name.utf8.allSatisfy(isNice) else {
            throw NameError(
                name, "namespace may only contain letters, numbers, dashes (-) and underscores (_)")
        }
        if name.utf8.count > 254 { throw NameError(name, "namespace is too long") }
    }

    private static let invalidName =
        "bucket name is invalid: may only contain letters, numbers, dashes (-), underscores (_), and dots (.)"

    private static func isNice(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
