import ArgumentParser
import Foundation
import Mover
import ObjectModel
import Planner

/// `aismove job history`: earlier runs, from the reports that they left.
struct JobHistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show a job's earlier runs, from the reports that they left; oldest first.",
        discussion: """
            JOB.yaml is a job file that names its reports; PATTERN is what --report was given: \
            '/var/log/aismove/nightly-{time}.json'. With {job} in it, the runs of all jobs are shown. Files of that \
            pattern that are no reports are skipped, and named.
            """)

    @Argument(help: ArgumentHelp("A job file, or a pattern of reports.", valueName: "job.yaml|pattern"))
    var place: String

    @Flag(help: "Print one JSON object a line.")
    var json = false

    func run() throws {
        let reports = try pattern()
        let (runs, skipped) = ReportFolder(reports).history()
        for reason in skipped { Console.note("skipped: \(reason)") }
        if json {
            for run in runs { Console.line(JSONLine.encode(run)) }
        } else if runs.isEmpty {
            Console.note("no reports of \(place) are there yet")
        } else {
            for line in Self.table(runs, showsJob: reports.isOfAllJobs) { Console.line(Console.harmless(line)) }
        }
    }

    private func pattern() throws -> ReportPattern {
        var (text, job): (String, String?) = (place, nil)
        if SourceFlags.isJobFile(place) {
            let understood = try JobSpec.read(file: place).understand()
            guard let file = understood.report.file else {
                throw CommandFailure(
                    .usage, "\(place) names no reports; write 'report: {file: \"/var/log/aismove/{job}-{time}.json\"}'")
            }
            (text, job) = (file.value, understood.name)
        }
        do throws(ReportPattern.Fault) {
            return try ReportPattern(text, job: job)
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
    }

    private static let outcomes: [Outcome] = [.moved, .resumed, .updated, .present, .missing, .failed, .evicted]

    static func table(_ runs: [RunSummary], showsJob: Bool) -> [String] {
        let head = ["started"] + (showsJob ? ["job"] : []) + ["exit"] + outcomes.map(\.rawValue) + ["bytes", "took"]
        let rows = runs.map { run in
            [run.started] + (showsJob ? [run.job ?? run.command] : []) + [
                "\(run.exitCode)\(run.skipped ? " (skipped)" : run.command.hasSuffix("--dry-run") ? " (dry run)" : "")"
            ]
                + outcomes.map { "\(run.outcomes[$0.rawValue] ?? 0)" }
                + [ByteSize.format(run.committedBytes), DurationText.format(run.seconds)]
        }
        return TextTable.lines([head] + rows)
    }
}
