import Foundation
import Testing

@testable import ObjectModel

struct DailyWindowTests {
    static let berlin = TimeZone(identifier: "Europe/Berlin")
    static let utc = TimeZone(secondsFromGMT: 0)

    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    @Test(arguments: ["22:00-06:00", "00:00-05:30", "09:15-17:45", "23:59-00:00"])
    func takes(text: String) { #expect(DailyWindow(text) != nil) }

    @Test(arguments: [
        "", "-", "9:15-17:45", "22:00-24:00", "22:00", "22:00-", "22:00-22:00", "00:00-24:00", "25:00-06:00",
        "22:60-06:00", "24:01-06:00",
        "22:0-6:00", "22-06", "22:00-06:00-", "+2:00-06:00", "22:00–06:00", " 22:00-06:00", "022:00-06:00",
    ])
    func refuses(text: String) { #expect(DailyWindow(text) == nil) }

    @Test func isWrittenAsItIsMeant() {
        #expect(DailyWindow("09:05-00:00")?.description == "09:05-00:00")
    }

    /// A window, a moment, whether it is inside, and when that changes.
    struct Case: Sendable {
        var window: String
        var at: String
        var isInside: Bool
        var change: String
        var note: String
    }

    static let inBerlin: [Case] = [
        .init(
            window: "22:00-06:00", at: "2026-01-10T20:59:59Z", isInside: false, change: "2026-01-10T21:00:00Z",
            note: "a second before"),
        .init(
            window: "22:00-06:00", at: "2026-01-10T21:00:00Z", isInside: true, change: "2026-01-11T05:00:00Z",
            note: "the start is in it"),
        .init(
            window: "22:00-06:00", at: "2026-01-11T04:59:59Z", isInside: true, change: "2026-01-11T05:00:00Z",
            note: "after midnight"),
        .init(
            window: "22:00-06:00", at: "2026-01-11T05:00:00Z", isInside: false, change: "2026-01-11T21:00:00Z",
            note: "the end is not"),
        .init(
            window: "09:00-17:00", at: "2026-07-01T07:00:00Z", isInside: true, change: "2026-07-01T15:00:00Z",
            note: "by day, in summer"),
        .init(
            window: "22:00-00:00", at: "2026-01-10T22:30:00Z", isInside: true, change: "2026-01-10T23:00:00Z",
            note: "until midnight"),
        // 2026-03-29, 02:00 becomes 03:00: a night of seven hours.
        .init(
            window: "22:00-06:00", at: "2026-03-28T21:00:00Z", isInside: true, change: "2026-03-29T04:00:00Z",
            note: "the short night"),
        .init(
            window: "22:00-02:30", at: "2026-03-28T21:00:00Z", isInside: true, change: "2026-03-29T01:00:00Z",
            note: "ends in the skipped hour"),
        .init(
            window: "02:30-05:00", at: "2026-03-28T12:00:00Z", isInside: false, change: "2026-03-29T01:00:00Z",
            note: "begins in the skipped hour"),
        .init(
            window: "02:15-02:45", at: "2026-03-28T12:00:00Z", isInside: false, change: "2026-03-30T00:15:00Z",
            note: "wholly skipped: the day after"),
        // 2026-10-25, 03:00 becomes 02:00: a night of nine hours.
        .init(
            window: "22:00-06:00", at: "2026-10-24T20:00:00Z", isInside: true, change: "2026-10-25T05:00:00Z",
            note: "the long night"),
        .init(
            window: "22:00-02:30", at: "2026-10-24T20:00:00Z", isInside: true, change: "2026-10-25T00:30:00Z",
            note: "ends the first time it is 02:30"),
        .init(
            window: "22:00-02:30", at: "2026-10-25T00:45:00Z", isInside: false, change: "2026-10-25T01:00:00Z",
            note: "it is 02:00 again"),
        .init(
            window: "22:00-02:30", at: "2026-10-25T01:00:00Z", isInside: true, change: "2026-10-25T01:30:00Z",
            note: "and ends again"),
    ]

    @Test(arguments: inBerlin)
    func followsTheClockOnTheWall(_ row: Case) throws {
        let zone = try #require(Self.berlin)
        let window = try #require(DailyWindow(row.window))
        let moment = try date(row.at)
        #expect(window.contains(moment, in: zone) == row.isInside, "\(row.note)")
        #expect(window.nextChange(after: moment, in: zone) == (try date(row.change)), "\(row.note)")
    }

    /// Against a search second by second, over both changes of the clock.
    @Test func agreesWithLookingAtTheClock() throws {
        let zone = try #require(Self.berlin)
        for text in ["22:00-06:00", "01:30-02:30", "02:30-03:30", "03:00-02:00", "02:00-03:00"] {
            let window = try #require(DailyWindow(text))
            for start in ["2026-03-28T20:00:00Z", "2026-10-24T20:00:00Z"] {
                for step in 0..<40 {
                    let moment = try date(start).addingTimeInterval(Double(step) * 1807)
                    let isInside = window.contains(moment, in: zone)
                    let change = window.nextChange(after: moment, in: zone)
                    #expect(window.contains(change, in: zone) != isInside)
                    var probe = moment
                    while probe < change {
                        #expect(window.contains(probe, in: zone) == isInside, "\(text) \(moment) \(probe)")
                        probe.addTimeInterval(min(600, max(1, change.timeIntervalSince(probe) - 1)))
                        if change.timeIntervalSince(probe) < 1 { break }
                    }
                }
            }
        }
    }

    @Test func keepsTheFractionOutOfIt() throws {
        let window = try #require(DailyWindow("22:00-06:00"))
        let zone = try #require(Self.utc)
        let moment = try date("2026-01-10T21:59:59Z").addingTimeInterval(0.75)
        #expect(window.nextChange(after: moment, in: zone) == (try date("2026-01-10T22:00:00Z")))
    }
}
