import Foundation

/// Logins by host, as in `.netrc`: `machine HOST login USER password WORD`, `default login …`; `macdef` is skipped.
/// Parsed here rather than by libcurl because a redirect must know whether credentials were in play.
struct NetRC: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        /// nil = `default`.
        var host: String?
        var login: String?
        var password: String?
    }

    private(set) var entries: [Entry] = []

    init(parsing text: String) {
        var inMacro = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = Self.words(line)
            if inMacro {
                inMacro = !words.isEmpty
                continue
            }
            inMacro = take(words)
        }
    }

    /// The first entry for `host` (and `login`, where one is known already); `default` last.
    func entry(host: String, login: String?) -> Entry? {
        entries.first { entry in
            (entry.host == nil || entry.host == host) && (login == nil || entry.login == nil || entry.login == login)
        }
    }

    /// Returns whether a macro began.
    private mutating func take(_ words: [String]) -> Bool {
        var index = 0
        while index < words.count {
            let value = index + 1 < words.count ? words[index + 1] : nil
            switch words[index] {
            case "machine": entries.append(Entry(host: value?.lowercased() ?? ""))
            case "default":
                entries.append(Entry())
                index -= 1
            case "login": if !entries.isEmpty { entries[entries.count - 1].login = value }
            case "password": if !entries.isEmpty { entries[entries.count - 1].password = value }
            case "account": break
            case "macdef": return true
            default: index -= 1
            }
            index += 2
        }
        return false
    }

    /// Words between blanks; `"…"` may hold blanks, `\` escapes in it; `#` begins a comment where a word would begin.
    private static func words(_ line: Substring) -> [String] {
        var words: [String] = []
        var rest = line[...]
        while let start = rest.firstIndex(where: { !$0.isWhitespace }) {
            rest = rest[start...]
            if rest.first == "#" { break }
            if rest.first == "\"" {
                var word = ""
                var escaped = false
                rest = rest.dropFirst()
                while let character = rest.popFirst() {
                    if !escaped && character == "\"" { break }
                    escaped = !escaped && character == "\\"
                    if !escaped { word.append(character) }
                }
                words.append(word)
            } else {
                let end = rest.firstIndex(where: \.isWhitespace) ?? rest.endIndex
                words.append(String(rest[..<end]))
                rest = rest[end...]
            }
        }
        return words
    }
}
