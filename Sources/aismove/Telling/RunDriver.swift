import Foundation
import Mover
import NodeStore
import Planner

/// Drives one run of any moving command: recording, telling, the end of its frame, exit code.
struct RunDriver {
    let store: NodeStore
    let frame: RunFrame
    /// Outcomes are what would become of shards.
    var isDryRun = false

    /// Runs `body` and exits with the code that its outcome calls for (0 returns).
    /// - Parameters:
    ///   - total: shards that the sources name, where that is known.
    ///   - sources: what the report says of where shards come from.
    func run(
        total: Int?, sources: [Source] = [],
        _ body: (_ recorder: RunRecorder, _ stop: StopSignal) throws -> RunResult
    ) throws {
        let (telling, report, stop) = (frame.settings.telling, frame.report, frame.stop)
        let witnesses = frame.witnesses
        let narrator = Narrator(
            style: telling.style, verbose: telling.verbose, isDryRun: isDryRun)
        if let report {
            let loaded = try? store.loadBMD()
            for repair in loaded?.repairs ?? [] { narrator.handle(.notice(repair)) }
            report.begin(ReportHeader(store: loaded?.bmd.uuid, sources: sources))
        }
        let recorder = RunRecorder { event in
            narrator.handle(event)
            guard case .shard(let record) = event else { return }
            report?.add(record)
            for witness in witnesses { witness.add(record) }
        }
        if let total { recorder.expect(total) }
        let ticker = Ticker { narrator.tick(recorder) }
        let started = Date()
        let result: RunResult
        do {
            result = try body(recorder, stop)
        } catch {
            ticker.stop()
            narrator.close()
            let summary = frame.failure(error, started: started, recorder: recorder)
            // The error matters more than a report that cannot be written either.
            try? frame.end(summary)
            throw frame.told(error, summary)
        }
        ticker.stop()
        narrator.close()
        var summary = RunSummary(
            command: frame.command, started: started, result: result, recorder: recorder, stop: stop.reason)
        summary.job = frame.settings.job
        try frame.end(summary)
        SummaryText(summary).tell(style: telling.style, hasNotices: narrator.hasNotices)
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
