import Foundation
import NodeStore
import ObjectModel
import Testing

struct SmallBatchTests {
    private func seal(_ bucket: BucketStore, _ object: String, _ bytes: [UInt8]) throws -> Workfile {
        let workfile = try bucket.staged(object, bytes)
        try workfile.seal(BucketStore.lom(bytes))
        return workfile
    }

    @Test(arguments: [true, false]) func commitsSeveralTogether(sync: Bool) throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(sync: sync)
        let batch = SmallBatch()
        for index in 0..<8 { batch.add(try seal(bucket, "d\(index % 3)/\(index)", [UInt8(index)])) }
        #expect(try bucket.names().isEmpty && batch.count == 8)
        let outcomes = batch.commit()
        #expect(outcomes.map(\.object) == (0..<8).map { "d\($0 % 3)/\($0)" })
        #expect(outcomes.allSatisfy { $0.error == nil } && batch.count == 0)
        for index in 0..<8 { #expect(bucket.state("d\(index % 3)/\(index)").lom?.size == 1) }
        #expect(bucket.workfiles.isEmpty)
    }

    @Test func eachObjectFailsOnItsOwn() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 1)
        try bucket.put("there", [1])
        try bucket.put("dir/x", [1])
        let batch = SmallBatch()
        batch.add(try seal(bucket, "good", [1]))
        batch.add(try seal(bucket, "there", [2, 2]), replace: false)
        batch.add(try seal(bucket, "dir", [3]))
        batch.add(try seal(bucket, "there/below", [3]))
        batch.add(try seal(bucket, "there", [4, 4, 4]), replace: true)
        #expect(batch.commit().map { $0.error?.kind } == [nil, .conflict, .conflict, .conflict, nil])
        #expect(try bucket.content("there") == [4, 4, 4])
        #expect(bucket.workfiles.isEmpty)
        _ = try seal(bucket, "never batched", [1])
        #expect(bucket.workfiles.isEmpty)
    }

    @Test func aBatchIntoARemovedBucketFails() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 1)
        let batch = SmallBatch()
        batch.add(try seal(bucket, "a", [1]))
        batch.add(try seal(bucket, "d/a", [1]))
        try FileManager.default.moveItem(
            atPath: bucket.store.mountpaths[0].hostPath + "/@ais/imagenet", toPath: scratch.path + "/trash")
        #expect(batch.commit().map { $0.error?.kind } == [.bucketRemoved, .bucketRemoved])
    }

    @Test func manyLanesAtOnce() async throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<8 {
                group.addTask {
                    for round in 0..<5 {
                        let batch = SmallBatch()
                        for index in 0..<8 {
                            let bytes = Array("\(lane) \(round) \(index)".utf8)
                            let workfile = try bucket.staged("r\(round)/i\(index)/\(lane)", bytes)
                            try workfile.seal(BucketStore.lom(bytes))
                            batch.add(workfile)
                        }
                        #expect(batch.commit().allSatisfy { $0.error == nil })
                    }
                }
            }
            try await group.waitForAll()
        }
        let names = try bucket.names()
        #expect(names.count == 320 && names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(try names.allSatisfy { try bucket.open($0, at: bucket.place($0)).size == bucket.state($0).lom?.size })
        #expect(bucket.workfiles.isEmpty)
    }

    @Test(arguments: [true, false]) func mirroredObjects(batched: Bool) throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket("ais://mir", copies: 2)
        let bytes: [UInt8] = Array(repeating: 7, count: 300_000)
        for index in 0..<6 {
            let object = "d/\(index)"
            if batched {
                let batch = SmallBatch()
                batch.add(try seal(bucket, object, bytes))
                #expect(batch.commit().allSatisfy { $0.error == nil })
            } else {
                try bucket.put(object, bytes)
            }
            let placement = bucket.place(object)
            let places = [placement.mountpathIndex] + placement.copies
            #expect(Set(places).count == 2)
            let lom = try #require(bucket.state(object).lom)
            #expect(lom.copies == places.map { "\(bucket.store.mountpaths[$0].aisPath)/@ais/mir/%ob/\(object)" })
            let reader = try bucket.open(storedName: object, on: places[1])
            #expect(reader.size == 300_000)
            #expect(try LOM(decoding: #require(try reader.attribute())) == lom)
        }
        var roles: [WalkedObject.Role] = []
        try bucket.walk {
            roles.append($0.role)
            return true
        }
        #expect(roles == (0..<6).flatMap { _ in [WalkedObject.Role.main, .copy] })
        // A copy without its main one is swept.
        try FileManager.default.removeItem(atPath: bucket.fqn(bucket.place("d/3")))
        #expect(try bucket.sweep() == 1)
        #expect(try bucket.names().count == 10)
        #expect(try bucket.evict("d/1", at: bucket.place("d/1")))
        #expect(try bucket.names().count == 8 && bucket.sweep() == 0)
    }
}
