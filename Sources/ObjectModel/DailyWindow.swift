import Foundation

/// A span of each day by the clock on the wall, over midnight too: `22:00-06:00`. The start is in it, the end is not.
///
/// Whether a moment is inside is a matter of what the clock shows then. Where the clock is put forward or back, the
/// window gets shorter or longer with it; one that ends or begins in a skipped hour does so when the clock is set.
public struct DailyWindow: Sendable, Hashable, CustomStringConvertible {
    private static let daySeconds = 86_400

    /// Seconds of the day at which it begins.
    let startSeconds: Int
    /// Seconds of the day at which it ends.
    let endSeconds: Int

    /// Nil unless the text is `HH:MM-HH:MM` with two different times.
    public init?(_ text: String) {
        let times = text.split(separator: "-", omittingEmptySubsequences: false).map(Self.seconds)
        guard times.count == 2, let start = times[0], let end = times[1], start != end else { return nil }
        (startSeconds, endSeconds) = (start, end)
    }

    private static func seconds(_ text: Substring) -> Int? {
        guard text.wholeMatch(of: #/([01][0-9]|2[0-3]):[0-5][0-9]/#) != nil, let hours = Int(text.prefix(2)),
            let minutes = Int(text.suffix(2))
        else { return nil }
        return hours * 3600 + minutes * 60
    }

    public var description: String {
        func text(_ seconds: Int) -> String {
            let (hour, minute) = (seconds / 3600, seconds / 60 % 60)
            return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
        }
        return "\(text(startSeconds))-\(text(endSeconds))"
    }

    /// Whether the clock of `zone` shows a time of the window at that moment.
    public func contains(_ moment: Date, in zone: TimeZone) -> Bool {
        isInside(Self.secondsOfDay(moment, zone))
    }

    /// The next moment after `moment` at which it opens or closes.
    public func nextChange(after moment: Date, in zone: TimeZone) -> Date {
        let isInside = contains(moment, in: zone)
        var moment = moment
        // Between two changes of the clock it runs evenly. A day has at most one of them, and two days hold any change.
        for _ in 0..<8 {
            let shown = Self.secondsOfDay(moment, zone)
            let wait = ((isInside ? endSeconds : startSeconds) - shown + Self.daySeconds - 1) % Self.daySeconds + 1
            let whole = moment.timeIntervalSinceReferenceDate.rounded(.down)
            let change = Date(timeIntervalSinceReferenceDate: whole + Double(wait))
            guard let clockChange = zone.nextDaylightSavingTimeTransition(after: moment), clockChange <= change else {
                return change
            }
            if contains(clockChange, in: zone) != isInside { return clockChange }
            moment = clockChange
        }
        return moment
    }

    private func isInside(_ seconds: Int) -> Bool {
        startSeconds < endSeconds
            ? (startSeconds..<endSeconds).contains(seconds) : seconds >= startSeconds || seconds < endSeconds
    }

    private static func secondsOfDay(_ moment: Date, _ zone: TimeZone) -> Int {
        let seconds = Int(moment.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: moment)
        return ((seconds % daySeconds) + daySeconds) % daySeconds
    }
}
