import Backends
import NodeStore
import ObjectModel
import Planner

/// `ls --remote`: what a provider has, and which of it the store has too. Writes nothing.
public struct RemoteListing {
    /// An object as its provider lists it.
    public struct Entry: Sendable {
        public let listed: ListedObject
        /// Whether a sound object of that name, with that size and validator, is in the store.
        public let isCached: Bool
    }

    private let store: NodeStore
    private let options: RunOptions
    private let stop = StopSignal()
    private let finder: BucketFinder

    public init(store: NodeStore, options: RunOptions) throws {
        self.store = store
        self.options = options
        finder = BucketFinder(
            bmd: try store.loadBMD().bmd,
            clusters: AttachedClusters(store, keeps: options.keepsClusters, in: options.environment(stop)))
    }

    /// The buckets that the credentials can see, and whether the store has each.
    /// - Throws: `BackendError`, `SourceError`.
    public func buckets(_ provider: Provider, _ namespace: Namespace) throws -> [(bucket: Bucket, isKnown: Bool)] {
        // A bucket of any name stands for all of them.
        let any = try Bucket(provider: provider, namespace: namespace, name: "any")
        let address = try finder.attached(options.reach.address(of: any), named: any.cname)
        let environment = options.environment(stop)
        return try options.buckets(address, environment).map { ($0, finder.bmd.find($0) != nil) }
    }

    /// Goes through a bucket's objects with a prefix.
    /// - Returns: why the listing is not complete; nil when it is.
    /// - Throws: `BackendError` when it cannot be begun, `SourceError`.
    public func objects(of bucket: Bucket, prefix: String, _ body: (Entry) -> Void) throws -> String? {
        var spec = SourceSpec("\(bucket.cname)/")
        spec.reach = options.reach
        guard let found = try finder.find(try spec.understand()) else { return nil }
        // The first page says whether the bucket is there; only its region may have to be looked up.
        let connected = try options.connect(found.address, options.environment(stop), !options.skipLookup)
        let stream = ListingStream(connected.backend, prefix: prefix, in: options.environment(stop))
        defer { stream.close() }
        let opened = try finder.bmd.find(found.destination).map { try store.openBucket($0, sync: false) }
        while let page = stream.next() {
            for listed in page.entries { body(Entry(listed: listed, isCached: isCached(listed, opened))) }
        }
        if let failure = stream.failure {
            guard failure.kind == .incompleteListing else { throw failure }
            return failure.description
        }
        return nil
    }

    private func isCached(_ listed: ListedObject, _ bucket: BucketStore?) -> Bool {
        guard let bucket, ObjectName.refusal(listed.name.utf8.span) == nil,
            case .present(let lom, _) = bucket.state(listed.name, at: bucket.place(listed.name))
        else { return false }
        if let size = listed.size, size != lom.size { return false }
        return ListedState(listed).isSame(as: lom) ?? true
    }
}
