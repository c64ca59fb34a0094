import NodeStore
import ObjectModel
import Synchronization

/// `export`: gives a bucket's objects out into a directory.
///
///     walk the bucket → threads: metadata → what stands there? → link, clone or copy beside it → rename
///
/// Not guaranteed: that what was given out is on the disk after a crash of the machine (nothing is synced).
public struct Export: Sendable {
    private let store: NodeStore
    private let options: ExportOptions
    private let stop: StopSignal

    public init(store: NodeStore, options: ExportOptions, stop: StopSignal) {
        self.store = store
        self.options = options
        self.stop = stop
    }

    /// Gives out the objects whose names begin with `prefix`, each below `folder` by its whole name, and records each.
    /// - Throws: `StoreError`; `RunError` (missing) when there is no such object.
    public func run(
        _ bucket: BMDBucket, prefix: String, to folder: ExportFolder, recorder: RunRecorder
    ) throws -> RunResult {
        let opened = try store.openBucket(bucket, sync: false)
        let queue = BoundedQueue<WalkedObject>(capacity: 256)
        let modes = Modes()
        let (options, stop) = (options, stop)
        let threads = onThreads(min(16, max(4, 2 * store.mountpaths.count))) { _ in
            let exporter = ObjectExporter(bucket: opened, folder: folder, options: options)
            while let object = queue.pop() {
                if stop.isStopped { continue }
                let (record, mode) = exporter.export(object)
                if let mode { modes.add(mode) }
                recorder.record(record)
                if record.failureClass == .space { stop.stop(.noSpace(record.reason ?? "no space")) }
            }
        }
        var found = 0
        do {
            defer {
                queue.close()
                threads.wait()
            }
            try opened.walk(prefix: prefix) { object in
                guard object.role != .copy else { return true }
                found += 1
                queue.push(object)
                return !stop.isStopped
            }
        }
        guard found > 0 else {
            throw RunError(.missing, "\(bucket.bucket.cname)/\(prefix): no such object in the store; prefetch it first")
        }
        var result = RunResult()
        result.isVerification = true
        result.notes = modes.notes
        result.bmdVersion = try store.loadBMD().bmd.version
        return result
    }

    /// How many objects went which way.
    private final class Modes: Sendable {
        private let counts = Mutex<[ExportFile.Mode: Int]>([:])

        func add(_ mode: ExportFile.Mode) { counts.withLock { $0[mode, default: 0] += 1 } }

        var notes: [String] {
            let counts = counts.withLock { $0 }
            var notes: [String] = []
            if let copied = counts[.copy] { notes.append("copied: \(copied)") }
            if let cloned = counts[.reflink] { notes.append("sharing blocks with the store (reflink): \(cloned)") }
            if let linked = counts[.link] {
                notes.append("linked: \(linked); they are the store's own files: writing into them damages the store")
            }
            return notes
        }
    }
}
