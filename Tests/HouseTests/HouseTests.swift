import Foundation
import Testing

/// The repository against its own rules (ARCHITECTURE.md, CONTRIBUTING.md).
@Suite struct HouseTests {
    // MARK: Imports and pointers

    @Test func everyImportIsInTheTable() throws {
        let files = try Repository.swiftFiles(below: "Sources")
        #expect(files.count > 10, "the sources were not found below \(Repository.root.path)")
        let violations = files.flatMap { HouseRules.forbiddenImports(file: $0.path, source: $0.source) }
        #expect(violations.isEmpty, "\(list(violations))")
    }

    @Test func everyPointerIsBesideACModuleOrInTheBuffer() throws {
        let files = try Repository.swiftFiles(below: "Sources")
        let violations = files.flatMap { HouseRules.strayPointers(file: $0.path, source: $0.source) }
        #expect(violations.isEmpty, "\(list(violations))")
    }

    @Test(arguments: HouseRules.cModules.sorted())
    func eachCModuleHasExactlyOneOwner(module: String) throws {
        #expect(HouseRules.allowed.filter { $0.value.contains(module) }.count == 1)
        let importers = try Repository.swiftFiles(below: "Sources")
            .filter { HouseRules.imports(in: SwiftText($0.source)).contains { $0.module == module } }
            .map { HouseRules.moduleName(of: $0.path) }
        #expect(Set(importers).count <= 1, "\(module) is imported by \(Set(importers).sorted())")
    }

    @Test func theFoldersOfSourcesAreTheModulesOfTheTable() throws {
        let folders = Set(try Repository.folders(in: "Sources"))
        #expect(folders.subtracting(HouseRules.cModules) == Set(HouseRules.allowed.keys))
    }

    @Test func noTestIsOfTheKindThatTheRunnerLeavesOut() throws {
        let files = try Repository.swiftFiles(below: "Tests")
        let violations = files.flatMap { HouseRules.unseenTests(file: $0.path, source: $0.source) }
        #expect(violations.isEmpty, "\(list(violations))")
    }

    // MARK: The picture and the code

    @Test func thePageShowsTheTableThatIsEnforced() throws {
        let page = try Repository.text("ARCHITECTURE.md")
        let columns = MarkdownTable.columns(under: "may import", in: page)
        let shown = MarkdownTable.rows(under: "may import", in: page).reduce(into: [String: Set<String>]()) {
            table, row in
            guard let module = row.first, row.count <= columns.count else { return }
            for (column, cell) in zip(columns, row).dropFirst() where !cell.isEmpty {
                table[module, default: []].formUnion(cell == "●" ? [column] : names(in: cell))
            }
        }
        #expect(shown == HouseRules.allowed)
    }

    /// The table of invariants names tests as `Suite.test`; each is there.
    @Test func theTestsThatPinTheInvariantsExist() throws {
        let section = try Repository.text("ARCHITECTURE.md").components(separatedBy: "## Invariants").dropFirst().first
        let named = try #require(section).matches(of: /`([A-Za-z]+Tests)\.([A-Za-z]+)`/)
        #expect(named.count > 10)
        let files = try Repository.swiftFiles(below: "Tests")
        for name in named {
            let suite = files.first { $0.path.hasSuffix("/\(name.1).swift") }
            #expect(suite?.source.contains("func \(name.2)(") == true, "\(name.0) does not exist")
        }
    }

    @Test func thePageNamesTheSevenInvariants() throws {
        let page = try Repository.text("ARCHITECTURE.md")
        let section = page.components(separatedBy: "## Invariants").dropFirst().first ?? ""
        for number in 1...7 { #expect(section.contains("\n\(number). "), "invariant \(number) is missing") }
    }

    // MARK: What contributors and users rely on

    @Test(arguments: [
        "Makefile", "Package.swift", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", ".ci/run",
        ".swift-format", "docs/report.md", "docs/performance.md", "docs/troubleshooting.md",
    ])
    func isThere(path: String) {
        #expect(Repository.exists(path))
    }

    @Test(arguments: [
        ".ci/run", "scripts/install-deps.sh", "scripts/venv.sh", "scripts/demo.sh", "scripts/bench.py",
        "scripts/lint-scripts.sh", "scripts/manual.sh", "scripts/install.sh",
    ])
    func isExecutable(path: String) {
        #expect(Repository.isExecutable(path))
    }

    @Test func continuousIntegrationRunsTheSameVerbs() throws {
        let lines = try Repository.text(".ci/run").split(separator: "\n")
        #expect(lines.contains("set -euo pipefail"))
        #expect(lines.last == "make lint test", "whatever comes after the tests would hide their summary")
    }

    @Test(arguments: ["demo", "build", "test", "lint", "bench", "install", "deps", "help"])
    func theMakefileHasTheVerb(verb: String) throws {
        let lines = try Repository.text("Makefile").split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("\(verb):") && $0.contains("## ") })
    }

    @Test(arguments: ["README.md", "CONTRIBUTING.md"])
    func everyVerbThatThePagesNameExists(page: String) throws {
        let makefile = try Repository.text("Makefile").split(separator: "\n")
        let code = try Repository.text(page).components(separatedBy: "`make ").dropFirst()
        for mention in code {
            let verb = mention.prefix { $0.isLetter }
            #expect(makefile.contains { $0.hasPrefix("\(verb):") }, "\(page) names make \(verb)")
        }
    }

    /// Codes are a promise to scripts: the README's table is compared with the documented list, in its order.
    @Test func theReadmeListsEveryExitCode() throws {
        let rows = MarkdownTable.rows(under: "code", in: try Repository.text("README.md"))
        #expect(rows.compactMap(\.first) == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "130"])
        #expect(rows.allSatisfy { $0.count >= 2 && !$0[1].isEmpty })
    }

    @Test func theReadmeListsTheCodesThatTheProgramHas() throws {
        let source = try Repository.text("Sources/Mover/Report/ExitCode.swift")
        let cases = source.split(separator: "\n").filter { $0.contains(" case ") && $0.contains(" = ") }
        let codes = cases.compactMap { $0.split(separator: " ").last.map(String.init) }
        let rows = MarkdownTable.rows(under: "code", in: try Repository.text("README.md"))
        #expect(codes == rows.compactMap(\.first))
    }

    /// `CLinux (xattr, flock), ArgumentParser` names two modules; what is in parentheses says what for.
    private func names(in cell: String) -> [String] {
        cell.split(separator: "(").enumerated()
            .map { $0.offset == 0 ? $0.element : $0.element.drop { $0 != ")" } }
            .flatMap { $0.split { !$0.isLetter } }.map(String.init)
    }

    private func list(_ violations: [HouseRules.Violation]) -> String {
        violations.map(\.description).joined(separator: "\n")
    }
}
