import Foundation
import TestSupport
import Testing

/// A bucket of many objects, all present.
struct SyncScaleTests {
    private static let keys = 100_000
    private static let gone = 500
    private static let memoryKiB = 96 << 10

    /// The objects are put there by the independent writer, with the metadata of one that aismove moved.
    @Test(.timeLimit(.minutes(10)))
    func manyPresentObjectsNeedNoBodyAndLittleMemory() throws {
        let bucket = try MadeUpBucket(keys: 1)
        let scene = try Scene(bucket)
        #expect(try scene.sync("s3://big/k/").counts == ["moved": 1])
        let custom = try #require(try scene.disk().object("k/00000000")).custom
        var objects = PlacedObjects("big", many: .init(prefix: "k/", first: 1, count: Self.keys - 1, custom: custom))
        objects.provider = "aws"
        try scene.place(objects)
        let asked = bucket.objectRequests

        bucket.show(keys: Self.keys - Self.gone)
        let report = "\(scene.scratch.path)/many.json"
        let second = try scene.measured(["sync", "s3://big/k/", "--delete", "--report", report])
        #expect(second.run.status == 0, "\(second.run.out)\(second.run.err)")
        #expect(second.run.out.contains("\(Self.keys - Self.gone) present, \(Self.gone) evicted"), "\(second.run.out)")
        #expect(second.peakKiB < Self.memoryKiB, "\(second.peakKiB) KiB")
        #expect(bucket.objectRequests == asked, "no body is asked for, nor a head")
        let left = try TestSupport.runChecked("find", scene.hosts + ["-path", "*%ob*", "-type", "f"])
        #expect(left.stdout.count { $0 == UInt8(ascii: "\n") } == Self.keys - Self.gone)
    }
}
