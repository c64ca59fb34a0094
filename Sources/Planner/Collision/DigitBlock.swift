/// The values of a range that are written with one number of digits, read digit by digit from the left: which digits
/// may come next so that a value of the range can still result.
///
/// What has been read is kept as whether it still equals the lowest and the highest value so far, and its
/// contribution to the value modulo the range's step; that is enough to decide exactly (no value is listed).
struct DigitBlock: Sendable {
    let length: Int
    private let low: [UInt8]
    private let high: [UInt8]
    /// `low` and `high` modulo 10^places, by places that are left.
    private let lowRest: [UInt64]
    private let highRest: [UInt64]
    /// 10^place modulo step.
    private let weight: [UInt64]
    private let step: UInt64
    private let start: UInt64

    struct Position: Hashable, Sendable {
        var read: Int32 = 0
        var atLow = true
        var atHigh = true
        /// Contribution of the digits read, modulo step.
        var residue: UInt64 = 0
    }

    /// The blocks of a range, shortest first; those that hold no value are left out.
    static func blocks(of range: TemplateRange) -> [DigitBlock] {
        let longest = range.length(of: range.last)
        return (range.width...longest).compactMap { length in
            let low = length == range.width ? range.start : max(range.start, power(of10: length - 1))
            let high = min(range.last, power(of10: length) - 1)
            guard low <= high else { return nil }
            let block = DigitBlock(range, low: low, high: high, length: length)
            return block.isAlive(Position()) ? block : nil
        }
    }

    private init(_ range: TemplateRange, low: Int, high: Int, length: Int) {
        self.length = length
        step = UInt64(range.step)
        start = UInt64(range.start)
        self.low = Self.digits(low, length)
        self.high = Self.digits(high, length)
        lowRest = (0...length).map { UInt64(low % Self.power(of10: $0)) }
        highRest = (0...length).map { UInt64(high % Self.power(of10: $0)) }
        var weights: [UInt64] = []
        var weight = 1 % step
        for _ in 0..<length {
            weights.append(weight)
            weight = Self.product(weight, 10, modulo: step)
        }
        self.weight = weights
    }

    /// The position behind one more digit, or nil when no value goes on so.
    func next(_ position: Position, digit: UInt8) -> Position? {
        let read = Int(position.read)
        guard !position.atLow || digit >= low[read], !position.atHigh || digit <= high[read] else { return nil }
        var next = position
        next.read += 1
        next.atLow = position.atLow && digit == low[read]
        next.atHigh = position.atHigh && digit == high[read]
        let added = Self.product(weight[length - read - 1], UInt64(digit), modulo: step)
        next.residue = Self.sum(position.residue, added, modulo: step)
        return isAlive(next) ? next : nil
    }

    /// Whether digits can follow that complete a value of the range: is there, between what the bounds leave, a rest
    /// that brings the residue to that of `start`?
    private func isAlive(_ position: Position) -> Bool {
        let left = length - Int(position.read)
        let least = position.atLow ? lowRest[left] : 0
        let most = position.atHigh ? highRest[left] : UInt64(Self.power(of10: left) - 1)
        let wanted = Self.difference(start % step, position.residue, modulo: step)
        let distance = Self.difference(wanted, least % step, modulo: step)
        return least + distance <= most
    }

    private static func digits(_ value: Int, _ length: Int) -> [UInt8] {
        var digits = [UInt8](repeating: 0, count: length)
        var rest = value
        var place = length - 1
        while rest > 0 {
            digits[place] = UInt8(rest % 10)
            rest /= 10
            place -= 1
        }
        return digits
    }

    /// 10^exponent, or `Int.max` when it is more: no value of a range is as large.
    private static func power(of10 exponent: Int) -> Int {
        guard exponent <= 18 else { return Int.max }
        return (0..<exponent).reduce(1) { power, _ in power * 10 }
    }

    private static func product(_ a: UInt64, _ b: UInt64, modulo: UInt64) -> UInt64 {
        modulo.dividingFullWidth(a.multipliedFullWidth(by: b)).remainder
    }

    /// Both are below `modulo`, which is below 2^63.
    private static func sum(_ a: UInt64, _ b: UInt64, modulo: UInt64) -> UInt64 {
        let sum = a + b
        return sum >= modulo ? sum - modulo : sum
    }

    private static func difference(_ a: UInt64, _ b: UInt64, modulo: UInt64) -> UInt64 {
        a >= b ? a - b : a + modulo - b
    }
}
