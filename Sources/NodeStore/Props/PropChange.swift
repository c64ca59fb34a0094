import ObjectModel

/// `KEY=VALUE` as a user writes it, understood: which property gets which value.
public struct PropChange: Sendable, Hashable {
    /// AIStore's name: `mirror.copies`.
    public let name: String
    /// As the BMD has it; nil = the member is left out.
    public let value: JSONValue?

    /// - Parameter resolve: the UUID of an attached remote cluster, by alias or UUID; nil when it is not attached.
    /// - Throws: `.usage` for a property that is not known or cannot be changed, and for a value it cannot have.
    public init(parsing text: String, resolve: (String) -> String? = { _ in nil }) throws(StoreError) {
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            throw StoreError(
                .usage, path: "", message: "\(NameError.printable(text)) is no change: write KEY=VALUE")
        }
        let prop = try BucketProp.named(String(text[..<equals]))
        name = prop.name
        value = try PropValue.parse(String(text[text.utf8.index(after: equals)...]), as: prop, resolve: resolve)
    }

    /// Puts the value in its place among a bucket's properties.
    /// - Parameter absent: what stands for a member that is left out; nil = nothing.
    public func apply(to props: inout JSONValue, absent: JSONValue? = nil) {
        Self.set(value ?? absent, at: name.split(separator: ".").map(String.init)[...], of: &props)
    }

    private static func set(_ value: JSONValue?, at path: ArraySlice<String>, of parent: inout JSONValue) {
        guard let first = path.first else { return }
        if path.count == 1 {
            parent[first] = value
        } else {
            var child = parent[first] ?? [:]
            set(value, at: path.dropFirst(), of: &child)
            parent[first] = child
        }
    }
}
