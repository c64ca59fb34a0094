/// The values of several ranges, counted through with the last varying fastest.
struct Odometer: Sendable {
    let ranges: [TemplateRange]
    private(set) var values: [Int]

    /// Stands at the first value of each range.
    init(_ ranges: [TemplateRange]) {
        self.ranges = ranges
        values = ranges.map(\.start)
    }

    /// Goes to the next values. Returns the range that was stepped (those behind it are at their first value again,
    /// those before it did not change), or nil at the end.
    mutating func advance() -> Int? {
        var number = ranges.count - 1
        while number >= 0 {
            if values[number] < ranges[number].last {
                values[number] += ranges[number].step
                return number
            }
            values[number] = ranges[number].start
            number -= 1
        }
        return nil
    }
}
