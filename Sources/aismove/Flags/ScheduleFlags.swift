import ArgumentParser
import ObjectModel
import Planner

/// How a run fits into a night that nobody watches.
struct ScheduleFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Run only at this time of day, local time, e.g. 22:00-06:00; stops cleanly when it ends (exit 9).",
            valueName: "window"))
    var window: String?

    @Option(help: ArgumentHelp("Wait a random time up to this long before starting, e.g. 10m.", valueName: "time"))
    var jitter: String?

    @Option(
        help: ArgumentHelp("Write Prometheus metrics for node_exporter's textfile collector.", valueName: "file"))
    var metrics: String?

    @Option(
        name: .customLong("report-keep"),
        help: ArgumentHelp("Keep the newest N reports; needs {time} in --report.", valueName: "n"))
    var reportKeep: Int?

    /// What the flags say, else the job.
    /// - Parameters:
    ///   - store: its directory, where one is named.
    ///   - deadline: seconds.
    func settings(
        _ telling: TellingFlags, _ ciFlags: CIFlags, store: String?, deadline: Double?, job: Job? = nil
    ) throws -> RunFrame.Settings {
        var settings = RunFrame.Settings(telling, ciFlags, store: store, job: job)
        settings.window = try window.map { text in
            guard let window = DailyWindow(text) else {
                throw CommandFailure(.usage, "--window: '\(text)' is not a time of day from and to; write 22:00-06:00")
            }
            return window
        }
        settings.window = settings.window ?? job?.transfer.window
        settings.jitter = try jitter.map { try FlagText.duration($0, flag: "--jitter") } ?? job?.transfer.jitter
        settings.deadline = deadline
        settings.metrics = NamedFile(flag: "metrics", metrics, else: job?.metrics)
        settings.keep = reportKeep ?? (telling.report == nil ? job?.report.keep : nil)
        return settings
    }

    func validate() throws {
        if let reportKeep, reportKeep < 1 {
            throw ValidationError("--report-keep takes 1 or more, not \(reportKeep)")
        }
    }
}
