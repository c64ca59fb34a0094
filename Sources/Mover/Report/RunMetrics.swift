import Foundation

/// A run as Prometheus metrics, in the text format that node_exporter's textfile collector reads (Prometheus,
/// "Exposition formats"). One file a job; docs/cron.md has the list.
public struct RunMetrics: Sendable {
    private static let lastSuccessName = "aismove_last_success_timestamp_seconds"

    let summary: RunSummary
    /// When the run ended.
    let ended: Date
    /// Seconds since 1970 of the last run that succeeded, this one included; nil when none is known.
    let lastSuccess: Double?

    /// - Parameter previous: the file's text before this run; what it says of another job does not count.
    public init(_ summary: RunSummary, ended: Date, previous: String?) {
        self.summary = summary
        self.ended = ended
        let now = ended.timeIntervalSince1970.rounded(.down)
        let succeeded = summary.exitCode == ExitCode.success.rawValue && !summary.skipped
        lastSuccess = succeeded ? now : previous.flatMap { Self.lastSuccess(in: $0, job: Self.job(of: summary)) }
    }

    /// The label `job`: the job's name, else the command.
    private static func job(of summary: RunSummary) -> String { summary.job ?? summary.command }

    /// What an earlier file says; nil for one that says nothing, or is not ours.
    static func lastSuccess(in text: String, job: String) -> Double? {
        let prefix = "\(lastSuccessName){job=\"\(escaped(job))\"} "
        for line in text.split(separator: "\n") where line.hasPrefix(prefix) {
            guard let value = Double(line.dropFirst(prefix.count)), value.isFinite, value > 0 else { return nil }
            return value
        }
        return nil
    }

    public var text: String {
        var families = [
            family("aismove_last_run_timestamp_seconds", "When the last run ended.", [([], seconds(ended))])
        ]
        if let lastSuccess {
            families.append(
                family(Self.lastSuccessName, "When the last run with exit code 0 ended.", [([], number(lastSuccess))]))
        }
        families += [
            family("aismove_run_duration_seconds", "How long the last run took.", [([], number(summary.seconds))]),
            family("aismove_run_exit_code", "Exit code of the last run.", [([], "\(summary.exitCode)")]),
            family(
                "aismove_run_skipped", "Whether another run held the destination.", [([], summary.skipped ? "1" : "0")]),
            family("aismove_run_objects", "Objects of the last run by outcome.", by("outcome", summary.outcomes)),
            family("aismove_run_failures", "Failed objects of the last run by class.", by("class", allFailures)),
            family("aismove_run_committed_bytes", "Bytes that became visible.", [([], "\(summary.committedBytes)")]),
            family("aismove_run_received_bytes", "Body bytes received.", [([], "\(summary.receivedBytes)")]),
            family("aismove_run_retries", "Requests beyond the first of an object.", [([], "\(summary.retries)")]),
            family("aismove_run_throttles", "Answers that asked to slow down.", [([], "\(summary.throttles)")]),
        ]
        if let left = summary.left {
            families.append(family("aismove_run_left_objects", "Objects left when it was stopped.", [([], "\(left)")]))
        }
        if let version = summary.bmdVersion {
            families.append(family("aismove_bmd_version", "Version of the bucket metadata.", [([], "\(version)")]))
        }
        return families.joined()
    }

    /// Classes that did not occur are there as 0, so that a rule about one always finds it.
    private var allFailures: [String: Int] {
        Dictionary(uniqueKeysWithValues: FailureClass.allCases.map { ($0.rawValue, 0) })
            .merging(summary.failures) { $1 }
    }

    private typealias Sample = (labels: [(name: String, value: String)], value: String)

    private func by(_ label: String, _ counts: [String: Int]) -> [Sample] {
        counts.sorted { $0.key < $1.key }.map { ([(label, $0.key)], "\($0.value)") }
    }

    private func family(_ name: String, _ help: String, _ samples: [Sample]) -> String {
        let lines = samples.map { sample in
            let labels = [("job", Self.job(of: summary))] + sample.labels
            let text = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            return "\(name){\(text)} \(sample.value)\n"
        }
        return "# HELP \(name) \(help)\n# TYPE \(name) gauge\n" + lines.joined()
    }

    private func seconds(_ date: Date) -> String { number(date.timeIntervalSince1970.rounded(.down)) }

    private func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
