import ObjectModel

/// A bucket as the BMD has it.
public struct BMDBucket: Sendable, Hashable {
    public let bucket: Bucket
    /// Bucket ID: the serial number, with bit 63 set in `ais://` buckets of this cluster.
    public let bid: UInt64
    /// All properties, known and unknown.
    public let props: JSONValue

    /// What every object's metadata holds; AIStore's default where this aismove does not know the type.
    public let checksumType: ChecksumType
    /// Copies of each object, the main one included; 1 when the bucket is not mirrored.
    public let mirrorCopies: Int
    public let versioningEnabled: Bool

    public init(bucket: Bucket, bid: UInt64, props: JSONValue) {
        self.bucket = bucket
        self.bid = bid
        self.props = props
        checksumType = props["checksum"]?["type"]?.string.flatMap(ChecksumType.init(rawValue:)) ?? .xxhash2
        let mirror = props["mirror"]
        let copies = mirror?["enabled"]?.bool == true ? mirror?["copies"]?.integer ?? 1 : 1
        mirrorCopies = Int(clamping: max(copies, 1))
        versioningEnabled = props["versioning"]?["enabled"]?.bool ?? false
    }

    /// `ht` only: the URL of the directory the bucket stands for.
    public var originalURL: String? { props["extra"]?["http"]?["original_url"]?.string }

    /// Where the bucket takes from and writes through to, when that is not its own name.
    public var backend: Bucket? {
        guard let backend = props["backend_bck"], let name = backend["name"]?.string, !name.isEmpty,
            let provider = backend["provider"]?.string.flatMap(Provider.init(rawValue:))
        else { return nil }
        let namespace = Namespace(
            uuid: backend["namespace"]?["uuid"]?.string ?? "", name: backend["namespace"]?["name"]?.string ?? "")
        return try? Bucket(provider: provider, namespace: namespace, name: name)
    }

    /// Whether objects here have another home: writing or deleting through a node's API could reach a user's cloud.
    public var isRemote: Bool { !bucket.isAIS || backend != nil }
}
