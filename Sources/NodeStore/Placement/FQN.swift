import Hashing
import ObjectModel

/// Where things lie below a mountpath: `@PROVIDER[/NS]/BUCKET/%ob/OBJECT/NAME` (`uname-fqn.json`).
public enum FQN {
    /// A path with its NUL must fit the kernel's `PATH_MAX`.
    public static let byteCountMax = 4_095

    /// `@aws/#ns/data`: a bucket's root below a mountpath.
    public static func bucketRoot(_ bucket: Bucket) -> String {
        let namespace = bucket.namespace
        if namespace.isGlobal { return "@\(bucket.provider.rawValue)/\(bucket.name)" }
        let middle = namespace.uuid.isEmpty ? "#\(namespace.name)" : namespace.uname
        return "@\(bucket.provider.rawValue)/\(middle)/\(bucket.name)"
    }

    /// `@aws/#ns/data/%ob`: one of a bucket's directories below a mountpath.
    public static func bucketDirectory(_ bucket: Bucket, _ content: ContentType) -> String {
        "\(bucketRoot(bucket))/\(content.rawValue)"
    }

    /// The bucket, directory and object of a path relative to a mountpath; nil when it is none of AIStore's.
    /// The object is empty for the directory itself, and is the stored name where the original was too long.
    public static func parse(_ relative: String) -> (bucket: Bucket, content: ContentType, object: String)? {
        var rest = relative[...]
        func next() -> Substring? {
            guard !rest.isEmpty else { return nil }
            let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/"))
            let part = rest[..<(slash ?? rest.endIndex)]
            rest = slash.map { rest[rest.utf8.index(after: $0)...] } ?? rest[rest.endIndex...]
            return part
        }
        guard let first = next(), first.utf8.first == UInt8(ascii: "@"),
            let provider = Provider(rawValue: String(first.dropFirst())), var name = next()
        else { return nil }
        var namespace = Namespace.global
        if let mark = name.utf8.first, mark == UInt8(ascii: "@") || mark == UInt8(ascii: "#") {
            namespace = Namespace(parsing: name)
            guard name.utf8.contains(UInt8(ascii: "#")), !namespace.isGlobal, let following = next() else { return nil }
            name = following
        }
        guard let content = next().flatMap({ ContentType(rawValue: String($0)) }),
            let bucket = try? Bucket(provider: provider, namespace: namespace, name: String(name))
        else { return nil }
        return (bucket, content, String(rest))
    }

    /// How an object is called below `%ob`, and its full original FQN when that name is not its own.
    public struct StoredName: Sendable, Hashable {
        /// The object's name, or `.x` and 64 hex digits when its last component is too long for a file.
        public let name: String
        /// As the node sees it; to be kept in custom key `orig_fntl`, with lid bit 60 set. Nil for nearly all objects.
        public let originalFQN: String?

        public init(name: String, originalFQN: String? = nil) {
            self.name = name
            self.originalFQN = originalFQN
        }
    }

    /// The name on disk of an object whose name was validated. Throws when neither the name nor its replacement can
    /// be kept: a path over `PATH_MAX`, or an original FQN that the metadata cannot hold.
    public static func storedName(
        of object: String, in bucket: Bucket, on mountpath: Mountpath
    ) throws(NameError) -> StoredName {
        guard isTooLong(object) else {
            // Both sides must be able to open it: this host and the node.
            let longest = max(mountpath.aisPath.utf8.count, mountpath.hostPath.utf8.count)
            guard longest + directoryByteCount(bucket) + object.utf8.count + 2 <= byteCountMax else {
                throw NameError(object, "its path would be longer than \(byteCountMax) bytes")
            }
            return StoredName(name: object, originalFQN: nil)
        }
        let original = "\(mountpath.aisPath)/\(bucketDirectory(bucket, .object))/\(object)"
        guard CustomKeys.originalFQN.utf8.count + original.utf8.count <= LOM.customByteCountMax else {
            throw NameError(object, "its last component is too long for a file, and its path too long for the metadata")
        }
        return StoredName(name: shortened(original), originalFQN: original)
    }

    /// `bucketDirectory`'s length without making it: the hot path asks for every name.
    private static func directoryByteCount(_ bucket: Bucket) -> Int {
        let namespace = bucket.namespace
        let uuid = namespace.uuid.utf8.count
        let middle = namespace.isGlobal ? 0 : (uuid == 0 ? 0 : uuid + 1) + 1 + namespace.name.utf8.count + 1
        return 1 + bucket.provider.rawValue.utf8.count + 1 + middle + bucket.name.utf8.count + 4
    }

    /// Whether the last component exceeds 255 bytes.
    public static func isTooLong(_ object: Span<UInt8>) -> Bool {
        let limit = ObjectName.componentByteCountMax
        guard object.count > limit else { return false }
        for index in (object.count - limit - 1)..<object.count where object[index] == UInt8(ascii: "/") {
            return false
        }
        return true
    }

    public static func isTooLong(_ object: String) -> Bool { isTooLong(object.utf8.span) }

    /// `.x` and the lower-case hex of SHA-256 (`long-names.json`).
    public static func shortened(_ text: String) -> String { ".x" + Digest.sha256(of: text).hex }
}
