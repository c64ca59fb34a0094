import Foundation
import TestSupport
import Testing

/// Every command that the pages and the example job files show is run, page by page and in order, against local servers;
/// what stands within running text, and in the program's own help, is held to what its parser knows.
struct ShownCommandsTests {
    /// What a reader of the page has done before.
    private static let before = [
        "docs/cron.md": "aismove prefetch 'https://host/imagenet/train-{000000..001281}.tar' --to ais://imagenet/train "
            + "--report '/var/log/aismove/imagenet-{time}.json'"
    ]

    @Test func thePagesAreFound() {
        #expect(ShownPage.withCommands.count > 8, "\(ShownPage.withCommands)")
        #expect(Set(ShownPage.withCommands).isSuperset(of: ["README.md", "docs/ci.md", "jobs/demo.yaml"]))
    }

    @Test(arguments: ShownPage.withCommands) func everyCommandRuns(path: String) throws {
        let page = try ShownPage(path)
        let world = try ShownWorld(for: page)
        if let first = Self.before[path] { #expect(try world.run(first).status == 0) }
        for line in page.commands {
            let run = try world.run(line.text)
            #expect(run.status == 0, "\(path):\(line.number): \(line.text)\nexit \(run.status)\n\(run.out)\(run.err)")
        }
        #expect(try world.scene.disk().problems == [])
    }

    @Test func aWrongCommandWouldBeSeen() throws {
        let world = try ShownWorld(for: ShownPage("docs/sync.md"))
        #expect(try world.run("aismove ls ais://imagenet --lames 3").status == 2)
        #expect(try world.run("aismove prefetch 's3://datasets/no-{0..1}.bin'").status == 4)
        let language = try CommandLanguage()
        #expect(language.fault(in: "aismove plan x --lock y") == nil)
        #expect(language.fault(in: "aismove ls x --lock y") == "'ls' has no --lock")
        #expect(language.fault(in: "aismove fetch x") != nil)
    }

    @Test func everyJobFileOnAPageIsUnderstood() throws {
        let page = try ShownPage("docs/jobs.md")
        let world = try ShownWorld(for: page)
        #expect(!page.jobFiles.isEmpty)
        for text in page.jobFiles {
            try world.write("shown.yaml", text)
            let check = try world.run("aismove job check shown.yaml")
            #expect(check.status == 0, "\(check.err)\n\(text)")
        }
    }

    @Test func commandsWithinTheTextAndInTheHelpExist() throws {
        let language = try CommandLanguage()
        var lines = language.examples
        #expect(lines.count > 20)
        for path in try Self.pages() {
            // `aismove 0.1.0 …` is a version.
            lines += try ShownPage(path).spans.filter { $0.starts(with: /aismove [a-z]/) }
        }
        for line in lines {
            let fault = language.fault(in: line)
            #expect(fault == nil, "\(line)")
        }
    }

    /// Code that begins with `--` is a flag of ours, but for the page about other programs.
    @Test func everyFlagThatThePagesNameExists() throws {
        let flags = try CommandLanguage().flags
        for path in try Self.pages() where path != "docs/comparison.md" {
            for span in try ShownPage(path).spans where span.hasPrefix("--") {
                for flag in span.matches(of: /(?:^| )--([a-z-]+)/) {
                    #expect(flags.contains(String(flag.1)), "\(path): \(span)")
                }
            }
        }
    }

    private static func pages() throws -> [String] {
        let root = TestSupport.repositoryRoot
        let docs = try FileManager.default.contentsOfDirectory(atPath: "\(root)/docs").map { "docs/\($0)" }
        return ["README.md", "CHANGELOG.md"] + docs.filter { $0.hasSuffix(".md") }
    }
}
