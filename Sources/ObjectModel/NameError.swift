/// A name that cannot be used, and why. One type for URIs, buckets, objects and URLs.
public struct NameError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name as given; may hold any character.
    public let name: String
    /// One sentence without the name's control characters.
    public let reason: String

    public init(_ name: String, _ reason: String) {
        self.name = name
        self.reason = reason
    }

    public var description: String { "\(Self.printable(name)): \(reason)" }

    /// The name in quotes, cut to 200 characters, with control characters as `\u{…}`: safe for a terminal or a log.
    public static func printable(_ name: String) -> String {
        var text = "\""
        var count = 0
        for scalar in name.unicodeScalars {
            if count == 200 {
                text += "…"
                break
            }
            count += 1
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            default:
                text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
