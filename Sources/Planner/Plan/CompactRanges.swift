/// Numbers as a reader wants them: `17, 402, 1000-1010`.
public enum CompactRanges {
    /// The text for numbers in any order; each counts once. Runs of three and more are drawn together.
    public static func text(_ numbers: some Sequence<Int>) -> String {
        var parts: [String] = []
        for run in runs(numbers) {
            switch run.count {
            case 1: parts.append("\(run.lowerBound)")
            case 2: parts += ["\(run.lowerBound)", "\(run.upperBound)"]
            default: parts.append("\(run.lowerBound)-\(run.upperBound)")
            }
        }
        return parts.joined(separator: ", ")
    }

    /// Numbers next to each other, ascending.
    public static func runs(_ numbers: some Sequence<Int>) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for number in numbers.sorted() {
            guard let last = runs.last, number <= last.upperBound || number - 1 == last.upperBound else {
                runs.append(number...number)
                continue
            }
            runs[runs.count - 1] = last.lowerBound...max(number, last.upperBound)
        }
        return runs
    }
}
