import Foundation
import ObjectModel
import Testing

@testable import NodeStore

/// A bucket goes with all that is its own, and with nothing else.
struct BucketRemovalTests {
    @Test func removesEverythingOfTheBucketAndNothingElse() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let bucket = try StoreScratch.bucket("ais://#ns/gone", in: store, copies: 2)
        let other = try StoreScratch.bucket("ais://gone", in: store)
        for number in 0..<8 { try bucket.put("deep/\(number)/object") }
        try other.put("stays")
        let partial = try bucket.staged("half", [1, 2, 3])
        try partial.checkpoint(PartialRecord(url: "http://h/half", validator: "\"v\""))
        partial.keepPartial()
        for content in ContentType.allCases {
            let place = "\(store.mountpaths[0].hostPath)/@ais/#ns/gone/\(content.rawValue)"
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(place)/odd\u{7}file"))
        }
        let removal = try store.removeBucket(bucket.bucket.bucket)
        #expect(removal.objects == 8 && removal.bytes == 8 * 7)
        let bmd = try store.loadBMD().bmd
        #expect(bmd.version == removal.version && bmd.version == 4)
        #expect(bmd.buckets.map(\.bucket.cname) == ["ais://gone"])
        for mountpath in store.mountpaths {
            let tree = StoreScratch.tree(mountpath.hostPath)
            #expect(!tree.contains { $0.contains("#ns") || $0.contains("removed.") || $0.contains("partial.") })
        }
        #expect(other.state("stays").isPresent)
        #expect(BucketStore.kind { _ = try store.removeBucket(bucket.bucket.bucket) } == .usage)
        let again = try StoreScratch.bucket("ais://#ns/gone", in: store)
        #expect(try again.names() == [])
        #expect(again.bucket.bid & ~BMD.ownBit == 4, "a serial is never used twice")
    }

    /// A crash after some of the renames: the BMD still has the bucket; removing it again completes the work.
    @Test func aRemovalThatWasCutShortIsCompleted() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let bucket = try StoreScratch.bucket("ais://b", in: store)
        for number in 0..<20 { try bucket.put("o\(number)") }
        let host = store.mountpaths[0].hostPath
        try FileManager.default.moveItem(atPath: "\(host)/@ais/b", toPath: "\(host)/.aismove/removed.123")
        _ = try store.removeBucket(bucket.bucket.bucket)
        #expect(try store.loadBMD().bmd.buckets.isEmpty)
        for mountpath in store.mountpaths {
            let tree = StoreScratch.tree(mountpath.hostPath)
            #expect(!tree.contains { $0.contains("removed.") || $0.contains("@ais/b") }, "\(tree)")
        }
    }

    @Test func theNextSweepDeletesWhatWasSetAside() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        let aside = "\(bucket.store.mountpaths[1].hostPath)/.aismove/removed.9/%ob/deep"
        try FileManager.default.createDirectory(atPath: aside, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: "\(aside)/object"))
        _ = try bucket.sweep()
        #expect(!FileManager.default.fileExists(atPath: aside))
    }

    @Test(arguments: [ContentType.object, .ecSlice, .chunk])
    func dataIsNotOrphaned(_ content: ContentType) throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        let place = "\(bucket.store.mountpaths[2].hostPath)/\(FQN.bucketDirectory(bucket.bucket.bucket, content))/deep"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let file = "\(place)/data"
        try Data("x".utf8).write(to: URL(fileURLWithPath: file))
        let error = #expect(throws: StoreError.self) {
            try bucket.store.removeBucket(bucket.bucket.bucket, onlyEmpty: true)
        }
        #expect(error?.kind == .usage && error?.path == file)
        #expect(FileManager.default.fileExists(atPath: file))
        try FileManager.default.removeItem(atPath: file)
        _ = try bucket.store.removeBucket(bucket.bucket.bucket, onlyEmpty: true)
        #expect(try bucket.store.loadBMD().bmd.buckets.isEmpty)
    }
}

/// The further copies of a mirrored bucket, mended from the main one.
struct CopyMendingTests {
    private func copies(_ bucket: BucketStore, _ object: String) -> [String] {
        bucket.place(object).copies.map { bucket.sides[$0].objects.path(of: object) }
    }

    @Test func aMissingCopyIsNoticedAndMade() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(copies: 3)
        try bucket.put("a/b")
        let placement = bucket.place("a/b")
        let lom = try #require(bucket.state("a/b").lom)
        #expect(bucket.copiesProblem(lom, at: placement) == nil)
        let copy = try #require(copies(bucket, "a/b").last)
        try FileManager.default.removeItem(atPath: copy)
        #expect(bucket.copiesProblem(lom, at: placement)?.contains(copy) == true)
        try bucket.mendCopies("a/b")
        #expect(FileManager.default.contents(atPath: copy) == Data("content".utf8))
        #expect(bucket.state("a/b").lom == lom)
        #expect(bucket.workfiles == [])
    }

    /// The number of copies changes under objects that are there.
    @Test func copiesFollowTheBucket() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        var bucket = try StoreScratch.bucket("ais://b", in: store)
        try bucket.put("object")
        for (wanted, changes) in [
            (3, ["mirror.enabled=true", "mirror.copies=3"]), (2, ["mirror.copies=2"]), (1, ["mirror.enabled=false"]),
        ] {
            let update = try store.setProps(bucket.bucket.bucket, try changes.map { try PropChange(parsing: $0) })
            bucket = try store.openBucket(update.after)
            let placement = bucket.place("object")
            let before = try #require(bucket.state("object").lom)
            #expect(bucket.copiesProblem(before, at: placement) != nil)
            try bucket.mendCopies("object")
            let after = try #require(bucket.state("object").lom)
            #expect(bucket.copiesProblem(after, at: placement) == nil)
            #expect(after.copies.count == (wanted == 1 ? 0 : wanted))
            #expect(bucket.sides.filter { (try? $0.objects.status(of: "object")) != nil }.count == wanted)
            #expect(try bucket.content("object") == Array("content".utf8))
        }
    }
}
