import Foundation
import TestSupport
import Testing

/// `prefetch --offline`, in a network namespace that has no network at all.
struct OfflineTests {
    private let scene: Scene
    private let range: String

    init() throws {
        scene = try Scene()
        try scene.putShards(count: 3)
        range = scene.url("train-{000000..000002}.tar")
    }

    private func offline(_ arguments: String...) throws -> Scene.Run {
        let file = "\(scene.scratch.path)/offline.json"
        try? FileManager.default.removeItem(atPath: file)
        let words = ["prefetch"] + arguments + ["--offline", "--store", scene.store, "--report", file]
        let result = try TestSupport.run(
            "unshare", ["--net", Program.path] + words, environment: scene.environment)
        let data = FileManager.default.contents(atPath: file)
        return Scene.Run(result: result, report: try data.map { try Report.decode($0) })
    }

    @Test func everythingIsThereOrItIsFour() throws {
        let before = try offline(range, "--to", "ais://im/train")
        #expect(before.status == 4, before.said)
        #expect(before.counts == ["missing": 3])
        #expect(try scene.prefetch(range, "--to", "ais://im/train").status == 0)
        let after = try offline(range, "--to", "ais://im/train")
        #expect(after.status == 0, after.said)
        #expect(after.counts == ["present": 3])
        #expect(try scene.onStore("evict", "ais://im/train/\(shard(1))").status == 0)
        let hole = try offline(range, "--to", "ais://im/train")
        #expect(hole.status == 4, hole.said)
        #expect(hole.report?.summary.missing.values.sorted() == ["1"], hole.said)
        #expect(try offline(range, "--to", "ais://im/train", "--known-missing", "1").status == 0)
    }

    @Test func aListInAFileAndALockNeedNoNetwork() throws {
        let list = try scene.scratch.write("urls.txt", (0..<3).map { scene.url(shard($0)) }.joined(separator: "\n"))
        _ = try scene.lock("--from", list, "--to", "ais://im")
        #expect(try offline("--from", list, "--to", "ais://im").status == 4)
        #expect(try offline("--locked", scene.lockPath).status == 4)
        #expect(try scene.prefetch("--locked", scene.lockPath).counts == ["moved": 3])
        #expect(try offline("--from", list, "--to", "ais://im").counts == ["present": 3])
        #expect(try offline("--locked", scene.lockPath).counts == ["present": 3])
    }

    @Test func aDamagedObjectIsNotThere() throws {
        #expect(try scene.prefetch(range, "--to", "ais://im").status == 0)
        let object = try #require(try scene.disk().object(shard(0)))
        try Data("short".utf8).write(to: URL(fileURLWithPath: object.path))
        let run = try offline(range, "--to", "ais://im")
        #expect(run.status == 4, run.said)
        #expect(run.record(shard(0))?.reason?.contains("damaged") == true, run.said)
    }

    @Test(arguments: [
        ["INDEX"], ["--from", "LISTURL"], ["RANGE", "--missing", "allow"], ["RANGE", "--latest"],
        ["RANGE", "--cluster", "http://127.0.0.1:1"],
    ])
    func whatNeedsTheNetworkIsUsage(words: [String]) throws {
        let said = [
            "INDEX": scene.url(), "LISTURL": scene.url("urls.txt"), "RANGE": range,
        ]
        let run = try scene.reported("prefetch", words.map { said[$0] ?? $0 } + ["--offline", "--to", "ais://im"])
        #expect(run.status == 2, run.said)
    }
}
