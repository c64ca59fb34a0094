import Foundation
import Glibc
import TestSupport
import Testing

/// `sync --delete` that is killed or stopped while it evicts: the next one ends what it began.
struct SyncKillTests {
    private static let keys = 3000

    private func makeScene(copies: Int) throws -> (Scene, MadeUpBucket) {
        let bucket = try MadeUpBucket(keys: Self.keys)
        let scene = try Scene(bucket)
        if copies > 1 {
            try scene.onStore("bucket", "create", "ais://m", "mirror.enabled=true", "mirror.copies=\(copies)")
        }
        let first = try scene.sync("s3://big/k/", "--to", "ais://m/in/deep", "--no-sync")
        guard first.counts == ["moved": Self.keys] else { throw TestSupportError("\(first.said)") }
        return (scene, bucket)
    }

    /// Objects and their copies.
    private func files(_ scene: Scene) -> Int {
        scene.hosts.reduce(0) { count, host in
            let names = try? FileManager.default.contentsOfDirectory(atPath: "\(host)/@ais/m/%ob/in/deep")
            return count + (names?.count ?? 0)
        }
    }

    @Test(arguments: [1, 2])
    func killedInTheMidstOfEviction(copies: Int) throws {
        let (scene, bucket) = try makeScene(copies: copies)
        bucket.show(keys: 100)
        let arguments = ["sync", "s3://big/k/", "--to", "ais://m/in/deep", "--delete", "--max-delete", "99%"]
        let all = files(scene)
        var kills = 0
        for _ in 0..<6 {
            let running = try Running(
                arguments + ["--store", scene.store], environment: scene.environment, scratch: scene.scratch)
            let before = files(scene)
            _ = eventually { !running.isRunning || files(scene) < before }
            if running.isRunning { kills += 1 }
            running.send(SIGKILL)
            _ = try running.wait()
            if files(scene) < all { break }
        }
        #expect(kills > 0)
        #expect(files(scene) < all, "something was evicted before it was killed")
        let next = try scene.reported("sync", Array(arguments.dropFirst()))
        #expect(next.status == 0, next.said)
        #expect(next.counts["present"] == 100, next.said)
        let disk = try scene.disk()
        #expect(disk.problems == [] && disk.empty == [] && disk.leftovers == [])
        #expect(disk.objects.count == 100)
        #expect(disk.objects.allSatisfy { $0.copies.count == copies - 1 })
    }

    @Test func aStopEvictsNoMore() throws {
        let (scene, bucket) = try makeScene(copies: 1)
        bucket.show(keys: 100)
        let arguments = ["sync", "s3://big/k/", "--to", "ais://m/in/deep", "--delete", "--max-delete", "99%"]
        let report = "\(scene.scratch.path)/stopped.json"
        let running = try Running(
            arguments + ["--store", scene.store, "--report", report], environment: scene.environment,
            scratch: scene.scratch)
        let before = files(scene)
        #expect(eventually { files(scene) < before || !running.isRunning })
        running.send(SIGINT)
        let ended = try running.wait()
        #expect(ended.status == 130, "\(ended.out)\(ended.err)")
        let evicted =
            try Report.decode(try #require(FileManager.default.contents(atPath: report))).counts["evicted"] ?? 0
        let left = try scene.disk()
        #expect(evicted > 0 && left.objects.count == Self.keys - evicted, "each evicted object is in the report")
        #expect(left.problems == [])
        let next = try scene.reported("sync", Array(arguments.dropFirst()))
        #expect(next.counts == ["present": 100, "evicted": Self.keys - 100 - evicted], next.said)
    }

    @Test func aRunThatIsStoppedBeforeItsEndEvictsNothing() throws {
        let scene = try Scene()
        for number in 0..<10 { try scene.put("s-\(number).bin", "\(number)") }
        let url = scene.url("s-{0..9}.bin", fault: "delay/400")
        #expect(try scene.sync(url, "--to", "ais://b").counts == ["moved": 10])
        try scene.remove("s-0.bin")
        let arguments = [url, "--to", "ais://b", "--delete", "--max-delete", "50%"]
        let run = try scene.reported("sync", arguments + ["--lanes", "1", "--deadline", "1500ms"])
        #expect(run.status == 9, run.said)
        #expect(run.counts["evicted"] == nil && run.counts["missing"] == nil, run.said)
        #expect((run.report?.summary.left ?? 0) > 0, run.said)
        #expect(try scene.disk().objects.count == 10)
        let next = try scene.reported("sync", arguments)
        #expect(next.status == 0 && next.counts == ["present": 9, "evicted": 1], next.said)
    }
}
