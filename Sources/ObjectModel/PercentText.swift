/// Percentages as people write them: `2%`, `0.5%`.
public enum PercentText {
    /// A share from 0 to 1, or nil when the text is none.
    public static func parse(_ text: String) -> Double? {
        guard text.hasSuffix("%") else { return nil }
        let number = text.dropLast()
        guard !number.isEmpty, number.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e }),
            let percent = Double(number), percent <= 100
        else { return nil }
        return percent / 100
    }

    /// `2%`, `0.5%`.
    public static func format(_ share: Double) -> String {
        let percent = share * 100
        return percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
    }
}
