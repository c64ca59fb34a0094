/// A place in a job file, counted from 1; columns count characters (Unicode scalars), as editors do.
public struct JobMark: Sendable, Hashable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// What is wrong in a job file: `jobs/nightly.yaml:7:3: unknown key "lames" in transfer; did you mean lanes? …`.
/// Text is shown as it is written, never with the values of `${ENV}`.
public struct JobError: Error, Sendable, Hashable, CustomStringConvertible {
    public let file: String
    /// Nil when it is about the file as a whole.
    public let mark: JobMark?
    /// What is wrong and what helps.
    public let reason: String

    public init(file: String, mark: JobMark?, reason: String) {
        self.file = file
        self.mark = mark
        self.reason = reason
    }

    public var description: String {
        let place = mark.map { ":\($0.line):\($0.column)" } ?? ""
        return "\(file)\(place): \(reason)"
    }
}
