import Foundation

/// Wakes lanes that rest: rung when there is something new to look at.
///
/// A lane reads `rings` before it looks, and rests only if nothing has rung since: what rang in between is not missed.
final class Bell: @unchecked Sendable {
    // @unchecked: `count` is only touched under `condition`.
    private let condition = NSCondition()
    private var count = 0

    /// How often it has rung.
    var rings: Int {
        condition.lock()
        defer { condition.unlock() }
        return count
    }

    func ring() {
        condition.lock()
        count += 1
        condition.broadcast()
        condition.unlock()
    }

    /// Waits until it has rung more often than `seen`, `seconds` at most.
    func rest(after seen: Int, seconds: Double) {
        let end = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        while count == seen, condition.wait(until: end) {}
        condition.unlock()
    }
}
