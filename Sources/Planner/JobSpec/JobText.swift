import Foundation

/// A text of a job file: as written, and with its `${NAME}`s replaced from the environment. Only `written` is for
/// messages and metadata.
public struct JobText: Sendable, Hashable {
    public let written: String
    public let value: String
    /// The variables that were used, with their values.
    let variables: [String: String]

    init(written: String, value: String, variables: [String: String] = [:]) {
        self.written = written
        self.value = value
        self.variables = variables
    }

    struct Fault: Error {
        let reason: String
    }

    /// Replaces each `${NAME}`; `$${` is a literal `${`, any other dollar sign stays.
    init(_ written: String, environment: [String: String]) throws(Fault) {
        var value = ""
        var variables: [String: String] = [:]
        var rest = written[...]
        while let mark = rest.range(of: "${") {
            let before = rest[..<mark.lowerBound]
            if before.hasSuffix("$") {
                value += before + "{"
                rest = rest[mark.upperBound...]
                continue
            }
            guard let close = rest[mark.upperBound...].firstIndex(of: "}") else {
                throw Fault(reason: "a '${' is not closed; write ${NAME}, or $${ for the characters themselves")
            }
            let name = String(rest[mark.upperBound..<close])
            guard name.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_]*/#) != nil else {
                throw Fault(
                    reason:
                        "${\(name)} names no environment variable; write ${NAME}, or $${ for the characters themselves")
            }
            guard let found = environment[name] else {
                throw Fault(reason: "the environment variable \(name) is not set")
            }
            value += before + found
            variables[name] = found
            rest = rest[rest.index(after: close)...]
        }
        self.init(written: written, value: value + rest, variables: variables)
    }

    /// The same with another value: a path that was relative.
    func with(value: String) -> JobText {
        JobText(written: written, value: value, variables: variables)
    }

    /// What was written literally, with nothing where a `${NAME}` stands.
    var literal: String { written.replacing(#/\$\{[A-Za-z_][A-Za-z0-9_]*\}/#, with: "") }

    /// Whether anything was replaced.
    var isReplaced: Bool { written != value }

    /// `text` with the variables' names where their values stand.
    func masked(_ text: String) -> String {
        variables.sorted { $0.value.count > $1.value.count }.reduce(text) { masked, variable in
            masked.replacing(variable.value, with: "${\(variable.key)}")
        }
    }
}
