/// A list that cannot be read: file, line and what was expected there. Exit code 2.
public struct ListError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The list's file as given; `-` is standard input.
    public let file: String
    /// Counted from 1; 0 when the file as a whole is meant.
    public let line: Int
    public let reason: String

    public init(file: String, line: Int, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    public var description: String {
        let place = file == "-" ? "standard input" : file
        return line == 0 ? "\(place): \(reason)" : "\(place):\(line): \(reason)"
    }
}
