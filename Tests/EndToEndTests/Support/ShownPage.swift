import Foundation
import TestSupport

/// A page of the project, and the commands that it shows its readers.
struct ShownPage {
    struct Line {
        /// From 1.
        let number: Int
        let text: String
    }

    /// In the repository.
    let path: String
    let text: String

    init(_ path: String) throws {
        self.path = path
        text = try String(contentsOfFile: "\(TestSupport.repositoryRoot)/\(path)", encoding: .utf8)
    }

    /// The pages and job files that show commands to run.
    static let withCommands: [String] = {
        let root = TestSupport.repositoryRoot
        let names = ["", "docs", "jobs"].flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? [])
                .map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
        }
        return names.filter { $0.hasSuffix(".md") || $0.hasSuffix(".yaml") }.sorted()
            .filter { (try? ShownPage($0).commands.isEmpty) == false }
    }()

    /// `aismove …` and `export …` of the blocks that are shell (they name no other language), or of a job file's comments.
    var commands: [Line] { path.hasSuffix(".yaml") ? commandsOfComments : commandsOfBlocks }

    private var commandsOfBlocks: [Line] {
        blocks.filter { ["", "sh", "bash", "console"].contains($0.language) }.flatMap(\.lines)
            .filter { $0.text.hasPrefix("aismove ") || $0.text.hasPrefix("export ") }
    }

    private var commandsOfComments: [Line] {
        numbered.filter { $0.text.hasPrefix("#") }.flatMap { line in
            line.text.split(separator: ";").compactMap { part in
                part.range(of: "aismove ").map { Line(number: line.number, text: String(part[$0.lowerBound...])) }
            }
        }
    }

    /// The job files that the page shows in whole.
    var jobFiles: [String] {
        blocks.filter { $0.language == "yaml" }.map { $0.lines.map(\.text).joined(separator: "\n") + "\n" }
            .filter { $0.contains("\njob: ") || $0.hasPrefix("job: ") }
    }

    /// Code within running text and tables: what stands between backticks.
    var spans: [String] {
        let inside = Set(blocks.flatMap { $0.lines.map(\.number) })
        return numbered.filter { !inside.contains($0.number) && !$0.text.hasPrefix("```") }
            .flatMap { $0.text.matches(of: /`([^`]+)`/).map { String($0.1) } }
    }

    private var numbered: [Line] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .map { Line(number: $0.offset + 1, text: String($0.element)) }
    }

    private var blocks: [(language: String, lines: [Line])] {
        var blocks: [(language: String, lines: [Line])] = []
        var isInside = false
        for line in numbered {
            if line.text.hasPrefix("```") {
                isInside.toggle()
                if isInside { blocks.append((String(line.text.dropFirst(3)), [])) }
            } else if isInside {
                blocks[blocks.count - 1].lines.append(line)
            }
        }
        return blocks
    }
}
