/// A lock file that cannot be used: file, line, and what is wrong there. Exit code 2.
public struct LockError: Error, Sendable, Hashable, CustomStringConvertible {
    public let file: String
    /// Counted from 1; 0 when the file as a whole is meant.
    public let line: Int
    public let reason: String

    public init(file: String, line: Int = 0, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    public var description: String { line == 0 ? "\(file): \(reason)" : "\(file):\(line): \(reason)" }
}
