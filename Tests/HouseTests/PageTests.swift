import Foundation
import Testing

/// The pages against each other and against what they tell of.
@Suite struct PageTests {
    private static func pages() throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: Repository.root.appendingPathComponent("docs").path)
        return ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]
            + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }

    private static func jobs() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Repository.root.appendingPathComponent("jobs").path)
            .filter { $0.hasSuffix(".yaml") }.sorted()
    }

    @Test func everyLinkLeadsSomewhere() throws {
        var seen = 0
        for path in try Self.pages() {
            for target in PageLinks.targets(in: try Repository.text(path)) {
                seen += 1
                let fault = try PageLinks.fault(in: target, at: path)
                #expect(fault == nil)
            }
        }
        #expect(seen > 40)
    }

    @Test(arguments: ["docs/nothing.md", "nothing", "docs/report.md#nothing", "#nothing"])
    func aLinkThatLeadsNowhereIsSeen(target: String) throws {
        #expect(try PageLinks.fault(in: target, at: "README.md") != nil)
    }

    @Test func everyPageIsNamedInTheReadme() throws {
        let targets = PageLinks.targets(in: try Repository.text("README.md"))
        for path in try Self.pages() where path != "README.md" { #expect(targets.contains(path), "\(path)") }
    }

    @Test func everyExampleJobIsListedAndNamesItsSchema() throws {
        let page = try Repository.text("docs/jobs.md")
        let jobs = try Self.jobs()
        #expect(jobs.count > 5)
        for name in jobs {
            #expect(page.contains("(../jobs/\(name))"), "docs/jobs.md does not list \(name)")
            let lines = try Repository.text("jobs/\(name)").split(separator: "\n")
            #expect(lines.contains("# yaml-language-server: $schema=../docs/job.schema.json"), "\(name)")
        }
    }

    @Test func contributorsFindEveryVerb() throws {
        let page = try Repository.text("CONTRIBUTING.md")
        let verbs = try Repository.text("Makefile").matches(of: #/(?m)^([a-z-]+):.*## /#).map { String($0.1) }
        #expect(verbs.count > 10)
        for verb in verbs { #expect(page.contains("`make \(verb)"), "\(verb)") }
    }

    /// What the page of troubles has between quotes in its headings stands in the sources. `…`, and a word in capitals, is a
    /// value.
    @Test func theTroublesAreThoseThatTheProgramTells() throws {
        let page = try Repository.text("docs/troubleshooting.md")
        let headings = page.split(separator: "\n").filter { $0.hasPrefix("## ") }
        let quotes = headings.flatMap { $0.matches(of: /"((?:\\"|[^"])+)"/).map { String($0.1) } }
        #expect(quotes.count > 30, "\(quotes)")
        let sources = try ["Sources", "scripts"].map(Repository.everyText(below:)).joined(separator: "\n")
        for quote in quotes {
            let parts = quote.split(separator: /…|\b[A-Z]{3,}\b/).map { $0.trimmingCharacters(in: .whitespaces) }
            for part in parts where part.count > 3 { #expect(sources.contains(part), "\(quote)") }
        }
    }

    /// Every class of a failed shard has its line in the table of classes, and a place in the page of troubles.
    @Test func everyClassOfFailureIsExplained() throws {
        let source = try Repository.text("Sources/Mover/Report/Outcome.swift")
        let body = try #require(source.components(separatedBy: "enum FailureClass").dropFirst().first)
        let cases = body.prefix { $0 != "}" }.split(separator: "\n").filter { $0.contains("case ") }
        let classes = cases.flatMap { $0.split(separator: " ", maxSplits: 1).last?.split(separator: ", ") ?? [] }
            .map { $0.split(separator: "\"").dropFirst().first ?? $0 }
        #expect(classes.count >= 10, "\(classes)")
        let table = MarkdownTable.rows(under: "class", in: try Repository.text("docs/report.md"))
        #expect(Set(table.compactMap(\.first)) == Set(classes.map { "`\($0)`" }))
        let rows = MarkdownTable.rows(
            under: "class of a failed shard", in: try Repository.text("docs/troubleshooting.md"))
        #expect(Set(rows.compactMap(\.first)) == Set(classes.map { "`\($0)`" }))
    }
}
