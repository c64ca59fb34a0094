import Synchronization

/// Why a run stops before its plan is done.
public enum StopReason: Sendable, Hashable {
    case interrupted, deadline
    /// The window, as written.
    case windowClosed(String)
    case noSpace(String)
    case storeGone(String)
}

/// Asks a run to stop. Every lane looks at it at least five times a second. The first reason stays, but a user's
/// interruption comes before all.
public final class StopSignal: Sendable {
    private let state = Mutex<StopReason?>(nil)
    private let raised = Atomic<Bool>(false)

    public init() {}

    public func stop(_ reason: StopReason) {
        state.withLock { $0 = reason == .interrupted ? reason : $0 ?? reason }
        raised.store(true, ordering: .releasing)
    }

    public var isStopped: Bool { raised.load(ordering: .acquiring) }
    public var reason: StopReason? { state.withLock { $0 } }
}
