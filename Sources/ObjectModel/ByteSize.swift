/// Sizes as people write them: `64MiB`, `1.5 GB`, `4096`.
public enum ByteSize {
    /// Bytes, or nil when the text is no size or does not fit. `KiB MiB GiB TiB PiB` and the bare letters `K M G T P`
    /// are powers of 1024, `KB MB GB TB PB` powers of 1000; case does not matter; a bare number is bytes.
    public static func parse(_ text: String) -> Int64? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text[number.endIndex...].drop { $0 == " " }.lowercased()
        guard let factor = factors[unit], !number.isEmpty else { return nil }
        if let whole = Int64(number) {
            let (bytes, overflow) = whole.multipliedReportingOverflow(by: factor)
            return overflow ? nil : bytes
        }
        guard let value = Double(number) else { return nil }
        let bytes = (value * Double(factor)).rounded()
        return bytes < 9.2e18 ? Int64(bytes) : nil
    }

    /// `64MiB`, `1.5GiB`, `812B`: binary units, one decimal where it says something.
    public static func format(_ bytes: Int64) -> String {
        var value = Double(bytes)
        var index = 0
        while value.magnitude >= 1_024, index < units.count - 1 {
            value /= 1_024
            index += 1
        }
        var tenths = (value * 10).rounded()
        if tenths.magnitude >= 10_240, index < units.count - 1 {
            tenths = (tenths / 1_024).rounded()
            index += 1
        }
        let whole = Int64(tenths / 10)
        let tenth = Int64(tenths.magnitude) % 10
        return tenth == 0 || index == 0 ? "\(whole)\(units[index])" : "\(whole).\(tenth)\(units[index])"
    }

    private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    private static let factors: [String: Int64] = {
        var factors: [String: Int64] = ["": 1, "b": 1]
        var binary: Int64 = 1
        var decimal: Int64 = 1
        for letter in ["k", "m", "g", "t", "p"] {
            binary *= 1_024
            decimal *= 1_000
            factors[letter] = binary
            factors[letter + "ib"] = binary
            factors[letter + "b"] = decimal
        }
        return factors
    }()
}
