import ObjectModel
import Testing

struct UnitTextTests {
    @Test(
        arguments: [
            ("64MiB", 64 << 20), ("0", 0), ("4096", 4_096), ("1k", 1_024), ("1.5 GB", 1_500_000_000), ("2TiB", 2 << 40),
            ("10b", 10), ("1.5KiB", 1_536), ("7PB", 7_000_000_000_000_000), ("9223372036854775807", Int64.max),
        ] as [(String, Int64)])
    func sizes(_ text: String, _ bytes: Int64) {
        #expect(ByteSize.parse(text) == bytes)
    }

    @Test(arguments: [
        "", "MiB", "-1", "1XB", "1.2.3k", "9223372036854775808", "9000000TiB",
        "٣k", "1 2", "0x10", "1e3",
    ])
    func noSizes(_ text: String) {
        #expect(ByteSize.parse(text) == nil)
    }

    @Test(
        arguments: [
            (0, "0B"), (812, "812B"), (1_023, "1023B"), (1_024, "1KiB"), (1_536, "1.5KiB"), (64 << 20, "64MiB"),
            ((1 << 20) - 1, "1MiB"), (Int64.max, "8EiB"), (-2_048, "-2KiB"),
        ] as [(Int64, String)])
    func sizesPrinted(_ bytes: Int64, _ text: String) {
        #expect(ByteSize.format(bytes) == text)
    }

    @Test(
        arguments: [
            ("90s", 90), ("1h30m", 5_400), ("250ms", 0.25), ("2d", 172_800), ("90", 90), ("1.5h", 5_400), ("0", 0),
            ("1m0.5s", 60.5), ("10us", 0.00001),
        ] as [(String, Double)])
    func durations(_ text: String, _ seconds: Double) throws {
        let parsed = try #require(DurationText.parse(text))
        #expect(abs(parsed - seconds) < 1e-9)
    }

    @Test(arguments: ["", "s", "-1s", "1x", "1m1h", "1s1s", "1e3s", "nan", "inf", "1h 2", "1..2s", "."])
    func noDurations(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(
        arguments: [
            (0, "0s"), (0.25, "250ms"), (0.0001, "1ms"), (2.5, "2.5s"), (59.96, "1m"), (90, "1m30s"), (5_400, "1h30m"),
            (86_400, "1d"), (90_061, "1d1h"), (-3, "-3s"), (.infinity, "never"), (0.99999, "1s"),
        ] as [(Double, String)])
    func durationsPrinted(_ seconds: Double, _ text: String) {
        #expect(DurationText.format(seconds) == text)
    }
}
