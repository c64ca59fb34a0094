import Foundation
import Mover
import NodeStore

/// Drives one run of any moving command: signals, deadline, telling, report, exit code.
struct RunDriver {
    let store: NodeStore
    let telling: TellingFlags
    var deadline: Double?
    /// Who writes the run down beside the report.
    var witnesses: [any RunWitness] = []

    /// Runs `body` and exits with the code that its outcome calls for (0 returns).
    /// - Parameter total: shards that the sources name, where that is known.
    func run(
        command: String, total: Int?,
        _ body: (_ recorder: RunRecorder, _ stop: StopSignal) throws -> RunResult
    ) throws {
        let report = try telling.report.map { path in
            do { return try ReportWriter(path: path) } catch { throw CommandFailure(.usage, "\(error)") }
        }
        let witnesses = witnesses
        let narrator = Narrator(style: telling.style, verbose: telling.verbose, total: total)
        let recorder = RunRecorder { event in
            narrator.handle(event)
            guard case .shard(let record) = event else { return }
            report?.add(record)
            for witness in witnesses { witness.add(record) }
        }
        let stop = StopSignal()
        let signals = SignalWatch(stop: stop, deadline: deadline)
        let ticker = Ticker { narrator.tick(recorder) }
        let started = Date()
        let result: RunResult
        do {
            result = try body(recorder, stop)
        } catch {
            ticker.stop()
            narrator.close()
            var summary = RunSummary(
                command: command, started: started, result: RunResult(), recorder: recorder, stop: nil, total: total)
            let told = ErrorReport(error)
            // Who interrupts a run while it prepares sees its requests end; that is no error of theirs.
            let isInterrupted = stop.reason == .interrupted
            summary.exitCode = isInterrupted ? ExitCode.interrupted.rawValue : (told?.code ?? .someFailed).rawValue
            summary.stopped = isInterrupted ? "interrupted" : told?.message ?? "\(error)"
            // The error matters more than a report that cannot be written either.
            try? report?.finish(summary)
            for witness in witnesses { try? witness.finish(summary) }
            if telling.style == .json { SummaryText(summary).tell(style: .json) }
            if isInterrupted { throw CodeOnly(code: summary.exitCode) }
            throw error
        }
        signals.cancel()
        ticker.stop()
        narrator.close()
        let summary = RunSummary(
            command: command, started: started, result: result, recorder: recorder, stop: stop.reason, total: total)
        do { try report?.finish(summary) } catch { throw CommandFailure(.store, "\(error)") }
        for witness in witnesses { try witness.finish(summary) }
        SummaryText(summary).tell(style: telling.style)
        if summary.exitCode != 0 { throw CodeOnly(code: summary.exitCode) }
    }
}

/// An exit code whose story has been told already.
struct CodeOnly: Error {
    var code: Int32
}

/// Calls back five times a second on a thread of its own until it is stopped.
private final class Ticker: @unchecked Sendable {
    // @unchecked: `isStopped` is only touched under `condition`.
    private let condition = NSCondition()
    private var isStopped = false
    private var hasEnded = false

    init(_ body: @escaping @Sendable () -> Void) {
        Thread.detachNewThread { [self] in
            condition.lock()
            while !isStopped {
                condition.unlock()
                body()
                condition.lock()
                _ = condition.wait(until: Date().addingTimeInterval(0.2))
            }
            hasEnded = true
            condition.broadcast()
            condition.unlock()
        }
    }

    func stop() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        while !hasEnded { condition.wait() }
        condition.unlock()
    }
}
