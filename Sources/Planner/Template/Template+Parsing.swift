extension Template {
    /// Understands `text` in one style.
    ///
    /// A text without a range is a literal. `count` belongs to the fmt style, which has no end of its own.
    public init(_ text: String, style: Style, count: Int? = nil) throws(TemplateError) {
        var parser = TemplateParser(text)
        if count != nil, style != .fmt {
            throw parser.error("--count is for --template fmt; a \(style.rawValue) range says its own end")
        }
        guard !text.isEmpty else { throw parser.error("it is empty") }
        switch style {
        case .bash: try parser.parseBraces(in: parser.bytes.indices)
        case .at: try parser.parseAt()
        case .fmt: try parser.parseFmt(count: count)
        }
        self = parser.finish()
    }
}

/// Cuts a template's text into literals and ranges.
struct TemplateParser {
    /// Digits of a range at most: a path component has 255 bytes.
    static let widthMax = 255

    /// The template as messages show it: without what may be secret.
    let shown: String
    let bytes: [UInt8]
    private var literals: [[UInt8]] = []
    private var ranges: [TemplateRange] = []
    /// Where the literal that is being read begins.
    private var literalStart = 0

    init(_ text: String, shown: String? = nil) {
        self.shown = shown ?? text
        bytes = Array(text.utf8)
    }

    var rangeCount: Int { ranges.count }

    func error(_ reason: String) -> TemplateError { TemplateError(template: shown, reason: reason) }

    /// What has been found; what follows `end` is left out.
    func finish(end: Int? = nil) -> Template {
        let last = bytes[literalStart..<(end ?? bytes.count)]
        return Template(text: shown, literals: literals + [Array(last)], ranges: ranges)
    }

    /// Takes brace ranges that lie in `part`; all else is literal. Where `part` has no closing brace at all, an opening
    /// one is a literal too.
    mutating func parseBraces(in part: Range<Int>) throws(TemplateError) {
        guard bytes[part].contains(ASCII.closeBrace) else { return }
        var position = part.lowerBound
        while let open = bytes[position..<part.upperBound].firstIndex(of: ASCII.openBrace) {
            guard let close = bytes[open..<part.upperBound].firstIndex(of: ASCII.closeBrace) else {
                throw error("a '{' is not closed (a range is written {000..999} or {0..999..10})")
            }
            try append(braceRange(bytes[(open + 1)..<close]), at: open..<(close + 1))
            position = close + 1
        }
    }

    /// `@0999`: 0 to 999, four digits.
    mutating func parseAt() throws(TemplateError) {
        var position = 0
        while let at = bytes[position...].firstIndex(of: ASCII.at) {
            let end = bytes[(at + 1)...].firstIndex { !ASCII.isDigit($0) } ?? bytes.count
            let digits = bytes[(at + 1)..<end]
            guard !digits.isEmpty else {
                throw error("'@' without a number behind it (an at-style range is written shard-@0999.tar)")
            }
            let last = try number(digits, "end")
            try append(range(from: 0, to: last, step: 1, width: digits.count), at: at..<end)
            position = end
        }
    }

    /// `%06d`: 0 to `count` less one, six digits. With two percent signs or none the text is a literal.
    mutating func parseFmt(count: Int?) throws(TemplateError) {
        guard bytes.lazy.filter({ $0 == ASCII.percent }).count == 1, let percent = bytes.firstIndex(of: ASCII.percent)
        else { return }
        let invalid = error("a fmt-style range is written %d or %06d")
        guard let letter = bytes[percent...].firstIndex(of: UInt8(ascii: "d")) else { throw invalid }
        let digits = bytes[(percent + 1)..<letter]
        var width = 1
        if !digits.isEmpty {
            guard digits.first == ASCII.zero, digits.count > 1, digits.allSatisfy(ASCII.isDigit) else { throw invalid }
            width = try number(digits, "width")
        }
        guard let count else { throw error("a fmt-style range has no end of its own: say how many with --count N") }
        guard count >= 1, count < Int.max else { throw error("--count \(count) is not a number of names") }
        try append(range(from: 0, to: count - 1, step: 1, width: width), at: percent..<(letter + 1))
    }

    private mutating func append(_ range: TemplateRange, at place: Range<Int>) {
        literals.append(Array(bytes[literalStart..<place.lowerBound]))
        ranges.append(range)
        literalStart = place.upperBound
    }

    /// The inside of `{start..end}` or `{start..end..step}`.
    private func braceRange(_ inside: ArraySlice<UInt8>) throws(TemplateError) -> TemplateRange {
        let written = String(decoding: inside, as: UTF8.self)
        let parts = split(inside)
        guard parts.count == 2 || parts.count == 3 else {
            throw error(
                "{\(written)} is not a range; one is written {000..999} or {0..999..10}"
                    + " (in a URL a brace that means itself is %7B or %7D)")
        }
        let start = try number(parts[0], "start")
        let end = try number(parts[1], "end")
        let step = parts.count == 3 ? try number(parts[2], "step") : 1
        return try range(from: start, to: end, step: step, width: min(parts[0].count, parts[1].count))
    }

    /// Splits at each `..`.
    private func split(_ inside: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        let dot = UInt8(ascii: ".")
        var parts: [ArraySlice<UInt8>] = []
        var rest = inside
        while let first = rest.firstIndex(of: dot) {
            guard first + 1 < rest.endIndex, rest[first + 1] == dot else { break }
            parts.append(rest[..<first])
            rest = rest[(first + 2)...]
        }
        return parts + [rest]
    }

    /// A non-negative decimal number.
    private func number(_ digits: ArraySlice<UInt8>, _ what: String) throws(TemplateError) -> Int {
        let written = String(decoding: digits, as: UTF8.self)
        if digits.first == UInt8(ascii: "-"), digits.count > 1, digits.dropFirst().allSatisfy(ASCII.isDigit) {
            throw error(what == "step" ? "step \(written) is not positive" : "\(what) \(written) is negative")
        }
        guard !digits.isEmpty, digits.allSatisfy(ASCII.isDigit) else {
            throw error("\(what) \"\(written)\" is not a number")
        }
        guard let value = Int(written), value < Int.max else { throw error("\(what) \(written) is too large") }
        return value
    }

    private func range(from start: Int, to end: Int, step: Int, width: Int) throws(TemplateError) -> TemplateRange {
        guard start <= end else { throw error("start \(start) is greater than end \(end)") }
        guard step >= 1 else { throw error("step \(step) is not positive") }
        guard width <= Self.widthMax else { throw error("\(width) digits are more than a name can have") }
        return TemplateRange(start: start, end: end, step: step, width: width)
    }
}
