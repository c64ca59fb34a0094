/// How large a share of what it could evict one sync may evict: the brake for a source that has lost its data, or shows
/// only a part of them.
public struct DeletionLimit: Sendable, Hashable, CustomStringConvertible {
    /// Of a million.
    private let parts: Int

    /// 2 %.
    public static let standard = DeletionLimit(parts: 20_000)

    private static let whole = 1_000_000

    private init(parts: Int) { self.parts = parts }

    /// `2%`, `0.5%`: from 0 to 100, with at most four decimals. Nil when the text is none of these.
    public init?(_ text: String) {
        guard text.hasSuffix("%") else { return nil }
        let halves = text.dropLast().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = halves.count == 2 ? halves[1] : "0"
        guard let percent = halves.first, (1...3).contains(percent.count), (1...4).contains(decimals.count),
            (percent + decimals).utf8.allSatisfy({ (0x30...0x39).contains($0) }), let whole = Int(percent),
            let rest = Int(decimals + String(repeating: "0", count: 4 - decimals.count))
        else { return nil }
        let parts = whole * 10_000 + rest
        guard parts <= Self.whole else { return nil }
        self.init(parts: parts)
    }

    /// Whether that many of the candidates may go.
    public func allows(_ count: Int, of candidates: Int) -> Bool { count <= allowed(of: candidates) }

    /// How many of the candidates may go.
    public func allowed(of candidates: Int) -> Int {
        candidates / Self.whole * parts + candidates % Self.whole * parts / Self.whole
    }

    /// The smallest whole percentage that lets them go.
    public static func needed(for count: Int, of candidates: Int) -> DeletionLimit {
        let percent = (1...100).first { DeletionLimit(parts: $0 * 10_000).allows(count, of: candidates) } ?? 100
        return DeletionLimit(parts: percent * 10_000)
    }

    /// As it is written: `2%`, `0.5%`.
    public var description: String {
        let rest = String(String(parts % 10_000 + 10_000).dropFirst())
        let decimals = rest.replacing(/0+$/, with: "")
        return decimals.isEmpty ? "\(parts / 10_000)%" : "\(parts / 10_000).\(decimals)%"
    }
}
