import Foundation
import ObjectModel

/// A token bucket that all lanes share: `--limit-rate` (bytes) or `--limit-requests`.
///
/// Debt is allowed, so that a buffer larger than a second's share still passes: whoever takes is told how long to wait.
public final class Throttle: Sendable {
    private struct State {
        var tokens: Double
        var refilled: Double
    }

    private let perSecond: Double
    private let state: Guarded<State>

    /// - Parameter perSecond: tokens a second; a burst of a quarter second is let through at once.
    public init(perSecond: Double, now: Double = monotonicSeconds()) {
        self.perSecond = perSecond
        state = Guarded(State(tokens: max(perSecond / 4, 1), refilled: now))
    }

    /// Takes `amount` and says how many seconds to wait before going on.
    public func take(_ amount: Double, now: Double = monotonicSeconds()) -> Double {
        state.withLock { state in
            state.tokens = min(state.tokens + (now - state.refilled) * perSecond, max(perSecond / 4, 1))
            state.refilled = now
            state.tokens -= amount
            return state.tokens >= 0 ? 0 : -state.tokens / perSecond
        }
    }
}

/// Seconds of the monotonic clock.
public func monotonicSeconds() -> Double {
    ProcessInfo.processInfo.systemUptime
}

/// Sleeps in short pieces; gives up early when `stop` is raised.
/// - Returns: false when it was stopped.
func pause(seconds: Double, stop: StopSignal) -> Bool {
    let end = monotonicSeconds() + seconds
    while !stop.isStopped {
        let left = end - monotonicSeconds()
        if left <= 0 { return true }
        Thread.sleep(forTimeInterval: min(left, 0.1))
    }
    return false
}
