/// Names that differ in numbers: literals with ranges between them, iterated and never expanded in memory.
///
///     shard-{000..999}.tar        bash     start..end, or start..end..step
///     shard-@999.tar              at       0 to the number
///     shard-%03d.tar              fmt      0 to --count N, less one
///
/// Several ranges may stand in one template; the last varies fastest. A range is padded with zeros to the shorter of
/// its two bounds as written. Source of the rules: AIStore's `cmn/cos/template.go`, pinned by `templates.json`.
public struct Template: Sendable, Hashable {
    /// How ranges are written.
    public enum Style: String, Sendable, CaseIterable { case bash, at, fmt }

    /// The template as written.
    public let text: String
    public let ranges: [TemplateRange]
    /// One more than there are ranges: before the first, between each two, behind the last.
    let literals: [[UInt8]]

    init(text: String, literals: [[UInt8]], ranges: [TemplateRange]) {
        precondition(literals.count == ranges.count + 1, "a template has a literal on either side of each range")
        self.text = text
        self.literals = literals
        self.ranges = ranges
    }

    /// How many names; `Int.max` when there are that many or more.
    public var count: Int {
        ranges.reduce(1) { product, range in
            let (value, overflow) = product.multipliedReportingOverflow(by: range.count)
            return overflow ? Int.max : value
        }
    }

    /// True when the text holds no range and so gives one name, itself.
    public var isLiteral: Bool { ranges.isEmpty }

    /// The name at a position in `0 ..< count`.
    public func name(at index: Int) -> String {
        var bytes = literals[0]
        let positions = positions(at: index)
        for (number, range) in ranges.enumerated() {
            range.append(range.value(at: positions[number]), to: &bytes)
            bytes.append(contentsOf: literals[number + 1])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The position in each range of the name at `index`; the last range varies fastest.
    public func positions(at index: Int) -> [Int] {
        precondition(index >= 0 && index < count, "a template has no name at \(index)")
        var positions = [Int](repeating: 0, count: ranges.count)
        var rest = index
        for number in ranges.indices.reversed() {
            (rest, positions[number]) = rest.quotientAndRemainder(dividingBy: ranges[number].count)
        }
        return positions
    }

    /// The index of the name at these positions; ranges beyond them stand at their first value.
    func index(of positions: [Int]) -> Int {
        ranges.enumerated().reduce(0) { index, range in
            index * range.element.count + (range.offset < positions.count ? positions[range.offset] : 0)
        }
    }

    /// The longest name; none is longer in any of its path components.
    var longestName: [UInt8] {
        var bytes = literals[0]
        for (number, range) in ranges.enumerated() {
            range.append(range.last, to: &bytes)
            bytes.append(contentsOf: literals[number + 1])
        }
        return bytes
    }
}

extension Template: Sequence {
    public func makeIterator() -> TemplateIterator { TemplateIterator(self) }
}
