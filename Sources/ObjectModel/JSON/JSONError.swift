/// Why a text is not JSON, and where as far as Foundation tells.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    public let reason: String

    public var description: String { "not JSON: \(reason)" }
}
