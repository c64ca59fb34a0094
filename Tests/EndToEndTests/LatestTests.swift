import Foundation
import TestSupport
import Testing

/// `--latest`: one conditional request each, bytes only for what changed.
struct LatestTests {
    @Test func unchangedChangedAndRemoved() throws {
        let scene = try Scene()
        try scene.putShards(count: 6, bytes: 300_000)
        let range = scene.url("train-{000000..000005}.tar")
        #expect(try scene.prefetch(range, "--to", "ais://b").status == 0)

        var before = try scene.requests(7).count
        let same = try scene.prefetch(range, "--to", "ais://b", "--latest")
        #expect(same.status == 0, same.said)
        #expect(same.counts == ["present": 6])
        let asked = try scene.requests(before + 6).dropFirst(before)
        #expect(asked.map(\.status) == Array(repeating: 304, count: 6))
        #expect(asked.reduce(0) { $0 + $1.bodyBytes } == 0)

        try scene.putShards(first: 2, count: 1, members: 9)
        try scene.remove(shard(4))
        before = try scene.requests(before + 6).count
        let changed = try scene.prefetch(range, "--to", "ais://b", "--latest")
        #expect(changed.status == 4, changed.said)
        #expect(changed.counts == ["present": 4, "updated": 1, "missing": 1])
        #expect(changed.record(shard(2))?.outcome == "updated")
        #expect(try scene.requests(before + 6).count == before + 6)
        let disk = try scene.disk()
        #expect(disk.problems == [])
        let updated = try #require(disk.object(shard(2)))
        #expect(updated.version == "2")
        #expect(try Data(contentsOf: URL(fileURLWithPath: updated.path)) == scene.original(shard(2)))
        #expect(disk.object(shard(1))?.version == "1")
        #expect(disk.object(shard(4)) != nil, "prefetch deletes nothing")
    }

    @Test func withoutETagTheTimeAndLengthDecide() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "one")
        let url = scene.url("x.bin", fault: "noetag")
        #expect(try scene.prefetch(url, "--to", "ais://b").status == 0)
        #expect(try scene.prefetch(url, "--to", "ais://b", "--latest").counts == ["present": 1])
        try scene.put("x.bin", "twooo")
        try FileManager.default.setAttributes(
            [.modificationDate: Date().addingTimeInterval(60)], ofItemAtPath: scene.served("x.bin"))
        #expect(try scene.prefetch(url, "--to", "ais://b", "--latest").counts == ["updated": 1])
        try scene.expectStored(["x.bin": "x.bin"])
    }

    @Test func aFailedUpdateKeepsTheOldObject() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 1)
        let old = try scene.original(shard(0))
        #expect(try scene.prefetch(scene.url(shard(0)), "--to", "ais://b").status == 0)
        try scene.put(shard(0), old.prefix(4096))
        let failed = try scene.prefetch(scene.url(shard(0)), "--to", "ais://b", "--latest")
        #expect(failed.status == 3, failed.said)
        try scene.put(shard(0), old)
        try scene.expectStored([shard(0): shard(0)])
    }
}
