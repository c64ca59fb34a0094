import Foundation
import TestSupport

/// What the program's own parser understands, as it tells it: subcommands, their flags and the examples in their help.
struct CommandLanguage {
    private struct Dump: Decodable { var command: Command }

    struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable { var name: String }
            var names: [Name]?
        }

        var commandName: String
        var discussion: String?
        var arguments: [Argument]?
        var subcommands: [Command]?

        var flags: Set<String> { Set((arguments ?? []).flatMap { $0.names ?? [] }.map(\.name)) }
        var all: [Command] { [self] + (subcommands ?? []).flatMap(\.all) }
    }

    let root: Command

    init() throws {
        let dump = try TestSupport.runChecked(Program.path, ["--experimental-dump-help"])
        root = try JSONDecoder().decode(Dump.self, from: dump.stdout).command
    }

    var flags: Set<String> { root.all.reduce(into: []) { $0.formUnion($1.flags) } }

    /// The examples that help and man page show, without the remarks behind them.
    var examples: [String] {
        root.all.flatMap { ($0.discussion ?? "").split(separator: "\n") }
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0.hasPrefix("aismove ") }
            .map { $0.replacing(#/ {2,}\(.*/#, with: "") }
    }

    /// What is wrong with a command line, by its words: a flag that the subcommand does not have, or no subcommand.
    func fault(in line: String) -> String? {
        var command = root
        var words = line.split(separator: " ").dropFirst()[...]
        while let word = words.first, let next = command.subcommands?.first(where: { $0.commandName == word }) {
            command = next
            words = words.dropFirst()
        }
        guard command.commandName != root.commandName else { return "no such command: \(words.first ?? "")" }
        let flags = words.compactMap { $0.prefixMatch(of: /--([a-z-]+)/) }.map { String($0.1) }
        let unknown = flags.filter { !command.flags.contains($0) }
        return unknown.isEmpty ? nil : "'\(command.commandName)' has no --\(unknown.joined(separator: ", --"))"
    }
}
