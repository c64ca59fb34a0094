import ObjectModel

/// One node of a job file's YAML, with its place.
struct JobNode: Sendable {
    /// A member of a mapping; its key is a text.
    struct Member: Sendable {
        let key: String
        let mark: JobMark
        let value: JobNode
    }

    enum Content: Sendable {
        /// - Parameter isPlain: written without quotes, so that it may also mean a number, a flag or nothing.
        case scalar(String, isPlain: Bool)
        case list([JobNode])
        case map([Member])
    }

    let mark: JobMark
    let content: Content

    /// A mapping's value; nil when there is none.
    subscript(key: String) -> JobNode? { member(key)?.value }

    func member(_ key: String) -> Member? {
        guard case .map(let members) = content else { return nil }
        return members.first { $0.key == key }
    }

    /// What messages call it: `a list`, `the number 5`.
    var title: String {
        switch content {
        case .list: "a list"
        case .map: "a section of keys"
        case .scalar(let text, let isPlain):
            switch isPlain ? PlainScalar(text) : .text {
            case .nothing: "nothing"
            case .flag: "the flag \(text)"
            case .number: "the number \(text)"
            case .text: NameError.printable(text)
            }
        }
    }
}

/// What a scalar without quotes means (YAML 1.2, core schema).
enum PlainScalar {
    case nothing
    case flag(Bool)
    case number
    case text

    init(_ text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .nothing
        case "true", "True", "TRUE": self = .flag(true)
        case "false", "False", "FALSE": self = .flag(false)
        default:
            let isNumber = text.wholeMatch(of: #/[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/#) != nil
            self = isNumber ? .number : .text
        }
    }
}
