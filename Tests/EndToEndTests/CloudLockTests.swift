import Foundation
import TestSupport
import Testing

/// Locks of buckets of S3, from a real server.
struct CloudLockTests {
    private let scene: Scene
    private let bucket = CloudSite.name()
    private let server: S3Server

    init() throws {
        server = try CloudSite.shared()
        scene = try Scene(cloud: server)
    }

    @Test func aListedBucketIsLockedMovedAndWatched() throws {
        let bodies = ["a/1": Data("one".utf8), "a/2": Data("two".utf8), "b": Data("no".utf8)]
        try scene.seed(Seed(bucket, bodies))
        let lock = try scene.lock("s3://\(bucket)/a/")
        #expect(lock.shards.map(\.url) == ["s3://\(bucket)/a/1", "s3://\(bucket)/a/2"])
        #expect(lock.shards.allSatisfy { $0.etag?.isEmpty == false })
        for secret in [server.accessKey, server.secretKey] { #expect(!lock.text.contains(secret)) }
        try scene.seed(Seed(bucket, ["a/3": Data("later".utf8)]))
        let run = try scene.prefetch("--locked", scene.lockPath)
        #expect(run.counts == ["moved": 2], run.said)
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(Set(disk.objects.map(\.bucket)) == ["aws/@#/\(bucket)"])
        #expect(try scene.prefetch("--locked", scene.lockPath).counts == ["present": 2])
        #expect(try scene.onStore("prefetch", "--locked", scene.lockPath, "--offline").status == 0)
        #expect(try scene.lock("s3://\(bucket)/a/").shards.count == 3)

        try scene.seed(Seed(bucket, ["a/1": Data("ONE".utf8)]))
        #expect(try scene.onStore("evict", "s3://\(bucket)/a/1").status == 0)
        let moved = try scene.prefetch("--locked", scene.lockPath)
        #expect(moved.status == 3, moved.said)
        #expect(moved.record("a/1")?.reason?.contains("the source has moved: locked 3 bytes") == true, moved.said)
    }

    @Test func aTemplateIntoABucketOfTheUsersOwn() throws {
        try scene.seed(Seed(bucket, ["d/s-0": Data("0".utf8), "d/s-1": Data("11".utf8)]))
        let lock = try scene.lock("s3://\(bucket)/d/s-{0..1}", "--to", "ais://mine/in")
        #expect(lock.shards.map(\.object) == ["ais://mine/in/s-0", "ais://mine/in/s-1"])
        #expect(lock.shards.map(\.size) == [1, 2])
        let run = try scene.prefetch("--locked", scene.lockPath)
        #expect(run.counts == ["moved": 2], run.said)
        #expect(try scene.disk().names == ["in/s-0", "in/s-1"])
        let again = try scene.prefetch("s3://\(bucket)/d/s-{0..1}", "--to", "ais://mine/in", "--latest")
        #expect(again.counts == ["present": 2], again.said)
    }

    @Test func aListingNeedsALockToBeUsedOffline() throws {
        let run = try scene.prefetch("s3://\(bucket)/a/", "--offline")
        #expect(run.status == 2, run.said)
        #expect(run.err.contains("--lock FILE"), run.said)
    }
}
