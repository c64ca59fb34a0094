import Foundation
import TestSupport
import Testing

@testable import Mover

/// What `--metrics` writes, judged by Prometheus' own parser.
@Suite struct RunMetricsTests {
    static let ended = Date(timeIntervalSince1970: 1_790_000_000.25)

    private func metrics(_ summary: RunSummary, after previous: String? = nil) -> RunMetrics {
        RunMetrics(summary, ended: Self.ended, previous: previous)
    }

    @Test func everyFigureIsThere() throws {
        var summary = RunSummary.example()
        summary.left = 4
        let read = try Metrics(parsing: metrics(summary).text)
        #expect(read.value("aismove_last_run_timestamp_seconds") == 1_790_000_000)
        #expect(read.value("aismove_run_exit_code") == 3)
        #expect(read.value("aismove_run_duration_seconds") == 12.345)
        #expect(read.value("aismove_run_objects", ["outcome": "moved"]) == 7)
        #expect(read.value("aismove_run_objects", ["outcome": "evicted"]) == 0)
        #expect(read.value("aismove_run_failures", ["class": "wrong-content"]) == 1)
        #expect(read.value("aismove_run_failures", ["class": "transfer"]) == 0)
        #expect(read.value("aismove_run_committed_bytes") == 4_503_599_627_370_497)
        #expect(read.value("aismove_run_received_bytes") == 11)
        #expect(read.value("aismove_run_retries") == 5)
        #expect(read.value("aismove_run_throttles") == 2)
        #expect(read.value("aismove_run_skipped") == 0)
        #expect(read.value("aismove_run_left_objects") == 4)
        #expect(read.value("aismove_bmd_version") == 17)
        #expect(read.families["aismove_last_success_timestamp_seconds"] == nil, "none is known")
        #expect(read.jobs == ["nightly"])
        #expect(read.families.values.joined().allSatisfy { $0.type == "gauge" && !$0.help.isEmpty })
    }

    @Test(arguments: ["a\"b\\c\nd", "}", "ü x", "{job=\"x\"}", "\\n", ""])
    func aJobsNameIsEscaped(job: String) throws {
        var summary = RunSummary.example(exitCode: 0)
        summary.job = job
        let text = metrics(summary).text
        #expect(try Metrics(parsing: text).jobs == [job])
        summary.exitCode = 3
        #expect(metrics(summary, after: text).lastSuccess == 1_790_000_000, "its own last success is found again")
    }

    @Test func withoutAJobTheCommandIsTheLabel() throws {
        var summary = RunSummary.example()
        summary.job = nil
        #expect(try Metrics(parsing: metrics(summary).text).jobs == ["prefetch"])
    }

    @Test func theLastSuccessIsKept() {
        let good = RunSummary.example(exitCode: 0)
        let before = RunMetrics(good, ended: Self.ended.addingTimeInterval(-86_400), previous: nil)
        #expect(before.lastSuccess == 1_789_913_600)
        #expect(metrics(good, after: before.text).lastSuccess == 1_790_000_000)
        for code: Int32 in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130] {
            #expect(metrics(.example(exitCode: code), after: before.text).lastSuccess == 1_789_913_600, "\(code)")
        }
        var skipped = good
        skipped.skipped = true
        #expect(metrics(skipped, after: before.text).lastSuccess == 1_789_913_600, "a skipped run has moved nothing")
    }

    @Test(arguments: [
        "", "hello", "aismove_last_success_timestamp_seconds{job=\"other\"} 5\n",
        "aismove_last_success_timestamp_seconds{job=\"nightly\"} soon\n",
        "aismove_last_success_timestamp_seconds{job=\"nightly\"} -1\n",
        "aismove_last_success_timestamp_seconds{job=\"nightly\"} inf\n", "\u{0}\u{FFFD}",
    ])
    func anEarlierFileThatSaysNothingIsNotBelieved(text: String) {
        #expect(metrics(.example(), after: text).lastSuccess == nil)
    }

    @Test func theFileIsReplacedAsAWholeAndReadableByAll() throws {
        let scratch = try TestSupport.scratch("metrics")
        let path = "\(scratch.path)/aismove.prom"
        let file = try MetricsFile(path: path)
        try file.write(.example(exitCode: 0), ended: Self.ended)
        try file.write(.example(exitCode: 4), ended: Self.ended.addingTimeInterval(60))
        let read = try Metrics(file: path)
        #expect(read.value("aismove_last_success_timestamp_seconds") == 1_790_000_000)
        #expect(read.value("aismove_last_run_timestamp_seconds") == 1_790_000_060)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o644)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["aismove.prom"])
    }

    @Test func aFolderThatIsNotThereIsRefusedAtOnce() {
        #expect(throws: ReportError.self) { try MetricsFile(path: "/nonexistent/aismove.prom") }
        #expect(throws: ReportError.self) { try MetricsFile(path: "/tmp") }
    }
}

extension RunSummary {
    static func example(exitCode: Int32 = 3) -> RunSummary {
        var summary = RunSummary(
            command: "prefetch", started: Date(timeIntervalSince1970: 1_789_999_900), result: RunResult(),
            recorder: RunRecorder { _ in }, stop: nil)
        (summary.job, summary.exitCode, summary.seconds) = ("nightly", exitCode, 12.345)
        summary.outcomes["moved"] = 7
        summary.failures = ["wrong-content": 1]
        (summary.committedBytes, summary.receivedBytes) = (4_503_599_627_370_497, 11)
        (summary.retries, summary.throttles, summary.bmdVersion) = (5, 2, 17)
        return summary
    }
}
