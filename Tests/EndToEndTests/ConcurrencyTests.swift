import Foundation
import Glibc
import TestSupport
import Testing

/// Two processes on one store.
struct ConcurrencyTests {
    @Test func twoBucketsAreRegisteredAtOnce() throws {
        let scene = try Scene()
        try scene.putShards("a/train-", count: 6)
        try scene.putShards("b/train-", count: 6)
        let runs = try ["a", "b", "c", "d"].map { name in
            let folder = name < "c" ? name : "a"
            return try scene.start(
                "prefetch", scene.url("\(folder)/train-{000000..000005}.tar"), "--to", "ais://\(name)")
        }
        for run in runs {
            let result = try run.wait()
            #expect(result.status == 0, "\(result.err)")
        }
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(disk.leftovers == [])
        #expect(disk.objects.count == 24)
        for copy in disk.bmd {
            #expect(copy.buckets.map(\.name).sorted() == ["a", "b", "c", "d"])
            #expect(copy.version == "5")
        }
    }

    /// A run that holds bucket `b`, stopped in its midst: it goes on when it is told to, however slow the machine is.
    private func holder(_ scene: Scene) throws -> Running {
        try scene.put("big.bin", Scene.bytes(3 << 20))
        let running = try scene.start("prefetch", scene.url("big.bin", fault: "slow"), "--to", "ais://b")
        #expect(eventually { !scene.workfiles().isEmpty })
        running.send(SIGSTOP)
        #expect(running.isRunning, "it ended before it was stopped")
        return running
    }

    private func goOn(_ held: Running) throws -> Running.Ended {
        held.send(SIGCONT)
        return try held.wait()
    }

    @Test func theSecondRunOnABucketWaits() throws {
        let scene = try Scene()
        let first = try holder(scene)
        let second = try scene.start("prefetch", scene.url("big.bin", fault: "slow"), "--to", "ais://b")
        #expect(eventually { second.errSoFar.contains("ais://b") }, "it says what it waits for")
        #expect(second.isRunning)
        #expect(try goOn(first).status == 0)
        let ended = try second.wait()
        #expect(ended.status == 0, "\(ended.err)")
        #expect(ended.out.contains("1 present"), "it sees what the first one moved: \(ended.out)")
        try scene.expectStored(["big.bin": "big.bin"])
    }

    @Test func onLockedFailIsExit8AndSkipIs0() throws {
        let scene = try Scene()
        let first = try holder(scene)
        let url = scene.url("big.bin", fault: "slow")
        let failed = try scene.prefetch(url, "--to", "ais://b", "--on-locked", "fail")
        #expect(failed.status == 8, failed.said)
        let skipped = try scene.prefetch(url, "--to", "ais://b", "--on-locked", "skip")
        #expect(skipped.status == 0, skipped.said)
        #expect(skipped.report?.summary.skipped == true)
        let waited = try scene.prefetch(url, "--to", "ais://b", "--deadline", "200ms")
        #expect(waited.status == 9, waited.said)
        try scene.put("other.bin", "other")
        let other = try scene.prefetch(scene.url("other.bin"), "--to", "ais://other", "--on-locked", "fail")
        #expect(other.status == 0, other.said)
        #expect(try goOn(first).status == 0)
        try scene.expectStored(["big.bin": "big.bin", "other.bin": "other.bin"])
    }

    @Test func aSignalEndsTheWaitForALock() throws {
        let scene = try Scene()
        let first = try holder(scene)
        let second = try scene.start("prefetch", scene.url("big.bin", fault: "slow"), "--to", "ais://b")
        #expect(eventually { !second.errSoFar.isEmpty }, "it says what it waits for")
        second.send(SIGINT)
        let ended = try second.wait()
        #expect(ended.status == 130, "\(ended.err)")
        #expect(ended.err.contains("ais://b"), "\(ended.err)")
        #expect(try goOn(first).status == 0)
    }

    @Test func aRunDoesNotSweepAnothersWorkfiles() throws {
        let scene = try Scene(mountpaths: 1)
        let first = try holder(scene)
        let held = scene.workfiles()
        try scene.put("x.bin", "x")
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://c").status == 0)
        #expect(Set(held).isSubset(of: scene.workfiles()))
        #expect(try goOn(first).status == 0)
        try scene.expectStored(["big.bin": "big.bin", "x.bin": "x.bin"])
    }
}
