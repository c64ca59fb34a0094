import CLinux
import Glibc
import Hashing
import ObjectModel

/// A run's hold on its destination buckets: runs on different buckets go on in parallel, on one bucket in turn.
/// The kernel lets go when the value is released, and when the process ends in whatever way.
public final class RunLock: Sendable {
    public let buckets: [Bucket]
    private let files: [Descriptor]

    init(_ buckets: [Bucket], _ files: [Descriptor]) {
        self.buckets = buckets
        self.files = files
    }

    /// What to do when another run holds a bucket.
    public enum Policy: Sendable, Hashable {
        /// Throw `.locked` at once.
        case fail
        /// Wait; throw `.locked` with errno `ETIMEDOUT` at the deadline, if there is one.
        case wait(deadline: ContinuousClock.Instant?)
    }
}

extension NodeStore {
    /// Takes the lock of each bucket, in order, so that two runs never wait for each other in a circle.
    ///
    /// While it waits, `cancelled` is asked about ten times a second (true throws `.locked` with errno `ECANCELED`), and
    /// `onWait` gets one line a bucket. What was taken before an error is let go.
    public func lockRuns(
        _ buckets: [Bucket], policy: RunLock.Policy, cancelled: () -> Bool = { false },
        onWait: (String) -> Void = { _ in }
    ) throws(StoreError) -> RunLock {
        let sorted = Set(buckets).sorted()
        var files: [Descriptor] = []
        for bucket in sorted {
            let file = try lockFile("run.\(Hex.encode(XXH64.hash(bucket.uname))).lock")
            var told = false
            while try !file.tryLock() {
                let busy = "another run holds \(bucket.cname)"
                func locked(_ what: String, _ code: Int32? = nil) -> StoreError {
                    StoreError(.locked, path: file.path, message: "\(busy); \(what)", errno: code)
                }
                guard case .wait(let deadline) = policy else {
                    throw locked("run again when it has ended, or give --on-locked wait")
                }
                if cancelled() { throw locked("stopped while waiting for it", ECANCELED) }
                if let deadline, ContinuousClock.now >= deadline { throw locked("the deadline has come", ETIMEDOUT) }
                if !told { onWait("\(busy); waiting for it to end") }
                told = true
                usleep(100_000)
            }
            files.append(file)
        }
        return RunLock(sorted, files)
    }
}
