import Backends
import NodeStore
import ObjectModel
import Planner

/// The buckets of a run's sources, found at their providers before anything moves: that is the confirmation which a first
/// access asks for (exit code 5 for one that refuses or is not there).
struct Connections: Sendable {
    /// The sources with their buckets as found: aliases and backends resolved.
    let sources: [Source]
    /// By source number.
    let buckets: [Int: ConnectedBucket]

    static let none = Connections(sources: [], buckets: [:])

    private init(sources: [Source], buckets: [Int: ConnectedBucket]) {
        self.sources = sources
        self.buckets = buckets
    }

    /// - Throws: `BackendError`, `SourceError`, `StoreError`, when a cluster is to be asked for its UUID too.
    init(_ sources: [Source], store: NodeStore, options: RunOptions, stop: StopSignal) throws {
        guard sources.contains(where: { $0.bucketSource != nil }) else {
            self.init(sources: sources, buckets: [:])
            return
        }
        let environment = options.environment(stop)
        let finder = BucketFinder(
            bmd: try store.loadBMD().bmd,
            clusters: AttachedClusters(store, keeps: options.keepsClusters, in: environment))
        var buckets: [Int: ConnectedBucket] = [:]
        var known: [BucketAddress: ConnectedBucket] = [:]
        let found = try sources.enumerated().map { number, source in
            guard let found = try finder.find(source) else { return source }
            let connected =
                try known[found.address] ?? options.connect(found.address, environment, !options.skipLookup)
            known[found.address] = connected
            buckets[number] = connected
            return source.found(at: found.address, into: found.destination)
        }
        self.init(sources: found, buckets: buckets)
    }
}

/// Finds where a bucket source's objects are and where they go, by what the store knows.
struct BucketFinder {
    let bmd: BMD
    let clusters: AttachedClusters

    /// - Returns: nil for sources that are no buckets.
    func find(_ source: Source) throws -> (address: BucketAddress, destination: Bucket)? {
        guard let written = source.bucketSource?.address, let wanted = source.bucket else { return nil }
        var address = written
        if written.bucket.isAIS { address.bucket = try backend(of: written.bucket, source) }
        address = try attached(address, named: source.spec.shown)
        let isItsOwn = wanted == written.bucket && !written.bucket.isAIS
        let destination = isItsOwn ? address.bucket : wanted
        return (withDefaults(address), destination)
    }

    /// What an address lacks, as its bucket was registered with.
    func withDefaults(_ address: BucketAddress) -> BucketAddress {
        guard let extra = bmd.find(address.bucket)?.props["extra"]?["aws"] else { return address }
        var address = address
        address.endpoint = address.endpoint ?? extra["endpoint"]?.string.flatMap(Self.given)
        address.region = address.region ?? extra["cloud_region"]?.string.flatMap(Self.given)
        if !address.isAnonymous { address.profile = address.profile ?? extra["profile"]?.string.flatMap(Self.given) }
        return address
    }

    private static func given(_ text: String) -> String? { text.isEmpty ? nil : text }

    /// An `ais://` bucket of the store is a source only where it stands for another bucket.
    private func backend(of bucket: Bucket, _ source: Source) throws(SourceError) -> Bucket {
        if let backend = bmd.find(bucket)?.backend { return backend }
        throw SourceError(
            word: source.spec.shown,
            reason: "is a bucket of this store and has no backend to fetch from;"
                + " 'aismove bucket set \(bucket.cname) backend_bck=s3://BUCKET' gives it one")
    }

    /// Puts a cluster's UUID where its alias stood.
    func attached(_ address: BucketAddress, named word: String) throws -> BucketAddress {
        let name = address.bucket.namespace.uuid
        guard !name.isEmpty else { return address }
        guard let cluster = try clusters.find(name) else {
            throw SourceError(
                word: word,
                reason: "no cluster is attached as \(name); 'aismove remote attach \(name)=URL' attaches one")
        }
        var address = address
        address.cluster = cluster.details
        address.bucket = try Bucket(
            provider: address.bucket.provider,
            namespace: Namespace(uuid: cluster.uuid, name: address.bucket.namespace.name),
            name: address.bucket.name)
        return address
    }
}
