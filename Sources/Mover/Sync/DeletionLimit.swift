import ObjectModel

/// How large a share of what it could evict one sync may evict: the brake for a source that has lost its data, or shows
/// only a part of them.
public struct DeletionLimit: Sendable, Hashable, CustomStringConvertible {
    /// Of a million.
    private let parts: Int

    /// 2 %.
    public static let standard = DeletionLimit(parts: 20_000)

    private static let whole = 1_000_000

    private init(parts: Int) { self.parts = parts }

    /// A share from 0 to 1; what is finer than a millionth is left out.
    public init(share: Double) {
        let parts = (min(max(share, 0), 1) * Double(Self.whole) + 0.001).rounded(.down)
        self.init(parts: Int(parts))
    }

    /// `2%`, `0.5%`: from 0 to 100. Nil when the text is none of these.
    public init?(_ text: String) {
        guard let share = PercentText.parse(text) else { return nil }
        self.init(share: share)
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
