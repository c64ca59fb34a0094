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
            unrepaired += damaged.filter { $0.url == nil }.map {
                Unrepaired(damage: $0, reason: "nothing says where it came from: fetch or remove it by hand")
            }
            try fetch(damaged, into: bucket, recorder, stop)
            try removeStrays(damaged, in: bucket)
        }
        return unrepaired
    }

    private func fetch(
        _ damages: [Verification.Damage], into bucket: Bucket, _ recorder: RunRecorder, _ stop: StopSignal
    ) throws {
        // By their bytes: to a String, "é" composed and decomposed are one name.
        var items: [[UInt8]: ListedItem] = [:]
        for damage in damages {
            guard let url = damage.url else { continue }
            items[Array(damage.object.utf8)] = ListedItem(url: url, name: damage.object)
        }
        guard !items.isEmpty else { return }
        let spec = SourceSpec(from: "-", to: bucket.provider == .ht ? nil : bucket.cname)
        let prefetch = Prefetch(
            store: store, repairing: try spec.understand(),
            items: items.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value), options: options)
        _ = try prefetch.run(recorder: recorder, stop: stop)
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
