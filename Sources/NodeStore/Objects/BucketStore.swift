import Hashing
import ObjectModel

/// One registered bucket of a store: where its objects belong, what is there, and ways to put in and take out.
///
///     place → state → createWorkfile → append … → commit          a shard
///                     createWorkfile → append → seal → SmallBatch.commit     small objects, together
///
/// Safe to use from all lanes at once.
public final class BucketStore: Sendable {
    public let bucket: BMDBucket
    public let store: NodeStore
    /// Whether what is committed is synced to the disk first.
    public let sync: Bool
    let sides: [BucketSide]
    private let prefix: XXH64
    /// No shorter name is ever too long for a path.
    private let shortByteCount: Int
    let uname: String

    init(_ bucket: BMDBucket, _ store: NodeStore, sync: Bool) throws(StoreError) {
        var sides: [BucketSide] = []
        for root in store.roots { sides.append(try BucketSide(root, bucket, sync: sync)) }
        self.bucket = bucket
        self.store = store
        self.sync = sync
        self.sides = sides
        uname = bucket.bucket.uname
        var prefix = XXH64(seed: HRW.seed)
        prefix.update("\(uname)/".utf8.span.bytes)
        self.prefix = prefix
        let longest = sides.map { max($0.objects.path.utf8.count, $0.fqn("").utf8.count) }.max() ?? 0
        shortByteCount = min(ObjectName.componentByteCountMax, FQN.byteCountMax - longest - 1)
    }

    /// The digest that placement is made of.
    func digest(_ object: String) -> UInt64 {
        var state = prefix
        state.update(object.utf8.span.bytes)
        return state.finalize()
    }

    /// Where an object belongs. Pure; a name that AIS cannot hold gets a placement with its `refusal`.
    public func place(_ object: String) -> Placement {
        if let reason = ObjectName.refusal(object.utf8.span) {
            return Placement(mountpathIndex: 0, storedName: "", refusal: NameError(object, reason))
        }
        let digest = digest(object)
        let mountpaths = store.mountpaths
        var copies: [Int] = []
        if bucket.mirrorCopies > 1 {
            copies = Array(HRW.ranked(for: digest, among: mountpaths).prefix(bucket.mirrorCopies).dropFirst())
        }
        let index = HRW.mountpath(for: digest, among: mountpaths) ?? 0
        if object.utf8.count <= shortByteCount {
            return Placement(mountpathIndex: index, storedName: object, copies: copies)
        }
        do throws(NameError) {
            let stored = try FQN.storedName(of: object, in: bucket.bucket, on: mountpaths[index])
            return Placement(
                mountpathIndex: index, storedName: stored.name, originalFQN: stored.originalFQN, copies: copies)
        } catch {
            return Placement(mountpathIndex: index, storedName: "", refusal: error)
        }
    }

    /// The path on this host.
    public func fqn(_ placement: Placement) -> String {
        sides[placement.mountpathIndex].objects.path(of: placement.storedName)
    }

    func refuse(_ placement: Placement) throws(StoreError) {
        guard let refusal = placement.refusal else { return }
        throw StoreError(.name, path: bucket.bucket.cname, message: refusal.description)
    }
}

extension NodeStore {
    /// Opens a bucket of the BMD. Throws `.bucketRemoved` when its directories are missing. `sync: false` leaves out
    /// every sync to the disk (scratch stores) and nothing else.
    public func openBucket(_ bucket: BMDBucket, sync: Bool = true) throws(StoreError) -> BucketStore {
        try BucketStore(bucket, self, sync: sync)
    }
}
