import Foundation
import TestSupport
import Testing

/// No space: refused up front where sizes are known, else a clean stop; both are exit 7.
struct SpaceTests {
    private static let count = 6

    /// A store on one 24 MiB tmpfs, 12 MiB of it taken, and six shards of 3 MiB to put there.
    private func makeScene(_ disk: Tmpfs) throws -> Scene {
        let scene = try Scene(on: [disk.path])
        try scene.putShards(count: Self.count, members: 3, bytes: 1 << 20)
        try Data(count: 12 << 20).write(to: URL(fileURLWithPath: ballast(disk)))
        return scene
    }

    private func ballast(_ disk: Tmpfs) -> String { "\(disk.path)/ballast" }

    private func all() -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<Self.count).map { (shard($0), shard($0)) })
    }

    @Test func knownSizesAreRefusedBeforeTheFirstByte() throws {
        let disk = try Tmpfs(mebibytes: 24)
        let scene = try makeScene(disk)
        let lines = try (0..<Self.count).map {
            "\(scene.url(shard($0))),\(shard($0)),\(try scene.original(shard($0)).count)\n"
        }
        let list = try scene.scratch.write("list.csv", "url,name,size\n" + lines.joined())
        let refused = try scene.prefetch("--from", list, "--to", "ais://b")
        #expect(refused.status == 7, refused.said)
        #expect((refused.err + refused.result.out).contains(disk.path), refused.said)
        #expect(try scene.requests().filter { $0.method == "GET" } == [])
        try FileManager.default.removeItem(atPath: ballast(disk))
        let run = try scene.prefetch("--from", list, "--to", "ais://b")
        #expect(run.status == 0, run.said)
        try scene.expectStored(all())
    }

    @Test(arguments: [nil, "chunked"] as [String?])
    func unknownSizesStopCleanly(_ fault: String?) throws {
        let disk = try Tmpfs(mebibytes: 24)
        let scene = try makeScene(disk)
        let url = scene.url("train-{000000..000005}.tar", fault: fault)
        let stopped = try scene.prefetch(url, "--to", "ais://b", "--lanes", "2")
        #expect(stopped.status == 7, stopped.said)
        #expect((stopped.counts["moved"] ?? 0) < Self.count)
        #expect(stopped.report?.summary.failures["space"] ?? 0 >= 1, stopped.said)

        try FileManager.default.removeItem(atPath: ballast(disk))
        let found = try scene.disk()
        #expect(found.problems == [], "nothing half-written is visible")
        let run = try scene.prefetch(url, "--to", "ais://b")
        #expect(run.status == 0, run.said)
        try scene.expectStored(all())
    }

    @Test func anAnnouncedPetabyteIsRefusedBeforeItsBody() throws {
        let disk = try Tmpfs(mebibytes: 24)
        let scene = try Scene(on: [disk.path])
        let server = try ScriptedServer(
            [
                [
                    .request, .send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000000\r\n\r\n"),
                    .flood("x", times: 4096),
                ]
            ])
        let run = try scene.prefetch(server.url("x.bin"), "--to", "ais://b", "--skip-lookup")
        #expect(run.status == 7, run.said)
        #expect(run.record("x.bin")?.class == "space")
        let found = try scene.disk()
        #expect(found.names == [])
        #expect(found.leftovers == [])
    }

    @Test func smallObjectsStopCleanlyToo() throws {
        let disk = try Tmpfs(mebibytes: 24)
        let scene = try makeScene(disk)
        for number in 0..<60 { try scene.put("o/\(number).bin", Scene.bytes(300_000, seed: UInt64(number + 1))) }
        let stopped = try scene.prefetch(scene.url("o/{0..59}.bin"), "--to", "ais://b")
        #expect(stopped.status == 7, stopped.said)
        try FileManager.default.removeItem(atPath: ballast(disk))
        #expect(try scene.disk().problems == [])
        let run = try scene.prefetch(scene.url("o/{0..59}.bin"), "--to", "ais://b")
        #expect(run.status == 0, run.said)
        try scene.expectStored(Dictionary(uniqueKeysWithValues: (0..<60).map { ("\($0).bin", "o/\($0).bin") }))
    }
}
