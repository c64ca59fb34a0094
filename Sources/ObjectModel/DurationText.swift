/// Durations as people write them: `90s`, `1h30m`, `250ms`, `2d`, `90`.
public enum DurationText {
    /// Seconds, or nil when the text is no duration. Parts of `d h m s ms us`, each once and in that order; a bare
    /// number is seconds.
    public static func parse(_ text: String) -> Double? {
        if let seconds = number(text[...]) { return seconds }
        var rest = text[...]
        var sum = 0.0
        var next = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest[digits.endIndex...]
            let unit = rest.prefix { $0.isLetter }
            rest = rest[unit.endIndex...]
            guard let value = number(digits), let index = units.firstIndex(where: { $0.name == unit }), index >= next
            else { return nil }
            sum += value * units[index].seconds
            next = index + 1
        }
        return next > 0 ? sum : nil
    }

    /// `1h30m`, `1m30s`, `2.5s`, `250ms`: at most two parts.
    public static func format(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e12 else { return "never" }
        if seconds < 0 { return "-" + format(-seconds) }
        if seconds < 0.9995 { return seconds == 0 ? "0s" : "\(max(1, Int((seconds * 1_000).rounded())))ms" }
        if seconds < 59.95 {
            let tenths = Int((seconds * 10).rounded())
            return tenths % 10 == 0 ? "\(tenths / 10)s" : "\(tenths / 10).\(tenths % 10)s"
        }
        let whole = Int(seconds.rounded())
        let parts = [("d", whole / 86_400), ("h", whole / 3_600 % 24), ("m", whole / 60 % 60), ("s", whole % 60)]
        let shown = parts.drop { $0.1 == 0 }.prefix(2).filter { $0.1 > 0 }
        return shown.map { "\($0.1)\($0.0)" }.joined()
    }

    private static let units: [(name: String, seconds: Double)] = [
        ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("ms", 1e-3), ("us", 1e-6),
    ]

    /// A plain decimal number without sign or exponent.
    private static func number(_ text: Substring) -> Double? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e }) else { return nil }
        return Double(text)
    }
}
