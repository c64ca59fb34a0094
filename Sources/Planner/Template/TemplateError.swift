/// A template that cannot be understood: which one, and why. Exit code 2.
public struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The template as written.
    public let template: String
    /// What is wrong with it, and the remedy where there is one.
    public let reason: String

    public init(template: String, reason: String) {
        self.template = template
        self.reason = reason
    }

    public var description: String { "template \"\(template)\": \(reason)" }
}
