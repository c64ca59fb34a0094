import Foundation
import TestSupport
import Testing

/// `--summary` and `--junit`, read back by Python's own parser.
struct RunSummaryTests {
    private let scene: Scene
    private let junit: String
    private let summary: String

    init() throws {
        scene = try Scene()
        junit = "\(scene.scratch.path)/junit.xml"
        summary = try scene.scratch.write("summary.md", "before\n")
    }

    private struct Suite: Decodable {
        struct Case: Decodable {
            var classname: String
            var name: String
            var child: String?
            var type: String?
            var message: String?
        }

        var root: [String: String]
        var suite: [String: String]
        var cases: [Case]
        var output: String
    }

    private func parse() throws -> Suite {
        let script = """
            import json, sys, xml.etree.ElementTree as tree
            root = tree.parse(sys.argv[1]).getroot()
            assert root.tag == "testsuites" and [child.tag for child in root] == ["testsuite"]
            suite = root[0]
            cases = [case for case in suite if case.tag == "testcase"]
            assert [child.tag for child in suite][len(cases):] == ["system-out"]
            assert int(suite.get("tests")) == len(cases) == int(root.get("tests"))
            for tag in ["failure", "error", "skipped"]:
                name = tag if tag == "skipped" else tag + "s"
                assert int(suite.get(name)) == sum(case.find(tag) is not None for case in cases), tag
            def told(case):
                child = case[0] if len(case) else None
                return dict(case.attrib, child=getattr(child, "tag", None), **(
                    {"type": child.get("type"), "message": child.get("message")} if child is not None else {}))
            print(json.dumps(dict(root=root.attrib, suite=suite.attrib, cases=[told(case) for case in cases],
                output=suite.findtext("system-out"))))
            """
        let read = try TestSupport.runChecked(TestSupport.python, ["-c", script, junit])
        return try JSONDecoder().decode(Suite.self, from: read.stdout)
    }

    private func prefetch(_ words: String...) throws -> Scene.Run {
        try scene.reported("prefetch", words + ["--junit", junit, "--summary", summary])
    }

    @Test func everyShardIsATestCase() throws {
        try scene.putShards(count: 5)
        try scene.remove(shard(2))
        try scene.put(shard(3), "<html>not here</html>")
        let range = scene.url("train-{000000..000004}.tar")
        #expect(try prefetch(range, "--to", "ais://im/train").status == 3)
        let suite = try parse()
        #expect(suite.cases.count == 5)
        #expect(Set(suite.cases.map(\.classname)) == ["ais://im"])
        let missing = try #require(suite.cases.first { $0.name == "train/\(shard(2))" })
        #expect(missing.child == "failure" && missing.type == "missing")
        #expect(missing.message?.contains("404") == true)
        let wrong = try #require(suite.cases.first { $0.name == "train/\(shard(3))" })
        #expect(wrong.child == "failure" && wrong.type == "wrong-content")
        #expect(suite.cases.count { $0.child == nil } == 3)

        #expect(try prefetch(range, "--to", "ais://im/train", "--known-missing", "2").status == 3)
        #expect(try parse().cases.first { $0.name == "train/\(shard(2))" }?.child == "skipped")
        let text = try String(contentsOfFile: summary, encoding: .utf8)
        #expect(text.hasPrefix("before\n### ❌ aismove prefetch: exit 3"), "appended: \(text)")
        #expect(text.components(separatedBy: "### ❌").count == 3)
        #expect(text.contains("| moved | 3 |"), "\(text)")
        #expect(text.contains("/train/\(shard(3)) | wrong-content |"), "\(text)")
    }

    @Test func namesAreNoMarkup() throws {
        let name = "a<b>&\"'|`*_x.bin"
        let escaped = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        #expect(try prefetch(scene.url(escaped), "--to", "ais://im").status == 4)
        #expect(try parse().cases.map(\.name) == [name])
        let line = try String(contentsOfFile: summary, encoding: .utf8).split(separator: "\n").last ?? ""
        #expect(line.filter { $0 == "|" }.count == 4, "a row of three cells: \(line)")
        #expect(!line.contains("<") && !line.contains("`") && !line.contains("*"), "\(line)")
    }

    @Test func aRunThatNeverBeganIsAnError() throws {
        #expect(try prefetch("http://127.0.0.1:1/{0..1}", "--to", "ais://im", "--retries", "0").status != 0)
        let suite = try parse()
        #expect(suite.cases.map(\.child) == ["error"])
        #expect(suite.suite["errors"] == "1")
        #expect(try String(contentsOfFile: summary, encoding: .utf8).contains("Stopped:"))
    }

    @Test func verifyAndExportHaveThemToo() throws {
        try scene.putShards(count: 2)
        #expect(try scene.prefetch(scene.url("train-{000000..000001}.tar"), "--to", "ais://im").status == 0)
        #expect(try scene.verify("--junit", junit, "--summary", summary).status == 0)
        #expect(try parse().suite["name"] == "aismove verify")
        let out = "\(scene.scratch.path)/out"
        #expect(try scene.onStore("export", "ais://im", "--to", out, "--junit", junit).status == 0)
        #expect(try parse().cases.map(\.name).sorted() == [shard(0), shard(1)])
        #expect(try String(contentsOfFile: summary, encoding: .utf8).contains("### ✅ aismove verify: exit 0"))
    }

    @Test func aFolderThatIsNotThereIsUsage() throws {
        let missing = "\(scene.scratch.path)/no/where.xml"
        #expect(try scene.onStore("verify", "--junit", missing).status == 2)
        #expect(try scene.onStore("verify", "--summary", missing).status == 2)
    }
}
