import NodeStore
import ObjectModel
import Synchronization

/// Reads objects back: metadata, size, checksum, placement, tar shards. Several threads, each with its own buffer, so
/// that the disks are the limit.
public struct Verification: Sendable {
    /// One thing that is wrong with one file.
    public struct Damage: Sendable, Hashable {
        public var bucket: Bucket
        public var walked: WalkedObject
        public var failureClass: FailureClass
        public var reason: String
        /// Where the object came from, where its metadata or its bucket says so.
        public var url: String?
        /// What its metadata says of the bytes that are damaged; nil where the metadata itself is in doubt.
        public var expected: LOM?
        /// The object's main file is sound: only copies of it are missing, damaged or too many.
        public var isOnlyCopies = false

        public var object: String { walked.name }
    }

    public struct Result: Sendable {
        public var objects = 0
        public var bytes: Int64 = 0
        public var damages: [Damage] = []
    }

    private let store: NodeStore
    private let tarCheck: RunOptions.TarCheck
    private let stop: StopSignal

    public init(store: NodeStore, tarCheck: RunOptions.TarCheck, stop: StopSignal) {
        self.store = store
        self.tarCheck = tarCheck
        self.stop = stop
    }

    /// Verifies the objects of `buckets` whose names begin with `prefix`, and records each; with `repair`, what is
    /// damaged is fetched again and gets the record of that.
    public func run(
        _ buckets: [BMDBucket], prefix: String, repair: RunOptions?, recorder: RunRecorder
    ) throws -> RunResult {
        var result = RunResult()
        result.isVerification = true
        result.isRepair = repair != nil
        let found = try read(buckets, prefix: prefix) { record in
            if repair == nil || record.outcome != .failed { recorder.record(record) }
        }
        if let repair {
            let repairing = Repair(store: store, options: repair)
            for left in try repairing.run(found.damages, recorder: recorder, stop: stop) {
                let damage = left.damage
                var record = ShardRecord(
                    source: damage.walked.fqn, object: "\(damage.bucket.cname)/\(damage.object)", outcome: .failed)
                record.failureClass = damage.failureClass
                record.reason = "\(damage.reason); \(left.reason)"
                recorder.record(record)
            }
        }
        result.bmdVersion = try store.loadBMD().bmd.version
        return result
    }

    /// - Parameter observer: told each object's record, from any thread.
    func read(
        _ buckets: [BMDBucket], prefix: String, observer: @escaping @Sendable (ShardRecord) -> Void
    ) throws -> Result {
        let sum = Sum()
        for bucket in buckets {
            let opened = try store.openBucket(bucket, sync: false)
            let queue = BoundedQueue<[WalkedObject]>(capacity: 256)
            let (tarCheck, stop) = (tarCheck, stop)
            let readers = onThreads(min(16, max(4, 2 * store.mountpaths.count))) { _ in
                let checker = ObjectChecker(bucket: opened, tarCheck: tarCheck)
                while let files = queue.pop() {
                    if stop.isStopped { continue }
                    let checked = checker.check(files)
                    sum.add(checked)
                    observer(checked.record)
                }
            }
            defer {
                queue.close()
                readers.wait()
            }
            // Copies follow their main file and are judged with it: one record an object.
            var files: [WalkedObject] = []
            try opened.walk(prefix: prefix) { object in
                if object.role != .copy, !files.isEmpty {
                    queue.push(files)
                    files.removeAll()
                }
                files.append(object)
                return !stop.isStopped
            }
            if !files.isEmpty { queue.push(files) }
        }
        return sum.result
    }

    private final class Sum: Sendable {
        private let state = Mutex(Result())

        func add(_ checked: ObjectChecker.Checked) {
            state.withLock { result in
                result.objects += 1
                result.bytes += checked.record.size ?? 0
                if let damage = checked.damage { result.damages.append(damage) }
            }
        }

        var result: Result {
            state.withLock { result in
                result.damages.sort { ($0.bucket, $0.object) < ($1.bucket, $1.object) }
                return result
            }
        }
    }
}
