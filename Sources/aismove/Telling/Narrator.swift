import Foundation
import Mover
import ObjectModel
import Synchronization

/// Tells a run while it goes: a live block on a terminal, a plain line every 30 seconds elsewhere, JSON events, or
/// nothing with `--quiet`.
final class Narrator: Sendable {
    enum Style: Sendable { case terminal, plain, json, quiet }

    private struct State {
        var blockLines = 0
        var lastPlain = 0.0
        var rates = RateWindow()
        var hasNotices = false
    }

    private let style: Style
    private let verbose: Bool
    private let isDryRun: Bool
    private let state = Mutex(State())
    private let started = monotonicSeconds()

    /// - Parameter isDryRun: what would change is the answer, and goes to standard output.
    init(style: Style, verbose: Bool, isDryRun: Bool = false) {
        self.isDryRun = isDryRun
        self.style = isDryRun && style == .terminal ? .plain : style
        self.verbose = verbose
        state.withLock { $0.lastPlain = started }
    }

    /// Whether something was told that is no shard's outcome.
    var hasNotices: Bool { state.withLock { $0.hasNotices } }

    func handle(_ event: RunEvent) {
        switch event {
        case .notice(let text):
            state.withLock { $0.hasNotices = true }
            tell(text, json: ["event": "notice", "text": text], always: true)
        case .retry(let text): tell(text, json: ["event": "retry", "text": text])
        case .shard(let record): handle(record)
        }
    }

    private func handle(_ record: ShardRecord) {
        if style == .json { return Console.line(JSONLine.shard(record)) }
        if isDryRun, style == .plain, [.moved, .updated, .evicted].contains(record.outcome) {
            return Console.line(Console.harmless("would be \(record.outcome.rawValue): \(record.object)"))
        }
        switch record.outcome {
        case .failed:
            let failure = record.failureClass?.rawValue ?? "failed"
            tell("FAILED \(record.object): \(failure): \(record.reason ?? "")", always: true)
        case .missing where record.allowed != true:
            tell("missing \(record.object): \(record.reason ?? "not at the source")")
        case .moved, .resumed, .updated:
            if let mismatch = record.mismatch { tell("MISMATCH \(record.object): \(mismatch)", always: true) }
            if verbose { tell("\(record.outcome.rawValue) \(record.object)") }
        case .present, .missing, .evicted:
            if verbose { tell("\(record.outcome.rawValue) \(record.object)") }
        }
    }

    /// A line that stays, above the live block. `always`: also with `--quiet`.
    private func tell(_ line: String, json: [String: String]? = nil, always: Bool = false) {
        let text = Console.harmless(line)
        switch style {
        case .json: if let json { Console.line(JSONLine.object(json)) }
        case .quiet: if always { Console.note(text) }
        case .plain: Console.note(text)
        case .terminal:
            state.withLock { state in
                Console.write(Self.clear(state.blockLines) + text + "\n", to: STDERR_FILENO)
                state.blockLines = 0
            }
        }
    }

    /// Called a few times a second by the ticker.
    func tick(_ recorder: RunRecorder) {
        switch style {
        case .quiet, .json: return
        case .plain:
            let due = state.withLock { state in
                guard monotonicSeconds() - state.lastPlain >= 30 else { return false }
                state.lastPlain = monotonicSeconds()
                return true
            }
            if due { Console.note(headline(recorder, rate: averageRate(recorder.tally))) }
        case .terminal: draw(recorder)
        }
    }

    /// Takes the live block away before the summary.
    func close() {
        guard style == .terminal else { return }
        state.withLock { state in
            Console.write(Self.clear(state.blockLines), to: STDERR_FILENO)
            state.blockLines = 0
        }
    }

    private func draw(_ recorder: RunRecorder) {
        let tally = recorder.tally
        let now = monotonicSeconds()
        let slowest = recorder.activities.sorted { Self.speed($0, now) < Self.speed($1, now) }.prefix(3)
        let columns = Console.columns - 1
        state.withLock { state in
            let rate = state.rates.rate(bytes: tally.receivedBytes, at: now)
            let lines = [headline(recorder, rate: rate)] + slowest.map { Self.laneLine($0, now) }
            let block = lines.map { String($0.prefix(columns)) }.joined(separator: "\n") + "\n"
            Console.write(Self.clear(state.blockLines) + block, to: STDERR_FILENO)
            state.blockLines = lines.count
        }
    }

    private func headline(_ recorder: RunRecorder, rate: Double) -> String {
        let tally = recorder.tally
        let total = recorder.expected
        var text = "shards \(tally.done)" + (total.map { " / \($0)" } ?? "")
        text += "   \(ByteSize.format(tally.receivedBytes))   \(ByteSize.format(Int64(rate)))/s"
        let moved = tally.count(.moved) + tally.count(.updated) + tally.count(.resumed)
        if let total, total > tally.done, moved > 0 {
            let done = Double(tally.done) + recorder.activities.reduce(0) { $0 + Self.share($1) }
            let left = max(Double(total) - done, 0) * (monotonicSeconds() - started) / done
            text += "   ETA \(DurationText.format(left))"
        }
        text += "   retries \(tally.retries)   throttled \(tally.throttles)"
        let failed = tally.count(.failed)
        return failed > 0 ? text + "   failed \(failed)" : text
    }

    private func averageRate(_ tally: Tally) -> Double {
        Double(tally.receivedBytes) / max(monotonicSeconds() - started, 0.001)
    }

    /// How much of a shard has come, where its size is known.
    private static func share(_ activity: RunRecorder.Activity) -> Double {
        guard let size = activity.size, size > 0 else { return 0 }
        return min(Double(activity.received) / Double(size), 1)
    }

    private static func speed(_ activity: RunRecorder.Activity, _ now: Double) -> Double {
        Double(activity.received) / max(now - activity.since, 0.001)
    }

    private static func laneLine(_ activity: RunRecorder.Activity, _ now: Double) -> String {
        let size = activity.size.map { " of \(ByteSize.format($0))" } ?? ""
        let rate = ByteSize.format(Int64(speed(activity, now)))
        return "  \(Console.harmless(activity.object))   \(ByteSize.format(activity.received))\(size)   \(rate)/s"
    }

    private static func clear(_ lines: Int) -> String {
        String(repeating: "\u{1B}[1A\u{1B}[2K", count: lines)
    }
}

/// Bytes a second over the last few seconds.
private struct RateWindow {
    private var samples: [(at: Double, bytes: Int64)] = []

    mutating func rate(bytes: Int64, at now: Double) -> Double {
        samples.append((now, bytes))
        while samples.count > 2, now - samples[0].at > 5 { samples.removeFirst() }
        guard let first = samples.first, now > first.at else { return 0 }
        return Double(bytes - first.bytes) / (now - first.at)
    }
}
