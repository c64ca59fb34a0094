import Foundation
import TestSupport
import Testing

/// `ls`, `cat`, `store show` and `evict`.
struct ReadingTests {
    private func makeScene() throws -> Scene {
        let scene = try Scene()
        try scene.putShards(count: 6)
        try scene.put("x.bin", Scene.bytes(3 << 20))
        let run = try scene.prefetch(scene.url("train-{000000..000005}.tar"), "--to", "ais://b/deep/down")
        let other = try scene.prefetch(scene.url("x.bin"), "--to", "ais://c")
        guard run.status == 0, other.status == 0 else { throw TestSupportError("\(run.said) \(other.said)") }
        return scene
    }

    @Test func catGivesTheBytes() throws {
        let scene = try makeScene()
        let whole = try scene.onStore("cat", "ais://c/x.bin")
        #expect(whole.status == 0, "\(whole.err)")
        #expect(whole.stdout == (try scene.original("x.bin")))
        let member = try scene.onStore("cat", "ais://b/deep/down/\(shard(4))", "--member", "000004-0002.bin")
        let expected = try TestSupport.runChecked("tar", ["-xOf", scene.served(shard(4)), "000004-0002.bin"])
        #expect(member.status == 0, "\(member.err)")
        #expect(member.stdout == expected.stdout)
        #expect(member.stdout.count == 5000)
    }

    private static let wrong: [([String], Int32)] = [
        (["ais://c/none"], 4), (["ais://none/x"], 5), (["ais://b/deep/down/train-000001.tar", "--member", "none"], 4),
        (["ais://c"], 2), (["%%%"], 2),
    ]

    @Test(arguments: wrong)
    func catSaysWhatIsWrong(_ arguments: [String], status: Int32) throws {
        let scene = try makeScene()
        let result = try scene.aismove(["cat"] + arguments + ["--store", scene.store])
        #expect(result.status == status, "\(result.err)")
        #expect(!result.err.isEmpty)
        #expect(result.stdout.isEmpty)
    }

    @Test func catTellsOfDamagedBytes() throws {
        let scene = try makeScene()
        let path = try #require(try scene.disk().object("x.bin")).path
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.seek(toOffset: 1 << 20)
        try file.write(contentsOf: Data("other bytes".utf8))
        try file.close()
        let result = try scene.onStore("cat", "ais://c/x.bin")
        #expect(result.status == 3 && result.err.contains("xxhash2 is"), "\(result.err)")
        #expect(result.stdout.count == 3 << 20)
    }

    @Test func lsAndShowTellWhatIsThere() throws {
        let scene = try makeScene()
        let buckets = try scene.onStore("ls")
        #expect(buckets.out.contains("ais://b") && buckets.out.contains("ais://c"), "\(buckets.out)")
        let objects = try scene.onStore("ls", "ais://b", "--json")
        let lines = objects.out.split(separator: "\n")
        #expect(lines.count == 6)
        let names = try lines.map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])["name"] as? String
        }
        #expect(names == (0..<6).map { "deep/down/\(shard($0))" }, "in the order of names")
        #expect(try scene.onStore("ls", "ais://b/deep/down/train-000003").out.split(separator: "\n").count == 1)
        let show = try scene.onStore("store", "show", "--json")
        _ = try JSONSerialization.jsonObject(with: show.stdout)
        #expect(try scene.onStore("store", "show").out.contains(scene.hosts[0]))
    }

    @Test func theStoreMayComeFromTheEnvironment() throws {
        let scene = try makeScene()
        scene.environment["AISMOVE_STORE"] = scene.store
        #expect(try scene.aismove(["ls", "ais://c"]).out.contains("x.bin"))
    }

    @Test func evictByTemplateAndPrefix() throws {
        let scene = try makeScene()
        let dry = try scene.onStore("evict", "ais://b/deep/down/train-{000001..000002}.tar", "--dry-run")
        #expect(dry.status == 0, "\(dry.err)")
        #expect(try scene.disk().objects.count == 7)
        let some = try scene.reported("evict", ["ais://b/deep/down/train-{000001..000002}.tar"])
        #expect(some.status == 0, some.said)
        #expect(some.counts["evicted"] == 2, some.said)
        #expect(try scene.disk().names == [0, 3, 4, 5].map { "deep/down/\(shard($0))" } + ["x.bin"])
        let rest = try scene.reported("evict", ["ais://b/deep/"])
        #expect(rest.status == 0, rest.said)
        #expect(rest.counts["evicted"] == 4, rest.said)
        let disk = try scene.expectStored(["x.bin": "x.bin"])
        #expect(disk.bmd.first?.buckets.count == 2, "the bucket stays registered")
        for host in scene.hosts {
            #expect(!FileManager.default.fileExists(atPath: "\(host)/@ais/b/%ob/deep"), "empty directories go")
        }
        let again = try scene.prefetch(scene.url("train-{000000..000005}.tar"), "--to", "ais://b/deep/down")
        #expect(again.counts == ["moved": 6], again.said)
    }

    @Test func evictWithoutANameEmptiesTheBucket() throws {
        let scene = try makeScene()
        let run = try scene.reported("evict", ["ais://b"])
        #expect(run.status == 0, run.said)
        #expect(run.counts == ["evicted": 6])
        try scene.expectStored(["x.bin": "x.bin"])
    }

    @Test func evictTakesNothingElse() throws {
        let scene = try makeScene()
        #expect(try scene.onStore("evict", "ais://b/dee").status == 0)
        #expect(try scene.onStore("evict", "ais://none/x").status != 0)
        let disk = try scene.disk()
        #expect(disk.object("x.bin") != nil)
        #expect(disk.problems == [])
    }
}
