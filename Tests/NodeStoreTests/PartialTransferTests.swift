import Foundation
import NodeStore
import ObjectModel
import Testing

struct PartialTransferTests {
    private let record = PartialRecord(url: "https://h/a.tar", validator: "\"etag\"", size: 10)

    private func sidecar(_ bucket: BucketStore) throws -> URL {
        for mountpath in bucket.store.mountpaths {
            let own = mountpath.hostPath + "/.aismove"
            if let name = StoreScratch.tree(own).first(where: { $0.hasPrefix("partial.") }) {
                return URL(filePath: "\(own)/\(name)")
            }
        }
        throw CocoaError(.fileNoSuchFile)
    }

    /// What `kill -9` leaves: the file and its sidecar, and no lock.
    private func interrupted(_ bucket: BucketStore, _ object: String) throws {
        let workfile = try bucket.staged(object, [1, 2, 3, 4])
        try workfile.checkpoint(record)
        try workfile.append([5, 6])
        workfile.keepPartial()
    }

    @Test func continuesInTheSameBoot() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        try interrupted(bucket, "d/a.tar")
        #expect(try bucket.sweep() == 0 && bucket.workfiles.count == 1)
        #expect(try bucket.findPartial("d/b.tar", at: bucket.place("d/b.tar")) == nil)
        let placement = bucket.place("d/a.tar")
        let partial = try #require(try bucket.findPartial("d/a.tar", at: placement))
        #expect(partial.record.url == record.url && partial.record.validator == "\"etag\"")
        #expect(partial.byteCount == 6 && partial.record.syncedBytes == 4)
        // It is ours: another run neither finds nor sweeps it.
        let other = try StoreScratch.bucket("ais://imagenet", in: NodeStore.open(directory: bucket.store.directory))
        #expect(try other.findPartial("d/a.tar", at: placement) == nil && other.sweep() == 0)
        let buffer = TransferBuffer(capacity: 4)
        #expect(try partial.reader().read(into: buffer) == 4)
        let workfile = try bucket.createWorkfile(for: "d/a.tar", at: placement, continuing: partial)
        #expect(workfile.byteCount == 6)
        try workfile.append([7, 8])
        try workfile.commit(BucketStore.lom([1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(try bucket.content("d/a.tar") == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(bucket.workfiles.isEmpty && (try? sidecar(bucket)) == nil)
    }

    @Test func trustsOnlySyncedBytesAfterAReboot() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        try interrupted(bucket, "a")
        let file = try sidecar(bucket)
        var root = try JSONValue.parse(Array(Data(contentsOf: file)))
        root["bootID"] = "another"
        try Data(root.serialized()).write(to: file)
        let partial = try #require(try bucket.findPartial("a", at: bucket.place("a")))
        #expect(partial.byteCount == 4)
        let workfile = try bucket.createWorkfile(for: "a", at: bucket.place("a"), continuing: partial)
        try workfile.append([9])
        try workfile.commit(BucketStore.lom([1, 2, 3, 4, 9]))
        #expect(try bucket.content("a") == [1, 2, 3, 4, 9])
    }

    @Test func releasedStaysDiscardedGoes() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        try interrupted(bucket, "a")
        for _ in 0..<2 { #expect(try bucket.findPartial("a", at: bucket.place("a"))?.byteCount == 6) }
        try #require(try bucket.findPartial("a", at: bucket.place("a"))).discard()
        #expect(bucket.workfiles.isEmpty && (try? sidecar(bucket)) == nil)
    }

    @Test func sweepsWhatNobodyNeeds() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        let work = bucket.store.mountpaths[0].hostPath + "/@ais/imagenet/%wk"
        try Data([1]).write(to: URL(filePath: work + "/aismove.x.123.456"))
        try Data([1]).write(to: URL(filePath: work + "/put.o.123.456"))
        try interrupted(bucket, "a")
        let alive = try bucket.staged("b", [1])
        #expect(try bucket.sweep() == 1)
        #expect(bucket.workfiles.count == 3)
        let file = try sidecar(bucket)
        try Data("{}".utf8).write(to: file)
        #expect(try bucket.findPartial("a", at: bucket.place("a")) == nil)
        #expect(try bucket.sweep() == 2)
        try alive.commit(BucketStore.lom([1]))
        #expect(bucket.workfiles == ["put.o.123.456"])
        try interrupted(bucket, "c")
        let name = try #require(bucket.workfiles.first { $0.hasPrefix("aismove.") })
        for mountpath in bucket.store.mountpaths {
            try? FileManager.default.removeItem(atPath: "\(mountpath.hostPath)/@ais/imagenet/%wk/\(name)")
        }
        #expect(try bucket.findPartial("c", at: bucket.place("c")) == nil)
        #expect(try bucket.sweep() == 1)
    }

    /// A sidecar is only believed about work files of this bucket, never as a path.
    @Test func aHostileSidecarLeadsNowhere() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        try bucket.put("aismove.victim", [1])
        try interrupted(bucket, "a")
        let file = try sidecar(bucket)
        var root = try JSONValue.parse(Array(Data(contentsOf: file)))
        for name in ["../%ob/aismove.victim", "aismove./../../%ob/aismove.victim", "/etc/passwd", "", "."] {
            root["workfile"] = .string(name)
            try Data(root.serialized()).write(to: file)
            #expect(try bucket.findPartial("a", at: bucket.place("a")) == nil)
        }
        #expect(try bucket.content("aismove.victim") == [1])
    }
}
