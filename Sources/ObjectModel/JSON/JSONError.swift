/// Where a text stops being JSON.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Byte offset in the text.
    public let offset: Int
    public let reason: String

    public var description: String { "not JSON at byte \(offset): \(reason)" }
}
