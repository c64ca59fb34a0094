/// The time of day in which a job may move: `22:00-06:00`, local time. One that ends before it begins goes over midnight.
public struct DailyWindow: Sendable, Hashable, CustomStringConvertible {
    /// Minutes since midnight, from 0 to 1439.
    public let start: Int
    /// Minutes since midnight at which it is over.
    public let end: Int

    /// Nil when the text is none, or begins and ends at once.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(Self.minutes)
        guard parts.count == 2, let start = parts[0], let end = parts[1], start != end else { return nil }
        (self.start, self.end) = (start, end)
    }

    /// Whether a minute of the day lies in it.
    public func contains(minute: Int) -> Bool {
        start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }

    public var description: String { "\(Self.text(start))-\(Self.text(end))" }

    private static func minutes(_ text: Substring) -> Int? {
        guard text.wholeMatch(of: #/([01][0-9]|2[0-3]):[0-5][0-9]/#) != nil, let hours = Int(text.prefix(2)),
            let minutes = Int(text.suffix(2))
        else { return nil }
        return hours * 60 + minutes
    }

    private static func text(_ minutes: Int) -> String {
        "\(minutes / 600)\(minutes / 60 % 10):\(minutes % 60 / 10)\(minutes % 10)"
    }
}
