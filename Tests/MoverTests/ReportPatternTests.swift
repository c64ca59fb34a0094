import Foundation
import TestSupport
import Testing

@testable import Mover

/// Where reports go, and which files rotation may touch.
@Suite struct ReportPatternTests {
    static let start = Date(timeIntervalSince1970: 1_795_816_800)

    @Test(arguments: [
        ("/var/log/{job}-{time}.json", "/var/log/nightly-20261127T220000Z.json"), ("run.json", "run.json"),
        ("./{time}", "./20261127T220000Z"), ("/l/{job}/{time}.json", "/l/nightly/20261127T220000Z.json"),
        ("é{time}ö.json", "é20261127T220000Zö.json"),
    ])
    func isFilledIn(text: String, path: String) throws {
        #expect(try ReportPattern(text, job: "nightly").path(Self.start) == path)
    }

    @Test(arguments: [
        "/var/{time}/x.json", "{date}.json", "{time}-{time}.json", "{", "a{time", "/var/log/", "", "{job}{job}.json",
    ])
    func isRefused(text: String) {
        #expect(throws: ReportPattern.Fault.self, "\(text)") { try ReportPattern(text, job: nil) }
    }

    @Test func aJobsNameNeverLeavesTheFolderNorBecomesAnothers() throws {
        #expect(
            try ReportPattern("/l/{job}-{time}", job: "../a b").path(Self.start) == "/l/..%2Fa%20b-20261127T220000Z")
        #expect(ReportPattern.harmless("a/b") != ReportPattern.harmless("a%2Fb"))
        #expect(try ReportPattern("{job}-{time}", job: "{time}").path(Self.start) == "%7Btime%7D-20261127T220000Z")
    }

    static let folder = [
        "a-20260102T000000Z.json", "a-20260101T000000Z.json", "a-20251231T235959Z.json",
        "a-b-20260101T000000Z.json", "b-20260101T000000Z.json", "a-20260101T000000Z.json.bak",
        "a-20260101T000000Z.json.77.tmp", "xa-20260101T000000Z.json", "a-2026010AT000000Z.json", "a-latest.json",
        "a-20260101T000000.json", "a--20260101T000000Z.json", "a-２0260101T000000Z.json", "A-20260101T000000Z.json",
    ]

    @Test func onlyThePatternsOwnFilesAreSeenOldestFirst() throws {
        let own = ReportFolder.ofPattern(try ReportPattern("/l/{job}-{time}.json", job: "a"), among: Self.folder)
        #expect(own == ["a-20251231T235959Z.json", "a-20260101T000000Z.json", "a-20260102T000000Z.json"])
        let all = ReportFolder.ofPattern(try ReportPattern("/l/{job}-{time}.json", job: nil), among: Self.folder)
        #expect(all.contains("a-b-20260101T000000Z.json") && all.contains("xa-20260101T000000Z.json"))
        #expect(!all.contains("a-20260101T000000Z.json.bak") && !all.contains("a-latest.json"))
    }

    @Test func namesAreComparedAsBytes() throws {
        let (composed, decomposed) = ("\u{e9}-20260101T000000Z.json", "e\u{301}-20260101T000000Z.json")
        let own = ReportFolder.ofPattern(
            try ReportPattern("\u{e9}-{time}.json", job: nil), among: [composed, decomposed])
        #expect(own.map { Array($0.utf8) } == [Array(composed.utf8)])
    }

    @Test func theOldestGoAndNothingElse() throws {
        let scratch = try TestSupport.scratch("rotation")
        for name in Self.folder { _ = try scratch.write(name, "x") }
        try FileManager.default.createDirectory(
            atPath: "\(scratch.path)/a-20200101T000000Z.json", withIntermediateDirectories: true)
        let pattern = try ReportPattern("\(scratch.path)/{job}-{time}.json", job: "a")
        #expect(ReportFolder(pattern).prune(keeping: 2) == [])
        let left = Set(try FileManager.default.contentsOfDirectory(atPath: scratch.path))
        #expect(left == Set(Self.folder + ["a-20200101T000000Z.json"]).subtracting(["a-20251231T235959Z.json"]))
        #expect(ReportFolder(pattern).prune(keeping: 30) == [])
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: scratch.path)) == left)
    }

    @Test func aSummaryIsReadFromTheEnd() throws {
        let scratch = try TestSupport.scratch("tail")
        let path = "\(scratch.path)/r.json"
        let writer = try ReportWriter(path: path)
        for number in 0..<3000 {
            var record = ShardRecord(source: "http://h/\(number)", object: "ais://b/\(number)", outcome: .failed)
            record.reason = "],\"summary\":{} \(number)"
            writer.add(record)
        }
        var summary = RunSummary.example()
        summary.missing = ["http://h": String(repeating: "1, ", count: 100_000)]
        try writer.finish(summary)
        #expect(try ReportTail.summary(of: path) == summary)
    }

    @Test(arguments: ["", "hello", "{\"version\":1,\"shards\":[\n\n]", "x\n],\"summary\":{}}\n"])
    func whatIsNoReportIsSkippedWithANote(text: String) throws {
        let scratch = try TestSupport.scratch("foreign")
        _ = try scratch.write("20260101T000000Z.json", text)
        let (runs, skipped) = ReportFolder(try ReportPattern("\(scratch.path)/{time}.json", job: nil)).history()
        #expect(runs == [])
        #expect(skipped.count == 1 && skipped[0].contains("20260101T000000Z.json"), "\(skipped)")
    }
}
