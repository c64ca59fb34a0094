import ObjectModel

/// A bucket's properties as a flat list by AIStore's names, for people and scripts.
public struct PropList: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public let name: String
        /// As the BMD has it; of the backend bucket its URI, or `none`.
        public let value: JSONValue

        /// `true`, `3`, `xxhash2`; `-` for an empty text.
        public var text: String {
            guard let text = value.string else { return value.text() }
            return text.isEmpty ? "-" : text
        }
    }

    /// By name, in byte order.
    public let entries: [Entry]

    public init(_ bucket: BMDBucket) {
        var entries: [Entry] = []
        for (name, value) in bucket.props.object ?? [:] where name != "backend_bck" {
            Self.flatten(value, name, into: &entries)
        }
        entries.append(Entry(name: "backend_bck", value: .string(bucket.backend?.cname ?? "none")))
        self.entries = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

    private static func flatten(_ value: JSONValue, _ name: String, into entries: inout [Entry]) {
        guard let members = value.object else { return entries.append(Entry(name: name, value: value)) }
        for (member, value) in members { flatten(value, "\(name).\(member)", into: &entries) }
    }
}
