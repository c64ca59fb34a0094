import Foundation
import ObjectModel
import Synchronization

/// What a run tells while it goes. Called from lane threads, one call at a time.
public enum RunEvent: Sendable {
    /// A shard ended.
    case shard(ShardRecord)
    /// Something worth a line: a repair, a notice, a throttle.
    case notice(String)
    /// Something that the whole run waits for is asked for again.
    case retry(String)
}

/// Collects what becomes of every shard; the one place where outcomes are counted.
public final class RunRecorder: Sendable {
    /// What one lane is doing now.
    public struct Activity: Sendable, Hashable {
        public var object: String
        public var received: Int64
        public var size: Int64?
        /// Monotonic seconds at its first byte.
        public var since: Double
    }

    private struct State {
        var tally = Tally()
        var meters: [Int: LaneMeter] = [:]
        var holes: [Int: HoleList] = [:]
    }

    /// What one source lacks: positions in its range, or names of a list.
    public struct HoleList: Sendable, Hashable {
        public var positions = IndexSet()
        /// The first hundred; the rest is only counted.
        public var names: [String] = []
        public var moreNames = 0

        mutating func add(_ name: String) {
            if names.count < 100 { names.append(name) } else { moreNames += 1 }
        }
    }

    private let state = Guarded(State())
    private let telling = Guarded<Void>(())
    private let observer: @Sendable (RunEvent) -> Void
    private let expectation = Atomic<Int>(-1)

    /// - Parameter observer: is told every event, one at a time, from any thread.
    public init(observer: @escaping @Sendable (RunEvent) -> Void) {
        self.observer = observer
    }

    public var tally: Tally {
        state.withLock { state in
            var tally = state.tally
            tally.receivedBytes = state.meters.values.reduce(0) { $0 + $1.receivedBytes }
            return tally
        }
    }
    public var activities: [Activity] { state.withLock { $0.meters.values.compactMap(\.activity) } }
    public var holes: [Int: HoleList] { state.withLock { $0.holes } }

    /// Shards that there will be; nil until that is known, and where it never is.
    public var expected: Int? {
        let count = expectation.load(ordering: .relaxed)
        return count < 0 ? nil : count
    }

    public func expect(_ shards: Int) { expectation.store(shards, ordering: .relaxed) }

    func record(_ record: ShardRecord) {
        var record = record
        if !record.outcome.isRetried { (record.retry, record.allowed) = (nil, nil) }
        state.withLock { $0.tally.add(record) }
        telling.withLock { _ in observer(.shard(record)) }
    }

    func retrying(_ text: String) {
        telling.withLock { _ in observer(.retry(text)) }
    }

    func notice(_ text: String) {
        telling.withLock { _ in observer(.notice(text)) }
    }

    /// A missing name; `position` where the source is a range, whose holes are told as compact ranges.
    func addHole(source: Int, position: Int?, name: String) {
        state.withLock { state in
            if let position {
                state.holes[source, default: HoleList()].positions.insert(position)
            } else {
                state.holes[source, default: HoleList()].add(name)
            }
        }
    }

    func retried(throttled: Bool) {
        state.withLock { state in
            state.tally.retries += 1
            if throttled { state.tally.throttles += 1 }
        }
    }

    /// Where a lane tells what it does and receives.
    func meter(lane: Int) -> LaneMeter {
        state.withLock { state in
            if let meter = state.meters[lane] { return meter }
            let meter = LaneMeter()
            state.meters[lane] = meter
            return meter
        }
    }
}

/// One lane's part of the live block, behind a lock that only the block's painter shares: lanes do not wait for each other.
final class LaneMeter: Sendable {
    private struct State {
        var activity: RunRecorder.Activity?
        var receivedBytes: Int64 = 0
    }

    private let state = Mutex(State())

    var activity: RunRecorder.Activity? { state.withLock { $0.activity } }
    var receivedBytes: Int64 { state.withLock { $0.receivedBytes } }

    func received(_ bytes: Int) {
        state.withLock { state in
            state.receivedBytes += Int64(bytes)
            state.activity?.received += Int64(bytes)
        }
    }

    func busy(with activity: RunRecorder.Activity?) {
        state.withLock { $0.activity = activity }
    }
}
