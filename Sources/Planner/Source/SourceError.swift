/// A source that cannot be understood or is not to be used: the word as written (without secrets), why, and the remedy.
public struct SourceError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// Wrong as written. Exit code 2.
        case usage
        /// Right, but not something that this build moves. Exit code 2.
        case unsupported
    }

    public let kind: Kind
    public let word: String
    public let reason: String

    public init(_ kind: Kind = .usage, word: String, reason: String) {
        self.kind = kind
        self.word = word
        self.reason = reason
    }

    public var description: String { "source \"\(word)\": \(reason)" }
}
