import ObjectModel

/// Bucket metadata: which buckets a store has. A value; reading, locking and replicating it is `NodeStore`'s.
///
/// Every change makes a higher version. A bucket's serial number is the version before it was added, so the version
/// stays above every serial. Fields that this aismove does not know survive.
public struct BMD: Sendable, Hashable {
    /// The whole document.
    public private(set) var root: JSONValue

    /// A store's first BMD: no buckets, version 1.
    public init(uuid: String) {
        root = ["providers": [:], "uuid": .string(uuid), "version": "1"]
    }

    /// Reads a file's content. Throws `.unreadable` or `.unknownFormat` naming `path`.
    public init(decoding bytes: [UInt8], path: String) throws(StoreError) {
        try self.init(root: JSP.decode(bytes, kind: .bmd, path: path), path: path)
    }

    /// Checks all that the accessors rely on.
    public init(root: JSONValue, path: String) throws(StoreError) {
        func bad(_ what: String) -> StoreError { StoreError(.unreadable, path: path, message: "is no BMD: \(what)") }
        guard root["uuid"]?.string != nil else { throw bad("it has no UUID") }
        guard let version = root["version"]?.unsigned, version < 1 << 60 else { throw bad("it has no version") }
        guard let providers = root["providers"]?.object ?? (root["providers"]?.isNull == true ? [:] : nil) else {
            throw bad("it has no providers")
        }
        for (provider, namespaces) in providers {
            for (namespace, buckets) in namespaces.object ?? [:] {
                guard let buckets = buckets.object else { throw bad("\(provider)/\(namespace) is no object") }
                for (name, props) in buckets where props["bid"]?.unsigned == nil {
                    throw bad("\(provider)/\(namespace)/\(name) has no bucket ID")
                }
            }
            guard namespaces.object != nil else { throw bad("\(provider) is no object") }
        }
        self.root = root
    }

    /// The file's content.
    public func encoded() -> [UInt8] { JSP.encode(root, kind: .bmd) }

    public var uuid: String { root["uuid"]?.string ?? "" }

    public private(set) var version: UInt64 {
        get { root["version"]?.unsigned ?? 0 }
        set { root["version"] = .string(String(newValue)) }
    }

    /// All buckets in order. Buckets of providers that AIStore no longer has stay in `root` alone.
    public var buckets: [BMDBucket] {
        var found: [BMDBucket] = []
        for (name, namespaces) in root["providers"]?.object ?? [:] {
            guard let provider = Provider(rawValue: name) else { continue }
            for (uname, buckets) in namespaces.object ?? [:] {
                let namespace = Namespace(parsing: uname)
                for (name, props) in buckets.object ?? [:] {
                    guard let bucket = try? Bucket(provider: provider, namespace: namespace, name: name),
                        let bid = props["bid"]?.unsigned
                    else { continue }
                    found.append(BMDBucket(bucket: bucket, bid: bid, props: props))
                }
            }
        }
        return found.sorted { $0.bucket < $1.bucket }
    }

    public func find(_ bucket: Bucket) -> BMDBucket? {
        let namespaces = root["providers"]?[bucket.provider.rawValue]
        guard let props = namespaces?[bucket.namespace.uname]?[bucket.name], let bid = props["bid"]?.unsigned else {
            return nil
        }
        return BMDBucket(bucket: bucket, bid: bid, props: props)
    }

    /// Adds the bucket and makes the next version; a bucket that is there already is returned as it is, and the
    /// version stays. `created` is in nanoseconds since 1970.
    @discardableResult
    public mutating func add(_ request: BucketRequest, created: UInt64) -> BMDBucket {
        let bucket = request.bucket
        if let present = find(bucket) { return present }
        let serial = max(version, (serials.max() ?? 0) + 1)
        let bid = bucket.isAIS ? Self.ownBit | serial : serial
        let props = request.props(bid: bid, created: created)
        setProps(props, of: bucket)
        version = serial + 1
        return BMDBucket(bucket: bucket, bid: bid, props: props)
    }

    /// Removes the bucket and makes the next version; false when it is not there.
    @discardableResult
    public mutating func remove(_ bucket: Bucket) -> Bool {
        guard find(bucket) != nil else { return false }
        setProps(nil, of: bucket)
        version += 1
        return true
    }

    /// Replaces a bucket's properties (the bucket ID stays) and makes the next version; false when it is not there.
    @discardableResult
    public mutating func update(_ bucket: Bucket, _ change: (inout JSONValue) -> Void) -> Bool {
        guard let present = find(bucket) else { return false }
        var props = present.props
        change(&props)
        props["bid"] = .string(String(present.bid))
        setProps(props, of: bucket)
        version += 1
        return true
    }

    /// Bit 63 of the ID of an `ais://` bucket of this cluster.
    static let ownBit: UInt64 = 1 << 63

    /// The serial numbers of all buckets, of unknown providers too.
    private var serials: [UInt64] {
        (root["providers"]?.object ?? [:]).values.flatMap { namespaces in
            (namespaces.object ?? [:]).values.flatMap { buckets in
                (buckets.object ?? [:]).values.compactMap { $0["bid"]?.unsigned.map { $0 & (1 << 60 - 1) } }
            }
        }
    }

    /// Sets or removes; a namespace or provider left empty goes too, as AIStore has it.
    private mutating func setProps(_ props: JSONValue?, of bucket: Bucket) {
        var providers = root["providers"] ?? [:]
        var namespaces = providers[bucket.provider.rawValue] ?? [:]
        var buckets = namespaces[bucket.namespace.uname] ?? [:]
        buckets[bucket.name] = props
        namespaces[bucket.namespace.uname] = buckets.object?.isEmpty == true ? nil : buckets
        providers[bucket.provider.rawValue] = namespaces.object?.isEmpty == true ? nil : namespaces
        root["providers"] = providers
    }
}
