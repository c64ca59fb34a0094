import Foundation
import Synchronization
import TestSupport
import Testing

/// `sync` of names that are tried, lists and index pages, from a real nginx.
struct SyncRangeTests {
    private static let count = 10

    private func makeScene(_ arguments: [String], fault: String? = nil) throws -> Scene {
        let scene = try Scene()
        for number in 0..<Self.count { try scene.put("d/s-\(number).bin", Scene.bytes(3000 + number)) }
        let run = try scene.reported("sync", try source(scene, arguments))
        guard run.counts == ["moved": Self.count] else { throw TestSupportError("\(run.said)") }
        return scene
    }

    /// `d/…` in place of URLs.
    private func source(_ scene: Scene, _ arguments: [String]) throws -> [String] {
        arguments.map { $0.hasPrefix("d/") ? scene.url($0) : $0 } + ["--to", "ais://b/in"]
    }

    private func names(_ numbers: some Sequence<Int>) -> [String: String] {
        Dictionary(uniqueKeysWithValues: numbers.map { ("in/s-\($0).bin", "d/s-\($0).bin") })
    }

    private static let range = ["d/s-{0..9}.bin"]

    @Test func holesThatAppearAreAskedForTwiceAndEvicted() throws {
        let scene = try makeScene(Self.range)
        try scene.remove("d/s-3.bin")
        try scene.put("d/s-4.bin", "another")
        let told = try scene.reported("sync", try source(scene, Self.range))
        #expect(told.status == 4 && told.counts == ["present": 8, "updated": 1, "missing": 1], told.said)
        #expect(try scene.disk().object("in/s-3.bin") != nil)

        _ = try scene.requests()
        let held = try scene.reported("sync", try source(scene, Self.range) + ["--delete"])
        #expect(held.status == 10 && held.counts == ["present": 9, "missing": 1], held.said)
        #expect(held.result.out.contains("1 of 10 objects") && held.result.out.contains("--max-delete 10%"), held.said)
        #expect(held.record("s-3.bin")?.kept == true)

        let before = try scene.requests().filter { $0.target.hasSuffix("s-3.bin") }.count
        let run = try scene.reported("sync", try source(scene, Self.range) + ["--delete", "--max-delete", "10%"])
        #expect(run.status == 0 && run.counts == ["present": 9, "evicted": 1], run.said)
        #expect(run.record("s-3.bin")?.outcome == "evicted")
        #expect(run.record("s-3.bin")?.source == scene.url("d/s-3.bin"))
        let asked = try scene.requests().filter { $0.target.hasSuffix("s-3.bin") }
        #expect(asked.count == before + 2 && asked.suffix(2).allSatisfy { $0.status == 404 }, "\(asked)")
        try scene.expectStored(names([0, 1, 2, 4, 5, 6, 7, 8, 9]))

        // Now it is a hole like any other.
        let hole = try scene.reported("sync", try source(scene, Self.range) + ["--delete"])
        #expect(hole.status == 4 && hole.counts == ["present": 9, "missing": 1], hole.said)
        #expect(hole.record("s-3.bin")?.kept == nil)
    }

    @Test func whatAnswersOtherwiseTheSecondTimeStays() throws {
        let server = try ResponderServer { request in
            // The survey asks by GET, eviction by HEAD.
            request.method == "GET" ? .init(404) : .init(200, [("Content-Length", "3003")])
        }
        let flaky = try ResponderServer { .init($0.method == "GET" ? 404 : 403) }
        for (origin, outcome, status) in [(server.origin, "present", Int32(0)), (flaky.origin, "failed", 5)] {
            let url = "\(origin)/s-3.bin"
            let scene = try Scene(mountpaths: 1)
            try scene.put("s-3.bin", "one")
            #expect(try scene.reported("sync", [scene.url("s-3.bin"), "--to", "ais://b"]).counts == ["moved": 1])
            let tag = try tag(of: url, "ais://b", scene)
            try scene.place(PlacedObjects("b", ["s-3.bin": ["source": "web", "ETag": "x", "aismove_src": tag]]))
            let run = try scene.reported(
                "sync", [url, "--to", "ais://b", "--skip-lookup", "--delete", "--max-delete", "100%"])
            #expect(run.status == status && run.counts == [outcome: 1], run.said)
            #expect(try scene.disk().object("s-3.bin") != nil)
        }
    }

    /// By the independent decoder's own means.
    private func tag(of url: String, _ bucket: String, _ scene: Scene) throws -> String {
        let code =
            "import hashlib, sys; print(hashlib.sha256(('\\n' + sys.argv[1] + '\\n' + sys.argv[2]).encode()).hexdigest()[:16])"
        return try TestSupport.runChecked(TestSupport.python, ["-c", code, url, bucket])
            .out.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func namesOutsideTheRangeAndUsersOwnStay() throws {
        let scene = try makeScene(Self.range)
        let tag = try #require(try scene.disk().object("in/s-0.bin")?.custom["aismove_src"])
        try scene.place(
            PlacedObjects(
                "b", ["in/s-10.bin": ["aismove_src": tag], "in/s-5.bin": [:], "in/s-x.bin": ["aismove_src": tag]]))
        for number in [1, 5] { try scene.remove("d/s-\(number).bin") }
        let run = try scene.reported("sync", try source(scene, Self.range) + ["--delete", "--max-delete", "50%"])
        #expect(run.status == 4 && run.counts == ["present": 8, "evicted": 1, "missing": 1], run.said)
        #expect(run.record("s-5.bin")?.outcome == "missing" && run.record("s-5.bin")?.kept == nil, run.said)
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(disk.names == (["0", "10"] + (2...9).map(String.init) + ["x"]).map { "in/s-\($0).bin" }.sorted())
        #expect(disk.object("in/s-5.bin")?.custom == [:])
    }

    @Test(arguments: [["d/"], ["d/", "--from", "LIST"]])
    func indexPagesAndLists(_ written: [String]) throws {
        let list = try TestSupport.scratch("list")
        func write(_ numbers: some Sequence<Int>, _ scene: Scene) throws {
            let lines = numbers.map { "\(scene.url("d/s-\($0).bin"))\n" }
            try list.write("LIST", lines.joined())
        }
        let scene = try Scene()
        for number in 0..<Self.count { try scene.put("d/s-\(number).bin", Scene.bytes(3000 + number)) }
        try write(0..<Self.count, scene)
        let isList = written.contains("--from")
        let arguments =
            try source(scene, isList ? ["--from", "\(list.path)/LIST"] : ["d/"]) + ["--delete", "--max-delete", "20%"]
        #expect(try scene.reported("sync", arguments).counts == ["moved": 10])
        for number in [0, 9] { try scene.remove("d/s-\(number).bin") }
        try write(1..<9, scene)
        let run = try scene.reported("sync", arguments)
        #expect(run.status == 0 && run.counts == ["present": 8, "evicted": 2], run.said)
        try scene.expectStored(names(1..<9))

        for number in 1..<9 { try scene.remove("d/s-\(number).bin") }
        try list.write("LIST", "")
        let empty = try scene.reported("sync", arguments)
        #expect(empty.status == 10 && empty.counts == ["missing": 8], empty.said)
        #expect(empty.result.out.contains("lists nothing"), empty.said)
        #expect(try scene.disk().objects.count == 8)
    }

    /// A page that changes.
    private final class Page: Sendable {
        private let state: Mutex<String>

        init(_ text: String) { state = Mutex(text) }

        var text: String {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    @Test func anIndexPageThatEndsEarlyEvictsNothing() throws {
        let start = "<html>\r\n<head><title>Index of /d/</title></head>\r\n<body>\r\n<h1>Index of /d/</h1><hr><pre>"
        func line(_ name: String) -> String { "<a href=\"\(name)\">\(name)</a>   22-Nov-2026 10:00   1\r\n" }
        let page = Page(start + line("a") + line("b") + "</pre><hr></body>\r\n</html>\r\n")
        let server = try ResponderServer { request in
            if request.path == "/d/" { return .init(200, [("Content-Type", "text/html")], text: page.text) }
            return .init(request.headers["if-none-match"] == nil ? 200 : 304, [("ETag", "\"e\"")], text: "x")
        }
        let scene = try Scene(mountpaths: 1)
        let arguments = ["\(server.origin)/d/", "--to", "ais://b", "--delete", "--max-delete", "100%"]
        let first = try scene.reported("sync", arguments)
        #expect(first.counts == ["moved": 2], first.said)
        page.text = start + line("a")
        let run = try scene.reported("sync", arguments)
        #expect(run.status == 10 && run.counts == ["present": 1], run.said)
        #expect(run.result.out.contains("nothing was evicted: a listing is not complete"), run.said)
        #expect(try scene.disk().names == ["a", "b"])
    }

    @Test func aDryRunOfARangeAsksButDoesNotFetch() throws {
        let scene = try makeScene(Self.range)
        try scene.remove("d/s-3.bin")
        try scene.put("d/s-4.bin", "another")
        try scene.put("d/s-10.bin", "new")
        let before = try scene.everything()
        let run = try scene.reported(
            "sync", try source(scene, ["d/s-{0..11}.bin"]) + ["--delete", "--max-delete", "100%", "--dry-run"])
        // Another source by its words: what it did not place, it does not evict.
        #expect(run.status == 4, run.said)
        #expect(run.counts == ["present": 8, "updated": 1, "moved": 1, "missing": 2], run.said)
        let same = try scene.reported(
            "sync", try source(scene, Self.range) + ["--delete", "--max-delete", "10%", "--dry-run"])
        #expect(same.status == 0 && same.counts == ["present": 8, "updated": 1, "evicted": 1], same.said)
        #expect(same.result.out.contains("would be evicted: ais://b/in/s-3.bin\n"), same.said)
        #expect(same.result.out.contains("would be updated: ais://b/in/s-4.bin\n"), same.said)
        #expect(try scene.everything() == before)
    }
}
