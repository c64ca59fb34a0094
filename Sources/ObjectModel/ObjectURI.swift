/// `PROVIDER://[@UUID][#NAMESPACE/]BUCKET[/OBJECT]`, as AIStore parses it (`uris.json`).
public struct ObjectURI: Sendable, Hashable, CustomStringConvertible {
    public let provider: Provider
    public let namespace: Namespace
    /// Nil in `ais://` and `ais://@uuid`: the URI then names all buckets there.
    public let bucket: Bucket?
    /// All that follows the bucket's slash, as written; empty when there is none. Not validated: it may be a prefix or
    /// a template. `ObjectName.validate` says whether it can be an object.
    public let object: String

    public init(provider: Provider, namespace: Namespace, bucket: Bucket?, object: String) {
        self.provider = provider
        self.namespace = namespace
        self.bucket = bucket
        self.object = object
    }

    public init(bucket: Bucket, object: String = "") {
        self.init(provider: bucket.provider, namespace: bucket.namespace, bucket: bucket, object: object)
    }

    public init(parsing text: String) throws(NameError) {
        let (scheme, body) = try Self.splitScheme(text)
        guard let provider = Provider(scheme: scheme) else {
            throw NameError(
                text,
                "invalid backend provider \"\(scheme)\": must be one of "
                    + "[ais, aws (s3://), gcp (gs://), azure (az://), oci (oc://), ht://]")
        }
        var rest = body
        var namespace = Namespace.global
        if let first = rest.utf8.first, first == UInt8(ascii: "@") || first == UInt8(ascii: "#") {
            let part = Self.cut(&rest)
            namespace = Namespace(parsing: part)
            if first == UInt8(ascii: "@"), namespace.uuid.isEmpty, part != "@#" {
                throw NameError(text, "the UUID of the remote cluster is missing after \"@\"")
            }
        }
        let name = Self.cut(&rest)
        if name.isEmpty {
            guard rest.isEmpty else { throw NameError(text, "bucket name is missing") }
            // Checks the namespace alone.
            _ = try Bucket(provider: provider, namespace: namespace, name: "x")
            self.init(provider: provider, namespace: namespace, bucket: nil, object: "")
        } else {
            let bucket = try Bucket(provider: provider, namespace: namespace, name: name)
            self.init(bucket: bucket, object: String(rest))
        }
    }

    /// `s3://data/a/b.tar`: how AIStore prints it.
    public var cname: String {
        guard let bucket else { return "\(provider.scheme)://\(namespace.cname)" }
        return object.isEmpty ? bucket.cname : "\(bucket.cname)/\(object)"
    }

    public var description: String { cname }

    private static func splitScheme(_ text: String) throws(NameError) -> (scheme: String, body: Substring) {
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            let guess = parts.count == 2 ? parts[1] : text[...]
            throw NameError(text, "backend provider cannot be empty (did you mean \"ais://\(guess)\"?)")
        }
        return (String(parts[0]), parts[1])
    }

    /// Takes what comes before the next slash off the front, and the slash.
    private static func cut(_ rest: inout Substring) -> String {
        let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let part = rest[..<slash]
        rest = slash < rest.endIndex ? rest[rest.utf8.index(after: slash)...] : rest[slash...]
        return String(part)
    }
}
