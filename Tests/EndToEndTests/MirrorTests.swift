import Foundation
import TestSupport
import Testing

/// Buckets whose objects have copies: made at commit, checked, mended, and gone with their object. Read back by the
/// independent decoder, which demands the right places, one metadata and record 4 in HRW order.
struct MirrorTests {
    /// Two shards that go alone on a lane, and small objects.
    private func makeScene(copies: Int, noSync: Bool = false) throws -> (Scene, [String: String]) {
        let scene = try Scene()
        try scene.putShards(count: 4)
        try scene.put("big-000000.bin", Scene.bytes(3 << 20, seed: 7))
        try scene.put("big-000001.bin", Scene.bytes(1_500_001, seed: 8))
        let made = try scene.onStore("bucket", "create", "ais://m", "mirror.enabled=true", "mirror.copies=\(copies)")
        guard made.status == 0 else { throw TestSupportError(made.err) }
        let run = try scene.reported(
            "prefetch",
            [scene.url("train-{000000..000003}.tar"), scene.url("big-{000000..000001}.bin"), "--to", "ais://m/deep/er"]
                + (noSync ? ["--no-sync"] : []))
        guard run.status == 0 else { throw TestSupportError("\(run.said)") }
        let names = (0..<4).map { shard($0) } + ["big-000000.bin", "big-000001.bin"]
        return (scene, Dictionary(uniqueKeysWithValues: names.map { ("deep/er/\($0)", $0) }))
    }

    @Test(arguments: [(2, false), (3, false), (3, true)])
    func everyObjectHasItsCopies(copies: Int, noSync: Bool) throws {
        let (scene, contents) = try makeScene(copies: copies, noSync: noSync)
        let disk = try scene.expectStored(contents)
        for object in disk.objects {
            #expect(object.copies.count == copies - 1, "\(object.name)")
            let place = object.path.dropFirst(object.mountpath.count)
            for copy in object.copies {
                #expect(copy.hasSuffix(place))
                #expect(FileManager.default.contentsEqual(atPath: copy, andPath: object.path))
            }
        }
        let verified = try scene.verify()
        #expect(verified.status == 0, verified.said)
        #expect(verified.counts == ["present": contents.count], "one record an object: \(verified.said)")

        let evicted = try scene.onStore("evict", "ais://m/deep/er/train-")
        #expect(evicted.status == 0, "\(evicted.err)")
        try scene.expectStored(contents.filter { !$0.value.hasPrefix("train-") })
        let removed = try scene.onStore("bucket", "rm", "ais://m")
        #expect(removed.out.contains("2 objects"), "\(removed.out)\(removed.err)")
        try scene.expectStored([:])
    }

    enum Damage: String, CaseIterable { case missing, flipped, noMetadata, shortened, replaced }

    @Test(arguments: Damage.allCases)
    func aCopyIsMendedFromItsMainWithoutTheSource(_ damage: Damage) throws {
        let (scene, contents) = try makeScene(copies: 3)
        let objects = try scene.disk().objects
        let victim = try #require(objects.first { $0.name.hasSuffix(shard(2)) })
        let copy = try #require(victim.copies.last)
        switch damage {
        case .missing: try FileManager.default.removeItem(atPath: copy)
        case .flipped:
            let code = "f = open(p, 'r+b'); f.seek(700); b = f.read(1); f.seek(700); f.write(bytes([b[0] ^ 1]))"
            try TestSupport.runChecked(TestSupport.python, ["-c", "import sys; p = sys.argv[1]; \(code)", copy])
        case .noMetadata:
            try TestSupport.runChecked(
                TestSupport.python, ["-c", "import os, sys; os.removexattr(sys.argv[1], 'user.ais.lom')", copy])
        case .shortened: try TestSupport.runChecked("truncate", ["-s", "512", copy])
        case .replaced:
            let other = try #require(objects.first { $0.name.hasSuffix(shard(1)) }).path
            try TestSupport.runChecked("cp", ["--preserve=all", other, copy])
        }
        let found = try scene.verify()
        #expect(found.status == 3, found.said)
        #expect(found.counts == ["present": contents.count - 1, "failed": 1], found.said)
        #expect(found.record(shard(2))?.reason?.contains(copy) == true, found.said)

        let before = try scene.requests().count
        let repaired = try scene.verify("--repair")
        #expect(repaired.status == 0, repaired.said)
        #expect(repaired.counts == ["present": contents.count - 1, "updated": 1], repaired.said)
        #expect(try scene.requests().count == before, "the source is not asked")
        try scene.expectStored(contents)
    }

    @Test func aDamagedMainIsFetchedAgainWithItsCopies() throws {
        let (scene, contents) = try makeScene(copies: 2)
        let main = try #require(try scene.disk().objects.first { $0.name.hasSuffix(shard(2)) }).path
        try TestSupport.runChecked("truncate", ["-s", "512", main])
        let repaired = try scene.verify("--repair")
        #expect([0, 3].contains(repaired.status), repaired.said)
        try scene.expectStored(contents)
        #expect(try scene.verify().status == 0)
    }

    @Test func aCopyWithoutItsMainIsSweptByTheNextRun() throws {
        let (scene, contents) = try makeScene(copies: 3)
        let main = try #require(try scene.disk().objects.first { $0.name.hasSuffix(shard(2)) }).path
        try FileManager.default.removeItem(atPath: main)
        let run = try scene.prefetch(scene.url("big-000000.bin"), "--to", "ais://m/deep/er")
        #expect(run.status == 0, run.said)
        try scene.expectStored(contents.filter { $0.value != shard(2) })
    }

    /// Objects that are there follow when `verify --repair` is told to.
    @Test func changingTheCopiesOfABucketThatHasObjects() throws {
        let scene = try Scene()
        try scene.putShards(count: 3)
        let contents = Dictionary(uniqueKeysWithValues: (0..<3).map { (shard($0), shard($0)) })
        #expect(try scene.prefetch(scene.url("train-{000000..000002}.tar"), "--to", "ais://m").status == 0)
        for change in [["mirror.enabled=true", "mirror.copies=3"], ["mirror.copies=2"], ["mirror.enabled=false"]] {
            let set = try scene.aismove(["bucket", "set", "ais://m"] + change + ["--store", scene.store])
            #expect(set.status == 0, "\(set.err)")
            #expect(set.out.contains("3 objects") && set.out.contains("aismove verify ais://m --repair"), "\(set.out)")
            #expect(try scene.verify().status == 3)
            let repaired = try scene.verify("--repair")
            #expect(repaired.status == 0, repaired.said)
            try scene.expectStored(contents)
            #expect(try scene.verify().status == 0)
        }
    }
}
