import Foundation
import ObjectModel
import Synchronization

/// JUnit XML of a run's shards, one test case each, written as the run goes: memory stays the same however many there are.
///
/// At most `casesMax` of the sound ones and as many of the others are in the file; the rest is counted in `system-out`. The
/// counts stand in the first line, in room that is kept for them.
public final class JUnitWriter: RunWitness {
    static let casesMax = 100_000
    private static let headBytes = 512

    private struct State {
        var file: WholeFile?
        var error: RunError?
        var pending = Data()
        var sound = 0
        var failures = 0
        var skipped = 0
        var leftOut = 0
    }

    private let state: Mutex<State>

    /// - Throws: `RunError` (usage) when the directory cannot be written.
    public init(path: String) throws(RunError) {
        var state = State()
        do throws(WholeFile.Fault) {
            let file = try WholeFile(path: path)
            try file.write(Data(repeating: 0x20, count: Self.headBytes))
            state.file = file
        } catch {
            throw RunError(error)
        }
        self.state = Mutex(state)
    }

    public func add(_ record: ShardRecord) {
        let (kind, text) = Self.testCase(record)
        state.withLock { state in
            let known = kind == .sound ? state.sound : state.failures + state.skipped
            guard known < Self.casesMax else {
                state.leftOut += 1
                return
            }
            switch kind {
            case .sound: state.sound += 1
            case .failure: state.failures += 1
            case .skipped: state.skipped += 1
            }
            state.pending.append(Data(text.utf8))
            if state.pending.count > 1 << 16 { Self.flush(&state) }
        }
    }

    public func finish(_ summary: RunSummary) throws(RunError) {
        let error = state.withLock { state in
            Self.close(&state, summary)
            return state.error
        }
        if let error { throw error }
    }

    private static func close(_ state: inout State, _ summary: RunSummary) {
        var tail = ""
        var errors = 0
        // A run that failed as a whole must not look like one that passed.
        if summary.exitCode != 0, state.failures == 0 {
            errors = 1
            let reason = summary.stopped ?? summary.brake ?? ExitCode(rawValue: summary.exitCode)?.meaning ?? ""
            tail +=
                "<testcase classname=\"aismove\" name=\"\(summary.command)\"><error type=\"exit \(summary.exitCode)\""
            tail += " message=\"\(ShownText.xml(reason))\"/></testcase>\n"
        }
        var said = "exit \(summary.exitCode)"
        if let stopped = summary.stopped { said += "; stopped: \(stopped)" }
        if let brake = summary.brake { said += "; nothing was evicted: \(brake)" }
        if state.leftOut > 0 { said += "; \(state.leftOut) more shards are in the report alone" }
        tail += "<system-out>\(ShownText.xml(said))</system-out>\n</testsuite></testsuites>\n"
        state.pending.append(Data(tail.utf8))
        flush(&state)
        let tests = state.sound + state.failures + state.skipped + errors
        let counts = "tests=\"\(tests)\" failures=\"\(state.failures)\" errors=\"\(errors)\""
        let time = String(format: "%.3f", summary.seconds)
        let suite =
            "\(counts) skipped=\"\(state.skipped)\" time=\"\(time)\" timestamp=\"\(summary.started.prefix(19))\""
        var head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><testsuites name=\"aismove\" \(counts) time=\"\(time)\">"
        head += "<testsuite name=\"aismove \(summary.command)\" \(suite)"
        // Room inside of a tag is no content.
        head += String(repeating: " ", count: max(0, headBytes - head.utf8.count - 2)) + ">\n"
        do throws(WholeFile.Fault) {
            try state.file?.write(Data(head.utf8), at: 0)
            if state.error == nil { try state.file?.publish() }
        } catch {
            state.error = RunError(error)
        }
        state.file = nil
    }

    private static func flush(_ state: inout State) {
        do throws(WholeFile.Fault) {
            try state.file?.write(state.pending)
        } catch {
            state.error = state.error ?? RunError(error)
        }
        state.pending.removeAll(keepingCapacity: true)
    }

    private enum Kind { case sound, failure, skipped }

    private static func testCase(_ record: ShardRecord) -> (Kind, String) {
        let uri = try? ObjectURI(parsing: record.object)
        let name = uri.flatMap { $0.bucket == nil || $0.object.isEmpty ? nil : $0.object } ?? record.object
        let bucket = uri?.bucket?.cname ?? "aismove"
        var text = "<testcase classname=\"\(ShownText.xml(bucket))\" name=\"\(ShownText.xml(name))\""
        if let seconds = record.seconds { text += " time=\"\(String(format: "%.3f", seconds))\"" }
        let reason = ShownText.xml(record.reason ?? record.mismatch ?? "")
        if record.outcome == .missing, record.allowed == true {
            return (.skipped, text + "><skipped message=\"\(reason)\"/></testcase>\n")
        }
        let type = record.failureClass?.rawValue ?? (record.mismatch == nil ? record.outcome.rawValue : "mismatch")
        guard record.outcome == .failed || record.outcome == .missing || record.mismatch != nil else {
            return (.sound, text + "/>\n")
        }
        text +=
            "><failure type=\"\(type)\" message=\"\(reason)\">\(ShownText.xml(record.source))</failure></testcase>\n"
        return (.failure, text)
    }
}
