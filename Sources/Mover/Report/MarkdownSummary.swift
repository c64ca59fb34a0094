import Foundation
import ObjectModel
import Synchronization

/// A run's end as Markdown, appended to a file: what `$GITHUB_STEP_SUMMARY` expects. Keeps the first troubles only.
public final class MarkdownSummary: RunWitness {
    static let troublesMax = 50

    private struct State {
        var troubles: [ShardRecord] = []
        var more = 0
    }

    private let path: String
    private let state = Mutex(State())

    /// - Throws: `RunError` (usage) when the file cannot be appended to.
    public init(path: String) throws(RunError) {
        self.path = path
        _ = try Self.open(path)
    }

    public func add(_ record: ShardRecord) {
        let isTrouble =
            record.outcome == .failed || record.mismatch != nil
            || record.outcome == .missing && record.allowed != true
        guard isTrouble else { return }
        state.withLock { state in
            if state.troubles.count < Self.troublesMax { state.troubles.append(record) } else { state.more += 1 }
        }
    }

    public func finish(_ summary: RunSummary) throws(RunError) {
        let text = state.withLock { Self.text(summary, $0.troubles, more: $0.more) }
        let handle = try Self.open(path)
        do {
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(text.utf8))
            try handle.close()
        } catch {
            throw RunError(.store, "\(path): could not be written: \(error.localizedDescription)")
        }
    }

    private static func open(_ path: String) throws(RunError) -> FileHandle {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw RunError(.usage, "\(path): cannot be written; check the directory and its permissions")
        }
        return handle
    }

    static func text(_ summary: RunSummary, _ troubles: [ShardRecord], more: Int) -> String {
        let mark = summary.exitCode == 0 ? "✅" : "❌"
        let meaning = ExitCode(rawValue: summary.exitCode)?.meaning ?? ""
        var lines = [
            "### \(mark) aismove \(summary.command): exit \(summary.exitCode)", "",
            "\(ShownText.markdown(meaning)) (\(DurationText.format(summary.seconds)))", "",
            "| outcome | shards |", "|---|---:|",
        ]
        for outcome in Outcome.allCases {
            guard let count = summary.outcomes[outcome.rawValue], count > 0 else { continue }
            lines.append("| \(outcome.rawValue) | \(count) |")
        }
        lines += [
            "", "\(ByteSize.format(summary.committedBytes)) written, \(ByteSize.format(summary.presentBytes)) present",
        ]
        lines[lines.count - 1] += ", \(ByteSize.format(summary.receivedBytes)) received"
        if summary.skipped { lines += ["", "Skipped: another run holds the bucket."] }
        if let stopped = summary.stopped { lines += ["", "Stopped: \(ShownText.markdown(stopped))"] }
        if let brake = summary.brake { lines += ["", "Nothing was evicted: \(ShownText.markdown(brake))"] }
        for (source, holes) in summary.missing.sorted(by: { $0.key < $1.key }) {
            lines += ["", "Missing at \(ShownText.markdown(source)): \(ShownText.markdown(holes))"]
        }
        if !troubles.isEmpty {
            lines += ["", "| shard | what | why |", "|---|---|---|"]
            for record in troubles {
                let cells = [
                    record.object, record.failureClass?.rawValue ?? record.outcome.rawValue,
                    record.reason ?? record.mismatch ?? "",
                ]
                lines.append("| \(cells.map(ShownText.markdown).joined(separator: " | ")) |")
            }
            if more > 0 { lines += ["", "and \(more) more (the report has all)"] }
        }
        return lines.joined(separator: "\n") + "\n\n"
    }
}
