import Foundation
import TestSupport
import Testing

/// Lists and index pages as sources.
struct ListTests {
    private static let count = 4

    private func makeScene() throws -> Scene {
        let scene = try Scene()
        try scene.putShards(count: Self.count)
        return scene
    }

    private func all() -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<Self.count).map { (shard($0), shard($0)) })
    }

    @Test func checksumListBesideABaseURL() throws {
        let scene = try makeScene()
        let sums = try TestSupport.runChecked(
            "sh", ["-c", "cd '\(scene.served(""))' && sha256sum train-*.tar"])
        let list = try scene.scratch.write("SHA256SUMS", sums.stdout)
        let run = try scene.prefetch(scene.url(), "--from", list, "--to", "ais://b")
        #expect(run.status == 0, run.said)
        #expect(run.record(shard(2))?.verifiedBy?.contains("sha256") == true, run.said)
        try scene.expectStored(all())
    }

    /// The list as text, and whether its names are others than the files'.
    private func lists(_ scene: Scene) throws -> [(text: String, renames: Bool)] {
        let urls = (0..<Self.count).map { scene.url(shard($0)) }
        let sizes = try (0..<Self.count).map { try scene.original(shard($0)).count }
        let csv = (0..<Self.count).map { "\(urls[$0]),in/\(shard($0)),\(sizes[$0])\n" }.joined()
        let map = (0..<Self.count).map { "\"in/\(shard($0))\": \"\(urls[$0])\"" }.joined(separator: ", ")
        let lines = (0..<Self.count).map { "{\"url\": \"\(urls[$0])\", \"name\": \"in/\(shard($0))\"}\n" }.joined()
        return [
            ("# shards\n\n" + urls.joined(separator: "\r\n"), false),
            ("[\"" + urls.joined(separator: "\",\n\"") + "\"]", false), ("url,name,size\n" + csv, true),
            ("{\(map)}", true), (lines, true),
        ]
    }

    @Test(arguments: 0..<5)
    func everyFormOnStandardInput(_ form: Int) throws {
        let scene = try makeScene()
        let (text, renames) = try lists(scene)[form]
        let run = try scene.prefetch("--from", "-", "--to", "ais://b", input: Data(text.utf8))
        #expect(run.status == 0, run.said)
        let names = all().map { (renames ? "in/\($0.key)" : $0.key, $0.value) }
        try scene.expectStored(Dictionary(uniqueKeysWithValues: names))
        let again = try scene.prefetch("--from", "-", "--to", "ais://b", input: Data(text.utf8))
        #expect(again.counts == ["present": Self.count], again.said)
    }

    @Test(arguments: [nil, "json"] as [String?])
    func indexPages(_ fault: String?) throws {
        let scene = try makeScene()
        try scene.put("deeper/no.bin", "not recursive")
        try scene.put("with space & ü.bin", "odd name")
        let run = try scene.prefetch(scene.url(fault: fault), "--to", "ais://b")
        #expect(run.status == 0, run.said)
        var names = all()
        names["with space & ü.bin"] = "with space & ü.bin"
        try scene.expectStored(names)
    }

    @Test func filtersChooseAmongNames() throws {
        let scene = try makeScene()
        try scene.put("notes.txt", "notes")
        let run = try scene.prefetch(
            scene.url(), "--to", "ais://b", "--include", "*.tar", "--exclude", "*000002*")
        #expect(run.status == 0, run.said)
        try scene.expectStored(all().filter { $0.key != shard(2) })
    }

    @Test func anIndexPageThatEndsEarlyIsIncomplete() throws {
        let scene = try makeScene()
        let page =
            "<html>\r\n<head><title>Index of /d/</title></head>\r\n<body>\r\n<h1>Index of /d/</h1><hr><pre>"
            + "<a href=\"../\">../</a>\r\n<a href=\"\(shard(0))\">\(shard(0))</a>   22-Nov-2026 10:00   100\r\n"
        let server = try ScriptedServer(
            answer: "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: \(page.utf8.count)\r\n"
                + "Connection: close\r\n\r\n\(page)")
        let run = try scene.prefetch(server.url("d/"), "--to", "ais://b")
        // What it names is tried: here the answer is the page again, which is no shard.
        #expect(run.status == 3, run.said)
        let plan = try scene.onStore("plan", server.url("d/"), "--to", "ais://b")
        #expect(plan.status == 10, "\(plan.out)\(plan.err)")
    }

    @Test(arguments: [("403", Int32(5)), ("404", 10)])
    func anIndexPageThatIsNotGiven(_ answer: String, status: Int32) throws {
        let scene = try Scene(mountpaths: 1)
        let url = answer == "403" ? scene.url(fault: "403") : scene.url("none/")
        let run = try scene.prefetch(url, "--to", "ais://b")
        #expect(run.status == status, run.said)
        #expect(run.err.contains(answer), run.said)
    }

    @Test func theSecondOfTwoEqualNamesIsAConflict() throws {
        let scene = try makeScene()
        let csv = "url,name\n\(scene.url(shard(0))),same.tar\n\(scene.url(shard(1))),same.tar\n"
        let run = try scene.prefetch("--from", "-", "--to", "ais://b", input: Data(csv.utf8))
        #expect(run.status == 1, run.said)
        #expect(run.counts == ["moved": 1, "failed": 1])
        #expect(run.report?.shards.first { $0.outcome == "failed" }?.class == "conflict")
        try scene.expectStored(["same.tar": shard(0)])
    }

    /// With several mountpaths both could lie on disks of their own: they are still a conflict, in one list and over runs.
    @Test(arguments: [1, 6])
    func aFileAndADirectoryOfOneNameAreAConflict(mountpaths: Int) throws {
        let scene = try Scene(mountpaths: mountpaths)
        try scene.putShards(count: Self.count)
        let csv = "url,name\n\(scene.url(shard(0))),a\n\(scene.url(shard(1))),a/b\n"
        let run = try scene.prefetch("--from", "-", "--to", "ais://b", "--lanes", "1", input: Data(csv.utf8))
        #expect(run.status == 1, run.said)
        #expect(run.counts == ["moved": 1, "failed": 1], run.said)
        #expect(run.report?.shards.first { $0.outcome == "failed" }?.class == "conflict", run.said)
        for (name, outcome) in [
            ("a/c", "failed"), ("d/e/f", "moved"), ("d/e", "failed"), ("d", "failed"), ("d/g", "moved"),
        ] {
            let csv = "url,name\n\(scene.url(shard(0))),\(name)\n"
            let run = try scene.prefetch("--from", "-", "--to", "ais://b", input: Data(csv.utf8))
            #expect(run.counts == [outcome: 1], "\(name): \(run.said)")
        }
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(disk.objects.count == 3)
        #expect(disk.empty == [])
    }

    @Test(arguments: [
        ("url\nftp://host/x\n", "ftp"), ("[\"http://h/x\"", "1"), ("just words\n", "URL"),
        ("url,size\nhttp://h/x,many\n", "many"),
        ("{\"a\": 7}", "1"),
    ])
    func aBrokenListSaysWhere(_ text: String, needle: String) throws {
        let scene = try Scene(mountpaths: 1)
        let list = try scene.scratch.write("list", text)
        let result = try scene.onStore("prefetch", "--from", list, "--to", "ais://b", "--skip-lookup")
        #expect(result.status == 2, "\(result.out)\(result.err)")
        #expect(result.err.contains(needle), "\(result.err)")
        #expect(result.err.contains(list), "\(result.err)")
    }
}
