/// Dates as HTTP writes them (RFC 9110, 5.6.7), as whole seconds since 1970-01-01T00:00:00Z. No clock, no locale.
public enum HTTPDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// Reads an IMF-fixdate (`Sun, 06 Nov 1994 08:49:37 GMT`), an RFC 850 date (`Sunday, 06-Nov-94 08:49:37 GMT`)
    /// or an asctime date (`Sun Nov  6 08:49:37 1994`); anything else is nil. The name of the day is not checked
    /// against the date. The two-digit year of RFC 850 is the one at most 50 years after `now`; without `now`,
    /// 70–99 are 1970–1999 and 00–69 are 2000–2069.
    public static func parse(_ text: some StringProtocol, now: Int64? = nil) -> Int64? {
        guard text.utf8.count <= 64 else { return nil }
        let straight = text.utf8.withContiguousStorageIfAvailable { fixdate($0) } ?? fixdate(Array(text.utf8))
        if let straight { return straight }
        let words = String(text).split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
        guard let weekday = words.first, isWeekday(weekday) else { return nil }
        switch words.count {
        case 6 where words[5] == "GMT":
            return seconds(day: words[1], month: words[2], year: number(words[3], 4...4), time: words[4])
        case 5:
            return seconds(day: words[2], month: words[1], year: number(words[4], 4...4), time: words[3])
        case 4 where words[3] == "GMT":
            let date = words[1].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
            guard date.count == 3, let short = number(date[2], 2...2) else { return nil }
            return seconds(day: date[0], month: date[1], year: fullYear(short, now: now), time: words[2])
        default:
            return nil
        }
    }

    /// The form that servers send, straight from its bytes: there is one with every answer.
    private static func fixdate<Bytes: RandomAccessCollection<UInt8>>(
        _ text: Bytes
    ) -> Int64? where Bytes.Index == Int {
        guard text.count == 29, text[3] == 0x2C, text[19] == 0x3A, text[22] == 0x3A, text[4] == 0x20, text[7] == 0x20,
            text[11] == 0x20, text[16] == 0x20, text[25] == 0x20, text[26] == 0x47, text[27] == 0x4D, text[28] == 0x54,
            shortDays.contains(letters(text, 0)), let month = shortMonths.firstIndex(of: letters(text, 8)),
            let day = number(text, 5, 2), let year = number(text, 12, 4), let hour = number(text, 17, 2),
            let minute = number(text, 20, 2), let second = number(text, 23, 2), hour < 24, minute < 60, second <= 60,
            (1...CivilTime.daysIn(month: month + 1, year: year)).contains(day)
        else { return nil }
        return CivilTime.days(year: year, month: month + 1, day: day) * 86400
            + Int64(hour * 3600 + minute * 60 + second)
    }

    private static let shortDays = days.map { letters(Array($0.utf8), 0) }
    private static let shortMonths = months.map { letters(Array($0.utf8), 0) }

    /// Three ASCII letters as one number, without case. (What else `| 0x20` makes equal is no letter, and is told apart.)
    private static func letters<Bytes: RandomAccessCollection<UInt8>>(_ text: Bytes, _ from: Int) -> UInt32
    where Bytes.Index == Int {
        var packed: UInt32 = 0
        for index in from..<(from + 3) {
            let byte = text[index]
            packed = packed << 8 | UInt32(byte < 0x40 ? 0 : byte | 0x20)
        }
        return packed
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    public static func format(_ seconds: Int64) -> String {
        let date = CivilTime(seconds)
        var text: [UInt8] = []
        text.reserveCapacity(32)
        text += days[date.weekday].utf8
        text += [0x2C, 0x20]
        put(date.day, &text)
        text.append(0x20)
        text += monthNames[date.month - 1].utf8
        text.append(0x20)
        put(date.year, width: 4, &text)
        text.append(0x20)
        putTime(date, &text)
        text += " GMT".utf8
        return String(decoding: text, as: UTF8.self)
    }

    /// `1994-11-06T08:49:37Z`, as AIS keeps `LastModified`.
    public static func formatRFC3339(_ seconds: Int64) -> String {
        let date = CivilTime(seconds)
        var text: [UInt8] = []
        text.reserveCapacity(20)
        put(date.year, width: 4, &text)
        text.append(0x2D)
        put(date.month, &text)
        text.append(0x2D)
        put(date.day, &text)
        text.append(0x54)
        putTime(date, &text)
        text.append(0x5A)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads `1994-11-06T08:49:37Z`, with or without a fraction (dropped), with `Z` or `±hh:mm`. Straight from the bytes:
    /// there is one with every entry of a listing.
    public static func parseRFC3339(_ text: some StringProtocol) -> Int64? {
        guard text.utf8.count <= 64 else { return nil }
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54, bytes[13] == 0x3A,
            bytes[16] == 0x3A, let year = number(bytes, 0, 4), let month = number(bytes, 5, 2),
            let day = number(bytes, 8, 2), let hour = number(bytes, 11, 2), let minute = number(bytes, 14, 2),
            let second = number(bytes, 17, 2), hour < 24, minute < 60, second <= 60, (1...12).contains(month),
            (1...CivilTime.daysIn(month: month, year: year)).contains(day)
        else { return nil }
        var zone = bytes[19...]
        if zone.first == 0x2E { zone = zone.dropFirst().drop { $0 >= 0x30 && $0 <= 0x39 } }
        guard let offset = zoneSeconds(Array(zone)) else { return nil }
        return CivilTime.days(year: year, month: month, day: day) * 86400
            + Int64(hour * 3600 + minute * 60 + second) - offset
    }

    private static func zoneSeconds(_ zone: [UInt8]) -> Int64? {
        if zone == [0x5A] { return 0 }
        guard zone.count == 6, zone[0] == 0x2B || zone[0] == 0x2D, zone[3] == 0x3A, let hours = number(zone, 1, 2),
            let minutes = number(zone, 4, 2), hours < 24, minutes < 60
        else { return nil }
        return Int64(hours * 3600 + minutes * 60) * (zone[0] == 0x2D ? -1 : 1)
    }

    /// `count` ASCII digits from `from` on, which must be there.
    private static func number<Bytes: RandomAccessCollection<UInt8>>(
        _ text: Bytes, _ from: Int, _ count: Int
    ) -> Int? where Bytes.Index == Int {
        var value = 0
        for index in from..<(from + count) {
            let byte = text[index]
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    private static func isWeekday(_ word: String) -> Bool {
        [
            "sun", "mon", "tue", "wed", "thu", "fri", "sat", "sunday", "monday", "tuesday", "wednesday", "thursday",
            "friday", "saturday",
        ].contains(word.lowercased())
    }

    private static func fullYear(_ short: Int, now: Int64?) -> Int {
        guard let now else { return short < 70 ? 2000 + short : 1900 + short }
        let thisYear = CivilTime(now).year
        let candidate = thisYear - thisYear % 100 + short
        return candidate > thisYear + 50 ? candidate - 100 : candidate
    }

    private static func seconds(day: String, month: String, year: Int?, time: String) -> Int64? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let year, let day = number(day, 1...2), let index = months.firstIndex(of: month.lowercased()),
            clock.count == 3, let hour = number(clock[0], 2...2), let minute = number(clock[1], 2...2),
            let second = number(clock[2], 2...2), hour < 24, minute < 60, second <= 60,
            (1...CivilTime.daysIn(month: index + 1, year: year)).contains(day)
        else { return nil }
        let days = CivilTime.days(year: year, month: index + 1, day: day)
        return days * 86400 + Int64(hour * 3600 + minute * 60 + second)
    }

    /// ASCII digits only, as many as allowed.
    private static func number(_ text: String, _ digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int(text)
    }

    private static func putTime(_ date: CivilTime, _ text: inout [UInt8]) {
        put(date.hour, &text)
        text.append(0x3A)
        put(date.minute, &text)
        text.append(0x3A)
        put(date.second, &text)
    }

    /// With zeros in front up to `width`.
    private static func put(_ number: Int, width: Int = 2, _ text: inout [UInt8]) {
        if width == 2, (0..<100).contains(number) {
            text.append(0x30 + UInt8(truncatingIfNeeded: number / 10))
            text.append(0x30 + UInt8(truncatingIfNeeded: number % 10))
            return
        }
        let digits = String(number).utf8
        text += repeatElement(0x30, count: max(0, width - digits.count))
        text += digits
    }
}
