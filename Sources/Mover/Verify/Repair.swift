import Backends
import Hashing
import NodeStore
import ObjectModel
import Planner

/// `verify --repair`: fetches exactly what was found damaged again, from where it came.
struct Repair {
    private let store: NodeStore
    private let options: RunOptions

    init(store: NodeStore, options: RunOptions) {
        self.store = store
        self.options = options
    }

    /// A damage that stays, and why.
    struct Unrepaired {
        var damage: Verification.Damage
        var reason: String
    }

    /// Each damage is either repaired, and recorded by the run that does it, or returned.
    func run(
        _ damages: [Verification.Damage], recorder: RunRecorder, stop: StopSignal
    ) throws -> [Unrepaired] {
        var unrepaired: [Unrepaired] = []
        for (bucket, damaged) in Dictionary(grouping: damages, by: \.bucket).sorted(by: { $0.key < $1.key }) {
            let locking = Locking(store: store, onLocked: options.onLocked, recorder: recorder, stop: stop)
            guard !stop.isStopped, let lock = try locking.take([bucket]) else {
                let reason = stop.isStopped ? "not repaired: stopped" : "not repaired: another run holds the bucket"
                unrepaired += damaged.map { Unrepaired(damage: $0, reason: reason) }
                continue
            }
            defer { withExtendedLifetime(lock) {} }
            let lost = try mend(damaged, in: bucket, recorder, &unrepaired)
            unrepaired += lost.filter { $0.url == nil }.map {
                Unrepaired(damage: $0, reason: "nothing says where it came from: fetch or remove it by hand")
            }
            try fetch(lost, into: bucket, recorder, stop)
            // A running node takes care of strays itself when it resilvers.
            if options.beside == nil { try removeStrays(lost, in: bucket) }
        }
        return unrepaired
    }

    /// What the object's own main file mends: copies, and strays beside it. Returns the other damages.
    private func mend(
        _ damages: [Verification.Damage], in bucket: Bucket, _ recorder: RunRecorder, _ unrepaired: inout [Unrepaired]
    ) throws -> [Verification.Damage] {
        guard let registered = try store.loadBMD().bmd.find(bucket) else { return damages }
        let opened = try store.openBucket(registered, sync: options.durable)
        let lostNames = Set(damages.filter { !$0.isOnlyCopies && !$0.walked.misplaced }.map { Array($0.object.utf8) })
        var lost: [Verification.Damage] = []
        for damage in damages {
            let placement = opened.place(damage.object)
            let main = opened.state(damage.object, at: placement).lom
            let isBesideMain = damage.walked.misplaced && !lostNames.contains(Array(damage.object.utf8))
            guard let main, damage.isOnlyCopies || isBesideMain else {
                lost.append(damage)
                continue
            }
            if options.beside != nil {
                // Nothing is written or removed beside a running node. Without --copies, ais would take all copies away.
                let command =
                    damage.isOnlyCopies
                    ? "mirror \(bucket.cname) --copies \(registered.mirrorCopies)"
                    : "resilver \(store.ownership.daemonID ?? "")"
                unrepaired.append(
                    Unrepaired(damage: damage, reason: "left to the running node: ais start \(command)"))
                continue
            }
            do throws(StoreError) {
                if isBesideMain { _ = try opened.remove(damage.walked) }
                if damage.isOnlyCopies || opened.copiesProblem(main, at: placement) != nil {
                    try opened.mendCopies(damage.object)
                }
            } catch {
                unrepaired.append(Unrepaired(damage: damage, reason: "\(error)"))
                continue
            }
            let title = "\(bucket.cname)/\(damage.object)"
            var record = ShardRecord(
                source: damage.walked.fqn, object: title, outcome: isBesideMain ? .evicted : .updated)
            record.mountpath = store.mountpaths[damage.walked.mountpathIndex].hostPath
            recorder.record(record)
        }
        return lost
    }

    private func fetch(
        _ damages: [Verification.Damage], into bucket: Bucket, _ recorder: RunRecorder, _ stop: StopSignal
    ) throws {
        // By their bytes: to a String, "é" composed and decomposed are one name.
        var items: [[UInt8]: ListedItem] = [:]
        for damage in damages {
            guard let url = damage.url else { continue }
            let digests = damage.expected.flatMap(Self.promise).map { [$0] } ?? []
            items[Array(damage.object.utf8)] = ListedItem(url: url, name: damage.object, digests: digests)
        }
        try fetchFromBuckets(&items, into: bucket, recorder, stop)
        guard !items.isEmpty else { return }
        let spec = SourceSpec(from: "-", to: bucket.provider == .ht ? nil : bucket.cname)
        let prefetch = Prefetch(
            store: store, repairing: try spec.understand(),
            items: items.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value), options: options)
        _ = try prefetch.run(recorder: recorder, stop: stop)
    }

    /// The same bytes have to come again: another object under the same URL is no repair.
    private static func promise(_ lom: LOM) -> PromisedDigest? {
        lom.checksumType.algorithm.flatMap { Digest($0, hex: lom.checksumValue) }.map {
            PromisedDigest(digest: $0, origin: "the object's metadata")
        }
    }

    /// Takes out of `items` what came from buckets at providers, and fetches it.
    private func fetchFromBuckets(
        _ items: inout [[UInt8]: ListedItem], into bucket: Bucket, _ recorder: RunRecorder, _ stop: StopSignal
    ) throws {
        var entries: [Bucket: [ListedItem]] = [:]
        for (name, item) in items {
            guard let uri = try? ObjectURI(parsing: item.url), let source = uri.bucket, source.provider != .ht else {
                continue
            }
            let object = String(decoding: name, as: UTF8.self)
            entries[source, default: []].append(ListedItem(url: uri.object, name: object, digests: item.digests))
            items[name] = nil
        }
        guard !entries.isEmpty else { return }
        let sources = entries.sorted { $0.key < $1.key }.map { source, entries in
            Source(repairing: entries, of: options.reach.address(of: source), in: bucket)
        }
        _ = try Prefetch(store: store, repairing: sources, options: options).run(recorder: recorder, stop: stop)
    }

    /// Misplaced files go once the right place holds the object.
    private func removeStrays(_ damages: [Verification.Damage], in bucket: Bucket) throws {
        guard let registered = try store.loadBMD().bmd.find(bucket) else { return }
        let opened = try store.openBucket(registered, sync: options.durable)
        for damage in damages where damage.walked.misplaced {
            guard opened.state(damage.object, at: opened.place(damage.object)).isPresent else { continue }
            _ = try opened.remove(damage.walked)
        }
    }
}
