/// Names and reasons come from elsewhere: how they become harmless parts of a document.
enum ShownText {
    /// For XML 1.0, in text and in attributes: markup escaped, what XML cannot hold shown as `\u{…}`.
    static func xml(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": shown += "&amp;"
            case "<": shown += "&lt;"
            case ">": shown += "&gt;"
            case "\"": shown += "&quot;"
            case "\t", "\n", "\r": shown += "&#\(scalar.value);"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": shown += escape(scalar)
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// For Markdown, in a table's cell too: whatever could be markup as a character reference, line ends as spaces.
    static func markdown(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\t": shown += " "
            case "&", "<", ">", "|", "`", "*", "_", "[", "]", "\\", "~", "#", "!", "@", "$", ":":
                shown += "&#\(scalar.value);"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: shown += "&#92;u{\(hex(scalar))}"
                default: shown.unicodeScalars.append(scalar)
                }
            }
        }
        return shown
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String { "\\u{\(hex(scalar))}" }
    private static func hex(_ scalar: Unicode.Scalar) -> String { String(scalar.value, radix: 16) }
}
