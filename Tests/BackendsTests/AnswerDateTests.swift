import TestSupport
import Testing

@testable import Backends

@Suite struct AnswerDateTests {
    @Test(
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400),
            ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800), ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
        ] as [(String, Int64)])
    func threeFormsAreRead(text: String, seconds: Int64) {
        #expect(HTTPDate.parse(text) == seconds)
    }

    @Test(arguments: [
        "", "GMT", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 PST", "Sun, 31 Feb 2024 00:00:00 GMT",
        "Thu, 29 Feb 1900 00:00:00 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Xyz, 06 Nov 1994 08:49:37 GMT",
        "1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov -994 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT", "Sun Nov 6 08:49:37 94", "Sun, ０6 Nov 1994 08:49:37 GMT",
    ])
    func otherTextIsNoDate(text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }

    @Test func twoDigitYearsAreAtMostFiftyYearsAhead() {
        let now: Int64 = 1_709_251_199  // 2024
        #expect(HTTPDate.parse("Friday, 01-Jan-74 00:00:00 GMT", now: now) == 3_281_990_400)  // 2074
        #expect(HTTPDate.parse("Friday, 01-Jan-75 00:00:00 GMT", now: now) == 157_766_400)  // 1975
        #expect(HTTPDate.parse("Friday, 01-Jan-70 00:00:00 GMT") == 0)
        #expect(HTTPDate.parse("Friday, 01-Jan-69 00:00:00 GMT") == 3_124_224_000)  // 2069
    }

    @Test func writtenDatesReadBackAsThemselves() {
        #expect(HTTPDate.format(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.formatRFC3339(784_111_777) == "1994-11-06T08:49:37Z")
        var random = SeededGenerator(state: 1)
        for _ in 0..<10_000 {
            let seconds = Int64.random(in: -62_135_596_800...253_402_300_799, using: &random)  // years 1–9999
            #expect(HTTPDate.parse(HTTPDate.format(seconds)) == seconds)
            #expect(HTTPDate.parseRFC3339(HTTPDate.formatRFC3339(seconds)) == seconds)
        }
    }

    @Test(
        arguments: [
            ("2024-03-05T12:00:01Z", 1_709_640_001), ("2024-03-05T13:00:01+01:00", 1_709_640_001),
            ("2024-03-05T06:30:01.123456-05:30", 1_709_640_001), ("2024-03-05 12:00:01", nil),
            ("2024-03-05T12:00:01", nil),
            ("2024-13-05T12:00:01Z", nil), ("2024-03-05T12:00:01+0100", nil), ("", nil), ("T", nil),
            ("2024-03-05TZ", nil),
        ] as [(String, Int64?)])
    func timesOfStoredMetadata(text: String, seconds: Int64?) {
        #expect(HTTPDate.parseRFC3339(text) == seconds)
    }

    @Test func extremesDoNotTrap() {
        for seconds in [Int64.min, Int64.max, -62_135_596_801] {
            #expect(!HTTPDate.format(seconds).isEmpty)
        }
    }
}
