extension Template {
    /// The position in each range that gives `name`, or nil when the template does not give it. Where several do
    /// (`{1..11}{1..11}` gives 111 twice), one of them. Work is bounded by name length × ranges × 19.
    public func contains(_ name: String) -> [Int]? { contains(Array(name.utf8)) }

    /// As `contains(_: String)`, for a name's UTF-8 bytes.
    public func contains(_ name: [UInt8]) -> [Int]? {
        guard name.starts(with: literals[0]) else { return nil }
        var matcher = TemplateMatcher(template: self, name: name)
        return matcher.match(range: 0, at: literals[0].count) ? matcher.positions : nil
    }
}

/// Tries lengths for one range after the other; what failed once is not tried again.
private struct TemplateMatcher {
    let template: Template
    let name: [UInt8]
    var positions: [Int] = []
    private var failed: Set<Int> = []

    init(template: Template, name: [UInt8]) {
        self.template = template
        self.name = name
    }

    mutating func match(range number: Int, at place: Int) -> Bool {
        guard number < template.ranges.count else { return place == name.count }
        let key = place * template.ranges.count + number
        guard !failed.contains(key) else { return false }
        let range = template.ranges[number]
        let literal = template.literals[number + 1]
        var value = 0
        var end = place
        while end < name.count, ASCII.isDigit(name[end]) {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, overflowed) = tens.addingReportingOverflow(Int(name[end] - ASCII.zero))
            guard !overflow, !overflowed, next <= range.last else { break }
            value = next
            end += 1
            guard range.length(of: value) == end - place, let position = range.index(of: value) else { continue }
            guard name[end...].starts(with: literal) else { continue }
            positions.append(position)
            if match(range: number + 1, at: end + literal.count) { return true }
            positions.removeLast()
        }
        failed.insert(key)
        return false
    }
}
