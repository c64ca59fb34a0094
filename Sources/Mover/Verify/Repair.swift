import NodeStore
import ObjectModel
import Planner

/// `verify --repair`: fetches exactly what was found damaged again, from where it came.
public struct Repair {
    private let store: NodeStore
    private let options: RunOptions

    public init(store: NodeStore, options: RunOptions) {
        self.store = store
        self.options = options
    }

    /// - Returns: damages that cannot be repaired, because nothing says where the object came from.
    public func run(
        _ damages: [Verification.Damage], recorder: RunRecorder, stop: StopSignal
    ) throws -> [Verification.Damage] {
        var hopeless: [Verification.Damage] = []
        for (bucket, damaged) in Dictionary(grouping: damages, by: \.bucket).sorted(by: { $0.key < $1.key }) {
            // By their bytes: to a String, "é" composed and decomposed are one name.
            var items: [[UInt8]: ListedItem] = [:]
            for damage in damaged {
                guard let url = damage.url else {
                    hopeless.append(damage)
                    continue
                }
                items[Array(damage.object.utf8)] = ListedItem(url: url, name: damage.object)
            }
            guard !items.isEmpty else { continue }
            let spec = SourceSpec(from: "-", to: bucket.provider == .ht ? nil : bucket.cname)
            let prefetch = Prefetch(
                store: store, repairing: try spec.understand(),
                items: items.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value), options: options)
            _ = try prefetch.run(recorder: recorder, stop: stop)
            try removeStrays(damaged, in: bucket)
        }
        return hopeless
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
