import ArgumentParser
import Foundation
import Mover
import ObjectModel

/// `aismove job history`: earlier runs, from the reports that they left.
struct JobHistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show a job's earlier runs, from the reports that they left; oldest first.",
        discussion: """
            PATTERN is what --report was given: '/var/log/aismove/nightly-{time}.json'. With {job} in it, the runs of \
            all jobs are shown. Files of that pattern that are no reports are skipped, and named.
            """)

    @Argument(help: ArgumentHelp("A pattern of reports.", valueName: "pattern"))
    var pattern: String

    @Flag(help: "Print one JSON object a line.")
    var json = false

    func run() throws {
        let reports: ReportPattern
        do throws(ReportPattern.Fault) {
            reports = try ReportPattern(pattern, job: nil)
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
        let (runs, skipped) = ReportFolder(reports).history()
        for reason in skipped { Console.note("skipped: \(reason)") }
        if json {
            for run in runs { Console.line(JSONLine.encode(run)) }
        } else if runs.isEmpty {
            Console.note("no reports of \(pattern) are there yet")
        } else {
            for line in Self.table(runs, showsJob: reports.isOfAllJobs) { Console.line(Console.harmless(line)) }
        }
    }

    private static let outcomes: [Outcome] = [.moved, .resumed, .updated, .present, .missing, .failed, .evicted]

    static func table(_ runs: [RunSummary], showsJob: Bool) -> [String] {
        let head = ["started"] + (showsJob ? ["job"] : []) + ["exit"] + outcomes.map(\.rawValue) + ["bytes", "took"]
        let rows = runs.map { run in
            [run.started] + (showsJob ? [run.job ?? run.command] : []) + [
                "\(run.exitCode)\(run.skipped ? " (skipped)" : "")"
            ]
                + outcomes.map { "\(run.outcomes[$0.rawValue] ?? 0)" }
                + [ByteSize.format(run.committedBytes), DurationText.format(run.seconds)]
        }
        return TextTable.lines([head] + rows)
    }
}
