/// A run that could not begin, or had to end as a whole: its exit code, and one sentence with the remedy.
public struct RunError: Error, Sendable, Hashable, CustomStringConvertible {
    public var code: ExitCode
    public var message: String

    public init(_ code: ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
