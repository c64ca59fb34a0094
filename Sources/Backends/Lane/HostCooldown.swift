import Synchronization

/// How long a host asked to be left alone, shared by every lane of a run: when one lane is told `Retry-After`, all wait.
///
/// Times are seconds of any one clock; the caller brings the clock.
public final class HostCooldown: Sendable {
    private let ends = Mutex<[String: Double]>([:])
    /// Whether any host ever asked; until then nobody need say which one is meant.
    private let hasAny = Atomic<Bool>(false)

    public init() {}

    /// Nobody asks `origin` before `until`. A shorter wait never replaces a longer one.
    public func note(_ origin: String, until: Double) {
        ends.withLock { $0[origin] = max($0[origin] ?? until, until) }
        hasAny.store(true, ordering: .releasing)
    }

    /// No host has asked to be left alone yet.
    public var isQuiet: Bool { !hasAny.load(ordering: .acquiring) }

    /// Seconds until `origin` may be asked again; 0 = now.
    public func wait(_ origin: String, now: Double) -> Double {
        ends.withLock { ends in
            guard let end = ends[origin] else { return 0 }
            if end <= now { ends[origin] = nil }
            return max(0, end - now)
        }
    }
}
