import NodeStore
import ObjectModel
import TestSupport
import Testing

@testable import Mover

/// An object that somebody else has placed between the survey and the commit: a node that was asked for it.
@Suite struct SealedObjectTests {
    private func makeBucket(_ scratch: ScratchDirectory) throws -> BucketStore {
        let store = try NodeStore.initialise(directory: "\(scratch.path)/store")
        let bucket = try Bucket(provider: .ais, name: "b")
        let registered = try store.register([BucketRequest(bucket)], now: 1)
        return try store.openBucket(try #require(registered.first))
    }

    private func seal(_ text: String, checksum: String, in bucket: BucketStore) throws -> SealedObject {
        let workfile = try bucket.createWorkfile(for: "x", at: bucket.place("x"))
        try workfile.append(Array(text.utf8).span.bytes)
        let lom = LOM(checksumType: .xxhash2, checksumValue: checksum, size: Int64(text.utf8.count))
        try workfile.seal(lom)
        let record = ShardRecord(source: "", object: "ais://b/x", outcome: .moved)
        return SealedObject(workfile: workfile, lom: lom, bucket: bucket, record: record)
    }

    private func commit(_ object: SealedObject) throws -> StoreError {
        let batch = SmallBatch()
        batch.add(object.workfile, replace: false)
        return try #require(batch.commit().first?.error)
    }

    @Test func theSameObjectIsFineAndAnotherOneIsNot() throws {
        let scratch = try TestSupport.scratch("sealed")
        let bucket = try makeBucket(scratch)
        let first = try seal("hello", checksum: "26c7827d889f6da3", in: bucket)
        let batch = SmallBatch()
        batch.add(first.workfile, replace: false)
        #expect(batch.commit().first?.error == nil)

        let same = try seal("hello", checksum: "26c7827d889f6da3", in: bucket)
        #expect(same.stands(despite: try commit(same)))
        let other = try seal("HELLO", checksum: "0000000000000000", in: bucket)
        #expect(try !other.stands(despite: commit(other)))
        let unrelated = try seal("hello", checksum: "26c7827d889f6da3", in: bucket)
        #expect(!unrelated.stands(despite: StoreError(.space, path: "", message: "full")))
    }
}
