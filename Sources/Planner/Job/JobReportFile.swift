import Backends
import Foundation

/// The file of a report, with what stands for the job and the time of the run in its name.
public struct JobReportFile: Sendable, Hashable {
    static let placeholders = ["{job}", "{time}"]

    /// As in the job file, `{job}` and `{time}` not filled in.
    public let pattern: String
    public let job: String

    public init(pattern: String, job: String) {
        self.pattern = pattern
        self.job = job
    }

    /// - Parameter time: `20261127T223000Z`.
    public func path(time: String) -> String {
        pattern.replacing("{job}", with: job).replacing("{time}", with: time)
    }

    /// `20261127T223000Z`: a moment in UTC, as `{time}` shows it.
    public static func time(_ moment: Date) -> String {
        let whole = Int64(moment.timeIntervalSince1970.rounded(.down))
        return HTTPDate.formatRFC3339(whole).filter { $0 != "-" && $0 != ":" }
    }

    static func check(_ text: JobText) throws(JobText.Fault) -> JobText {
        let rest = placeholders.reduce(text.value) { $0.replacing($1, with: "") }
        guard !rest.contains("{"), !rest.contains("}") else {
            throw .init(reason: "only {job} and {time} are filled in in the name of a report")
        }
        return text
    }

    static func checkRotation(
        _ report: inout Job.Report, _ node: JobNode, _ reading: JobReading
    ) throws(JobError) {
        guard report.keep != nil, let file = report.file, let member = node.member("keep") else { return }
        let name = file.value.split(separator: "/").last ?? ""
        guard name.contains("{time}") else {
            throw JobError(
                file: reading.file, mark: member.mark,
                reason: "keep: is for reports with the time in their names; write {time} into the name in file:")
        }
    }
}
