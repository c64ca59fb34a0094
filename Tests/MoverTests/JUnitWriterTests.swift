import Foundation
import TestSupport
import Testing

@testable import Mover

/// The bounds of what CI is given.
@Suite struct JUnitWriterTests {
    private func write(_ count: Int, _ make: (Int) -> ShardRecord, exit: ExitCode) throws -> String {
        let scratch = try TestSupport.scratch("junit")
        let path = "\(scratch.path)/j.xml"
        let writer = try JUnitWriter(path: path)
        for number in 0..<count { writer.add(make(number)) }
        let recorder = RunRecorder { _ in }
        var summary = RunSummary(
            command: "prefetch", started: Date(timeIntervalSince1970: 0), result: RunResult(), recorder: recorder,
            stop: nil)
        summary.exitCode = exit.rawValue
        try writer.finish(summary)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["j.xml"])
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test func soundShardsBeyondTheBoundAreCounted() throws {
        let text = try write(
            JUnitWriter.casesMax + 7, { ShardRecord(source: "", object: "ais://b/\($0)", outcome: .present) },
            exit: .success)
        #expect(text.contains("testsuites name=\"aismove\" tests=\"\(JUnitWriter.casesMax)\""))
        #expect(text.contains("7 more shards are in the report alone"))
    }

    @Test func failuresHaveRoomOfTheirOwn() throws {
        let text = try write(
            JUnitWriter.casesMax + 1,
            { number in
                var record = ShardRecord(source: "u", object: "ais://b/\(number)", outcome: .present)
                if number == JUnitWriter.casesMax {
                    (record.outcome, record.failureClass, record.reason) = (.failed, .tar, "a\u{1}b\u{FFFF}<\n")
                }
                return record
            }, exit: .verification)
        #expect(text.contains("failures=\"1\""))
        #expect(text.contains("<failure type=\"tar\" message=\"a\\u{1}b\\u{ffff}&lt;&#10;\">u</failure>"))
    }
}
