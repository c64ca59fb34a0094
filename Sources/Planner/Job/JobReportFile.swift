/// What a job file may say of its reports' file (`ReportPattern` fills it in).
enum JobReportFile {
    static let placeholders = ["{job}", "{time}"]

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
