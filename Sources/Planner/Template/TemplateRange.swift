/// One range of a template: `start, start + step, … last`, written in decimal and padded with zeros to `width`.
///
/// All values are non-negative and below `Int.max`; a value with more digits than `width` is written whole, as in
/// AIStore (`{8..12}` gives 8, 9, 10, 11, 12).
public struct TemplateRange: Sendable, Hashable {
    public let start: Int
    /// The greatest value of the range: `end` as written, or the last one that a step reaches before it.
    public let last: Int
    /// At least 1.
    public let step: Int
    /// Digits at least.
    public let width: Int

    /// Precondition: `0 ≤ start ≤ end < Int.max` and `step ≥ 1` (the parser has said so to the user).
    init(start: Int, end: Int, step: Int = 1, width: Int) {
        precondition(start >= 0 && start <= end && end < Int.max && step >= 1, "a template range out of bounds")
        self.start = start
        self.last = start + (end - start) / step * step
        self.step = step
        self.width = max(width, 1)
    }

    public var count: Int { (last - start) / step + 1 }

    /// The value at a position in `0 ..< count`.
    public func value(at index: Int) -> Int { start + index * step }

    /// The position of a value, or nil when the range does not hold it.
    public func index(of value: Int) -> Int? {
        guard value >= start, value <= last, (value - start) % step == 0 else { return nil }
        return (value - start) / step
    }

    /// Digits that `value` takes as this range writes it.
    func length(of value: Int) -> Int { max(width, decimalDigits(value)) }

    /// Writes `value` behind what is in `bytes`.
    func append(_ value: Int, to bytes: inout [UInt8]) {
        let length = length(of: value)
        bytes.append(contentsOf: repeatElement(ASCII.zero, count: length))
        var rest = value
        var position = bytes.count - 1
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes[position] = ASCII.zero + UInt8(truncatingIfNeeded: digit)
            rest = quotient
            position -= 1
        }
    }
}

/// Decimal digits of a non-negative number; 1 for zero.
func decimalDigits(_ value: Int) -> Int {
    var digits = 1
    var rest = value / 10
    while rest > 0 {
        digits += 1
        rest /= 10
    }
    return digits
}
