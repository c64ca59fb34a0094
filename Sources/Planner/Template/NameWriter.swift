/// Keeps one name's bytes in step with an odometer: digits are counted up in place, and what lies behind a range is
/// written anew only when a range before it moved or grew by a digit.
///
/// A writer may stand for some of the odometer's ranges only: an object name has not those of the query.
struct NameWriter: Sendable {
    /// The name at the odometer's present values.
    private(set) var bytes: [UInt8] = []

    private let literals: [[UInt8]]
    /// The odometer's number of this writer's first range.
    private let firstRange: Int
    /// Where the digits of each range begin in `bytes`.
    private var starts: [Int]
    private var ends: [Int]

    init(literals: [[UInt8]], firstRange: Int, odometer: Odometer) {
        self.literals = literals
        self.firstRange = firstRange
        starts = Array(repeating: 0, count: literals.count - 1)
        ends = starts
        bytes = literals[0]
        rewrite(from: 0, odometer)
    }

    /// Follows the odometer, whose range `changed` was stepped.
    mutating func update(changed: Int, _ odometer: Odometer) {
        let own = changed - firstRange
        guard own < starts.count else { return }
        guard own >= 0 else { return rewrite(from: 0, odometer) }
        if add(odometer.ranges[changed].step, to: own) {
            if own + 1 < starts.count { rewrite(from: own + 1, odometer) }
        } else {
            rewrite(from: own, odometer)
        }
    }

    /// Adds to the digits of a range in place. False when they do not suffice (they are then spoilt).
    private mutating func add(_ step: Int, to own: Int) -> Bool {
        var rest = step
        var position = ends[own]
        let start = starts[own]
        while rest > 0 {
            position -= 1
            guard position >= start else { return false }
            let sum = Int(bytes[position] &- ASCII.zero) + rest % 10
            rest /= 10
            if sum >= 10 { rest += 1 }
            bytes[position] = ASCII.zero + UInt8(truncatingIfNeeded: sum >= 10 ? sum - 10 : sum)
        }
        return true
    }

    /// Writes everything from the digits of a range on.
    private mutating func rewrite(from own: Int, _ odometer: Odometer) {
        guard own < starts.count else { return }
        let keep = own == 0 ? literals[0].count : ends[own - 1] + literals[own].count
        bytes.removeLast(bytes.count - keep)
        for number in own..<starts.count {
            starts[number] = bytes.count
            odometer.ranges[firstRange + number].append(odometer.values[firstRange + number], to: &bytes)
            ends[number] = bytes.count
            bytes.append(contentsOf: literals[number + 1])
        }
    }
}
