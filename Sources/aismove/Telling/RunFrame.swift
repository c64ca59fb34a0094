import Foundation
import Mover
import ObjectModel
import Planner

/// What surrounds a run, whether it begins or not.
///
///     outside its window: one line, code 9 · files that tell of it are opened · jitter · deadline and window armed
///     the run, however it ends
///     report, rotation, metrics
///
/// A run outside its window leaves no report and no metrics: those of the last real run stay.
final class RunFrame {
    struct Settings {
        var telling: TellingFlags
        /// The job file's name for it.
        var job: String?
        /// Where the report goes, `{job}` and `{time}` not filled in yet.
        var report: NamedFile?
        var summary: NamedFile?
        var junit: NamedFile?
        var window: DailyWindow?
        /// Seconds at most.
        var jitter: Double?
        /// Seconds from the start, without the jitter.
        var deadline: Double?
        /// How many reports of a pattern stay.
        var keep: Int?
        var metrics: NamedFile?
        /// Files that the run reads.
        var reads: [NamedFile] = []
        /// The store's directory, where one is named.
        var store: String?

        /// - Parameter job: says what no flag says.
        init(_ telling: TellingFlags, _ ciFlags: CIFlags? = nil, store: String?, job: Job? = nil) {
            self.telling = telling
            self.job = job?.name
            self.store = store
            report = NamedFile(flag: "report", telling.report, else: job?.report.file)
            summary = NamedFile(flag: "summary", ciFlags?.summary, else: job?.summary)
            junit = NamedFile(flag: "junit", ciFlags?.junit, else: job?.junit)
        }
    }

    let command: String
    var settings: Settings
    let stop = StopSignal()
    private let started: Date
    private let pattern: ReportPattern?
    private let metrics: MetricsFile?
    /// Nil unless a report is asked for.
    let report: ReportWriter?
    /// Who writes the run down beside the report.
    let witnesses: [any RunWitness]
    private var hasEnded = false

    /// - Throws: `CommandFailure` of usage for a window that is shut, and files that cannot or must not be written.
    init(_ command: String, _ settings: Settings) throws {
        let started = Date()
        (self.command, self.settings, self.started) = (command, settings, started)
        try Self.checkWindow(settings.window, style: settings.telling.style)
        do throws(ReportPattern.Fault) {
            pattern = try settings.report.map { file throws(ReportPattern.Fault) in
                try ReportPattern(file.path, job: settings.job ?? command)
            }
        } catch {
            throw CommandFailure(.usage, "--report \(error)")
        }
        if settings.keep != nil, pattern?.hasTime != true {
            throw CommandFailure(.usage, "--report-keep goes with --report and a name that holds {time}")
        }
        let reportFile = pattern.map { NamedFile(settings.report?.name ?? "", $0.path(started)) }
        let metricsFile = settings.metrics.map {
            NamedFile($0.name, $0.path.replacing("{job}", with: settings.job ?? command))
        }
        try NamedFile.check(
            [reportFile, metricsFile, settings.junit, settings.summary].compactMap(\.self), reads: settings.reads,
            store: settings.store)
        do throws(ReportError) {
            metrics = try metricsFile.map { file throws(ReportError) in try MetricsFile(path: file.path) }
            report = try reportFile.map { file throws(ReportError) in try ReportWriter(path: file.path) }
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
        var witnesses: [any RunWitness] = []
        if let summary = settings.summary { witnesses.append(try MarkdownSummary(path: summary.path)) }
        if let junit = settings.junit { witnesses.append(try JUnitWriter(path: junit.path)) }
        self.witnesses = witnesses
    }

    /// Runs `body`, which ends the run by `end`; where it throws before that, its error is written down here.
    func run(_ body: (RunFrame) throws -> Void) throws {
        let signals = SignalWatch(stop: stop)
        defer { signals.cancel() }
        do {
            try waitJitter()
            arm(signals)
            try body(self)
        } catch {
            if hasEnded { throw error }
            let summary = failure(error)
            try? end(summary)
            throw told(error, summary)
        }
    }

    /// Writes down how the run ended.
    /// - Throws: `CommandFailure` when that cannot be done.
    func end(_ summary: RunSummary) throws {
        hasEnded = true
        var summary = summary
        var trouble: CommandFailure?
        do { try report?.finish(summary) } catch {
            trouble = CommandFailure(.store, "\(error)")
            if summary.exitCode == 0 { summary.exitCode = ExitCode.store.rawValue }
        }
        if let keep = settings.keep, let pattern, trouble == nil {
            for reason in ReportFolder(pattern).prune(keeping: keep) { Console.note(reason) }
        }
        do { try metrics?.write(summary, ended: Date()) } catch {
            trouble = trouble ?? CommandFailure(.store, "\(error)")
        }
        for witness in witnesses { try witness.finish(summary) }
        if let trouble { throw trouble }
    }

    /// The run does not take place after all: a report of it would only push others out.
    func abandon() {
        hasEnded = true
        report?.discard()
    }

    /// The summary of a run that an error ended.
    func failure(_ error: any Error, started: Date? = nil, recorder: RunRecorder? = nil) -> RunSummary {
        var summary = RunSummary(
            command: command, started: started ?? self.started, result: RunResult(),
            recorder: recorder ?? RunRecorder { _ in }, stop: nil)
        summary.job = settings.job
        let told = ErrorReport(error)
        summary.exitCode = (told?.code ?? .someFailed).rawValue
        summary.stopped = told?.message ?? "\(error)"
        // Who stops a run while it prepares sees its requests end; that is no error of theirs.
        if let reason = stop.reason, stopped(reason, explains: told?.code) {
            summary.exitCode = ExitCode.of(Tally(), stop: reason).rawValue
            summary.stopped = reason.text
        }
        return summary
    }

    /// Tells of a run that an error ended: why, and for machines the summary.
    func told(_ error: any Error, _ summary: RunSummary) -> CodeOnly {
        if let told = error as? CodeOnly { return told }
        Console.error(summary.stopped ?? "\(error)")
        let style = settings.telling.style
        if style == .json || style == .quiet { SummaryText(summary).tell(style: style) }
        return CodeOnly(code: summary.exitCode)
    }

    private func stopped(_ reason: StopReason, explains code: ExitCode?) -> Bool {
        switch reason {
        case .interrupted: true
        case .deadline, .windowClosed: [.interrupted, .someFailed, .incomplete, .locked].contains(code)
        case .noSpace, .storeGone: false
        }
    }
}
