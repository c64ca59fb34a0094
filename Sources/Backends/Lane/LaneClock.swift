import CCurl

/// A clock that runs only while the lane waits for the network: time in which the caller hashes, writes or syncs is
/// nobody's stall.
struct LaneClock {
    private var idleTotal = 0.0
    private var leftAt = monotonic()

    static func monotonic() -> Double { ccurl_monotonic_seconds() }

    /// Seconds spent inside the lane.
    var now: Double { Self.monotonic() - idleTotal }

    mutating func enter() { idleTotal += Self.monotonic() - leftAt }
    mutating func leave() { leftAt = Self.monotonic() }
}
