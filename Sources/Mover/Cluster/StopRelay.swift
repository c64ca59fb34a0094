import Synchronization

/// Passes a run's wish to stop on to a cluster's client, which is made before the run begins.
final class StopRelay: Sendable {
    private let signal = Mutex<StopSignal?>(nil)

    func follow(_ stop: StopSignal) { signal.withLock { $0 = stop } }

    var isStopped: Bool { signal.withLock { $0 }?.isStopped ?? false }
}
