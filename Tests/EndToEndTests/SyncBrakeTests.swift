import Foundation
import TestSupport
import Testing

/// What keeps a `sync` from evicting: listings that are not complete or list nothing, the share that may go, a dry run.
struct SyncBrakeTests {
    private static let keys = 4000

    private func makeScene(keys: Int = keys) throws -> (Scene, MadeUpBucket) {
        let bucket = try MadeUpBucket(keys: keys)
        let scene = try Scene(bucket)
        let first = try scene.sync("s3://big/k/", "--no-sync", "--delete")
        guard first.counts == ["moved": keys] else { throw TestSupportError("\(first.said)") }
        return (scene, bucket)
    }

    @Test(arguments: [MadeUpBucket.Fault.failing, .cut, .repeating, .unsorted])
    func anIncompleteListingEvictsNothing(_ fault: MadeUpBucket.Fault) throws {
        let (scene, bucket) = try makeScene()
        let before = try scene.everything()
        bucket.show(keys: Self.keys, fault: fault)
        let run = try scene.sync("s3://big/k/", "--retries", "1", "--delete", "--max-delete", "100%")
        #expect(run.status == 10, run.said)
        #expect(run.result.out.contains("nothing was evicted: a listing is not complete"), run.said)
        #expect(run.counts["evicted"] == nil && run.counts["missing"] == nil, run.said)
        #expect(try scene.everything() == before)
    }

    @Test func aSourceThatListsNothingIsABrakeNotAPurge() throws {
        let (scene, bucket) = try makeScene(keys: 30)
        let before = try scene.everything()
        bucket.show(keys: 0)
        for arguments in [["--delete", "--max-delete", "100%"], ["--delete"], []] {
            let run = try scene.reported("sync", ["s3://big/k/"] + arguments)
            #expect(run.status == 10, run.said)
            #expect(run.counts == ["missing": 30], run.said)
            let words = "s3://big/k/ lists nothing, and the store has 30 objects from there"
            #expect(run.result.out.contains(words) && run.result.out.contains("aismove evict s3://big/k/"), run.said)
        }
        #expect(try scene.everything() == before)
        let quiet = try scene.onStore("sync", "s3://big/k/", "--delete", "--quiet")
        #expect(quiet.status == 10 && quiet.out.isEmpty && quiet.err.contains("lists nothing"), "\(quiet.err)")
        bucket.show(keys: 30)
        let back = try scene.sync("s3://big/k/", "--delete")
        #expect(back.status == 0 && back.counts == ["present": 30], back.said)
    }

    @Test func neverMoreThanMaxDelete() throws {
        let (scene, bucket) = try makeScene(keys: 100)
        bucket.show(keys: 97)
        let before = try scene.everything()
        let held = try scene.sync("s3://big/k/", "--delete")
        #expect(held.status == 10 && held.counts == ["present": 97, "missing": 3], held.said)
        #expect(held.result.out.contains("3 of 100 objects"), held.said)
        #expect(held.result.out.contains("--max-delete 2% allows 2"), held.said)
        #expect(held.result.out.contains("run again with --max-delete 3%"), held.said)
        let brake = held.report?.summary.brake
        #expect(brake?.contains("3 of 100") == true)
        #expect(held.record("k/00000099")?.kept == true)
        #expect(try scene.everything() == before)

        bucket.show(keys: 98)
        let two = try scene.sync("s3://big/k/", "--delete")
        #expect(two.status == 0 && two.counts == ["present": 98, "evicted": 2], two.said)
        bucket.show(keys: 50)
        let most = try scene.sync("s3://big/k/", "--delete", "--max-delete", "49%")
        #expect(most.status == 0 && most.counts == ["present": 50, "evicted": 48], most.said)
        let disk = try scene.disk()
        #expect(disk.problems == [] && disk.objects.count == 50 && disk.empty == [])
    }

    @Test(arguments: ["2", "101%", "-1%", "two"])
    func aShareThatIsNone(_ text: String) throws {
        let scene = try Scene(mountpaths: 1)
        let run = try scene.sync("s3://big", "--delete", "--max-delete=\(text)")
        #expect(run.status == 2 && run.err.contains("--max-delete"), run.said)
    }

    @Test func aDryRunSaysAndChangesNothing() throws {
        let bucket = try MadeUpBucket(keys: 10)
        let scene = try Scene(bucket)
        let blank = try scene.everything()
        let fresh = try scene.sync("s3://big/k/", "--delete", "--dry-run")
        #expect(fresh.status == 0 && fresh.counts == ["moved": 10], fresh.said)
        #expect(fresh.result.out.contains("would be moved: s3://big/k/00000003\n"), fresh.said)
        #expect(try scene.everything() == blank, "not even the BMD")
        #expect(bucket.objectRequests == 0)

        #expect(try scene.sync("s3://big/k/").counts == ["moved": 10])
        bucket.show(keys: 9)
        let before = try scene.everything()
        let asked = bucket.objectRequests
        let dry = try scene.sync("s3://big/k/", "--delete", "--max-delete", "10%", "--dry-run")
        #expect(dry.status == 0 && dry.counts == ["present": 9, "evicted": 1], dry.said)
        #expect(dry.result.out.contains("would be evicted: s3://big/k/00000009\n"), dry.said)
        #expect(!dry.result.out.contains("k/00000003"), dry.said)
        let braked = try scene.sync("s3://big/k/", "--delete", "--dry-run")
        #expect(braked.status == 10 && braked.counts == ["present": 9, "missing": 1], braked.said)
        let json = try scene.onStore("sync", "s3://big/k/", "--delete", "--max-delete", "10%", "--dry-run", "--json")
        let lines = try json.out.split(separator: "\n").map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
        #expect(lines.count == 11)
        #expect(try scene.everything() == before)
        #expect(bucket.objectRequests == asked)
    }
}
