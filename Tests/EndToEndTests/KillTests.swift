import Foundation
import Glibc
import TestSupport
import Testing

/// `kill -9` at any moment leaves only whole objects visible; the next run cleans up and continues.
@Suite(.serialized) struct KillTests {
    private static let lanes = 4
    private static let kills = 50
    private static let shards = 24
    private static let smalls = 300
    private static let smallBytes = 16 << 10

    private func makeSource(_ scene: Scene) throws -> [String: String] {
        try scene.putShards(count: Self.shards, members: 6, bytes: 1 << 20)
        var names: [String: String] = [:]
        for number in 0..<Self.shards { names[shard(number)] = shard(number) }
        for number in 0..<Self.smalls {
            let name = "small-\(number).bin"
            try scene.put(name, Scene.bytes(Self.smallBytes, seed: UInt64(number + 1)))
            names[name] = name
        }
        return names
    }

    @Test(.timeLimit(.minutes(4)))
    func fiftyKillsCostLittleAndDamageNothing() throws {
        let scene = try Scene()
        let names = try makeSource(scene)
        let sources = [scene.url("train-{000000..000023}.tar"), scene.url("small-{0..299}.bin")]
        let command =
            ["prefetch"] + sources + ["--to", "ais://b", "--lanes", String(Self.lanes), "--store", scene.store]
        let startUp = try secondsToStart(scene)

        for kill in 0..<Self.kills {
            let running = try Running(command, environment: scene.environment, scratch: scene.scratch)
            usleep(UInt32(startUp * 1e6) + UInt32.random(in: 10_000...150_000))
            running.send(SIGKILL)
            _ = try running.wait()
            if kill % 10 == 4 {
                // Registration may be cut between two copies of the BMD; below %ob everything is always whole.
                let visible = try scene.disk().problems.filter { $0.contains("/%ob/") }
                #expect(visible == [], "after kill \(kill + 1)")
            }
        }

        let last = try scene.prefetch(sources[0], sources[1], "--to", "ais://b", "--lanes", String(Self.lanes))
        #expect(last.status == 0, last.said)
        try scene.expectStored(names)
        let dataset = try names.values.reduce(Int64(0)) { $0 + Int64(try scene.original($1).count) }
        let perLane = Int64((8 << 20) + 8 * Self.smallBytes)
        let received = try scene.requests().reduce(Int64(0)) { $0 + $1.bodyBytes }
        #expect(received <= dataset + Int64(Self.kills * Self.lanes) * perLane)
    }

    /// Debug builds on a busy machine take their time before anything happens.
    private func secondsToStart(_ scene: Scene) throws -> Double {
        let start = Date()
        _ = try scene.aismove(["store", "show", "--store", scene.store])
        return Date().timeIntervalSince(start)
    }

    @Test func aKilledShardIsContinuedByTheNextRun() throws {
        let scene = try Scene()
        try scene.putShards(count: 1, members: 2, bytes: 6 << 20)
        let url = scene.url(shard(0), fault: "slow8")
        let running = try scene.start("prefetch", url, "--to", "ais://b", "--skip-lookup")
        #expect(eventually { size(scene) > 3 << 20 })
        running.send(SIGKILL)
        _ = try running.wait()
        let kept = size(scene)
        let next = try scene.prefetch(url, "--to", "ais://b")
        #expect(next.status == 0, next.said)
        #expect(next.record(shard(0))?.outcome == "resumed", next.said)
        let requests = try scene.requests(2)
        #expect(requests.last?.status == 206)
        #expect(requests.last?.range == "bytes=\(kept)-")
        try scene.expectStored([shard(0): shard(0)])
    }

    @Test func aPartialShardWhoseSourceChangedStartsOver() throws {
        let scene = try Scene()
        try scene.putShards(count: 1, members: 2, bytes: 6 << 20)
        let url = scene.url(shard(0), fault: "slow8")
        let running = try scene.start("prefetch", url, "--to", "ais://b", "--skip-lookup")
        #expect(eventually { size(scene) > 3 << 20 })
        running.send(SIGKILL)
        _ = try running.wait()
        try scene.putShards(count: 1, members: 3, bytes: 5 << 20)
        let next = try scene.prefetch(url, "--to", "ais://b")
        #expect(next.status == 0, next.said)
        #expect(next.record(shard(0))?.outcome == "moved", next.said)
        try scene.expectStored([shard(0): shard(0)])
    }

    /// Bytes in the largest work file.
    private func size(_ scene: Scene) -> Int {
        scene.workfiles().map { path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return (attributes?[.size] as? NSNumber)?.intValue ?? 0
        }.max() ?? 0
    }
}
