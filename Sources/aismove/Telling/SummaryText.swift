import Foundation
import Mover
import ObjectModel

/// The end of a run, for people: what became of the shards, what is missing, what to do.
struct SummaryText {
    let summary: RunSummary

    init(_ summary: RunSummary) { self.summary = summary }

    /// - Parameter hasNotices: something was told that is no shard's outcome; then `--quiet` has its line too.
    func tell(style: Narrator.Style, hasNotices: Bool = false) {
        switch style {
        case .json: Console.line(JSONLine.encode(SummaryEvent(summary: summary)))
        case .quiet:
            let isWell = summary.exitCode == 0 && !summary.skipped && !hasNotices
            if let braked { Console.note("aismove: \(Console.harmless(braked))") }
            if !isWell { Console.note(Console.harmless(summary.line)) }
        case .plain, .terminal:
            for line in lines { Console.line(Console.harmless(line)) }
        }
    }

    private struct SummaryEvent: Encodable {
        let summary: RunSummary

        enum Key: String, CodingKey { case event }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode("summary", forKey: .event)
            try summary.encode(to: encoder)
        }
    }

    private var headline: String {
        var parts = Outcome.allCases.compactMap { outcome in
            summary.outcomes[outcome.rawValue].flatMap { $0 > 0 ? "\($0) \(outcome.rawValue)" : nil }
        }
        if parts.isEmpty {
            let idle = summary.stopped == nil ? "nothing to do" : "nothing finished"
            parts = [summary.skipped ? "skipped: another run holds the bucket" : idle]
        }
        let moved = summary.committedBytes + (summary.command == "verify" ? summary.presentBytes : 0)
        let bytes = "\(ByteSize.format(moved)) in \(DurationText.format(summary.seconds))"
        return "\(summary.command): \(parts.joined(separator: ", ")) (\(bytes)), exit \(summary.exitCode)"
    }

    /// What helps against failed shards.
    private var remedy: String {
        switch summary.command {
        case "verify": "'aismove verify --repair' fetches again what came from a known source"
        case "export": Self.eachHasItsOwn
        // Asking again changes nothing of these.
        case _ where summary.failures.keys.allSatisfy({ ["conflict", "name", "refused"].contains($0) }):
            Self.eachHasItsOwn
        default: "run the same command again to retry them"
        }
    }

    private static let eachHasItsOwn = "each one's reason says what helps"

    private var braked: String? { summary.brake.map { "nothing was evicted: \($0)" } }

    private var lines: [String] {
        var lines = [headline] + (braked.map { [$0] } ?? [])
        if !summary.failures.isEmpty {
            let classes = summary.failures.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            lines.append("failed: \(classes.joined(separator: ", ")); \(remedy)")
        }
        for (source, holes) in summary.missing.sorted(by: { $0.key < $1.key }) {
            lines.append("missing at \(source): \(holes)")
        }
        if summary.directoryMarkers > 0 {
            lines.append("left out: \(summary.directoryMarkers) directory markers (zero-byte objects named …/)")
        }
        if let stopped = summary.stopped {
            let left = summary.left.map { "; \($0) shards left" } ?? ""
            lines.append("stopped: \(stopped)\(left); the same command continues")
        }
        return lines + (summary.notes ?? [])
    }
}
