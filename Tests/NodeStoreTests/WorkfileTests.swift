import Foundation
import Hashing
import NodeStore
import ObjectModel
import Testing

struct WorkfileTests {
    @Test func aCommittedObjectIsWholeAndDescribed() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for object in ["train-0.tar", "a/b/c/train-1.tar", "ü/日本/e\u{301}", "ü/日本/\u{e9}", ".x1", "a/b/z"] {
            #expect(bucket.state(object) == .absent)
            let workfile = try bucket.createWorkfile(for: object, at: bucket.place(object))
            try workfile.append(bytes.span.bytes.extracting(..<60_000))
            #expect(bucket.state(object) == .absent && bucket.workfiles.count == 1)
            #expect(bucket.workfiles[0].hasPrefix("aismove."))
            try workfile.append(bytes.span.bytes.extracting(60_000...))
            try workfile.commit(BucketStore.lom(bytes))
            #expect(bucket.state(object).lom == BucketStore.lom(bytes))
            #expect(try bucket.content(object) == bytes)
        }
        #expect(bucket.workfiles.isEmpty)
        #expect(try bucket.names().count == 6)
        let path = bucket.fqn(bucket.place("a/b/z"))
        let script = "import os; print(json.dumps(aisdisk.lom_unpack(os.getxattr(sys.stdin.read(), 'user.ais.lom'))))"
        let decoded = try IndependentDecoderTests.ask(script, input: Array(path.utf8))
        #expect(decoded["ok"] == true && decoded["size"] == 100_000 && decoded["lid"] == 0)
        #expect(decoded["cksum_value"]?.string == Hex.encode(XXH64.hash(bytes.span.bytes)))
    }

    @Test func placementIsThatOfTheDecoder() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket("s3://#ns/data")
        let names = (0..<50).map { "dir/train-\($0).tar" }
        let input: JSONValue = [
            "names": .array(names.map { .string($0) }),
            "mountpaths": .array(bucket.store.mountpaths.map { .string($0.aisPath) }),
        ]
        let script = """
            q = json.load(sys.stdin)
            print(json.dumps([q['mountpaths'].index(aisdisk.hrw_mpath(aisdisk.uname('aws', 'data', n, '@#ns'),
                q['mountpaths'])) for n in q['names']]))
            """
        let answer = try IndependentDecoderTests.ask(script, input: input.serialized())
        #expect(answer.array?.compactMap(\.integer) == names.map { Int64(bucket.place($0).mountpathIndex) })
    }

    @Test func whatIsNotCommittedLeavesNothing() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        _ = try bucket.staged("a", [1, 2, 3])
        #expect(bucket.workfiles.isEmpty)
        let discarded = try bucket.staged("b", [1])
        try discarded.checkpoint(PartialRecord(url: "u", validator: "v"))
        discarded.discard()
        let kept = try bucket.staged("c", [1])
        kept.keepPartial()
        let wrong = try bucket.staged("d", [1])
        #expect(BucketStore.kind { try wrong.commit(BucketStore.lom([1, 2])) } == .io)
        var unrepresentable = BucketStore.lom([1])
        unrepresentable.custom["x"] = String(repeating: "y", count: 3_000)
        let long = try bucket.staged("e", [1])
        #expect(BucketStore.kind { try long.commit(unrepresentable) } == .name)
        #expect(bucket.workfiles.isEmpty)
        #expect(try bucket.names().isEmpty && sidecars(bucket).isEmpty)
    }

    @Test func doesNotReplaceUnlessAsked() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        try bucket.put("d/a", [1])
        let error = #expect(throws: StoreError.self) { try bucket.put("d/a", [2, 2], replace: false) }
        #expect(error?.kind == .conflict && error?.errno == EEXIST)
        #expect(try bucket.content("d/a") == [1])
        try bucket.put("d/a", [3, 3, 3])
        #expect(try bucket.content("d/a") == [3, 3, 3])
        #expect(bucket.workfiles.isEmpty)
    }

    @Test func conflictsOfFilesAndDirectories() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 1)
        try bucket.put("a", [1])
        try bucket.put("b/c", [1])
        #expect(BucketStore.kind { try bucket.put("a/b", [2]) } == .conflict)
        #expect(BucketStore.kind { try bucket.put("a/b/c/d", [2]) } == .conflict)
        #expect(BucketStore.kind { try bucket.put("b", [2]) } == .conflict)
        #expect(BucketStore.kind { try bucket.put("b", [2], replace: false) } == .conflict)
        for object in ["a/b", "b"] {
            guard case .blocked = bucket.state(object) else {
                Issue.record("\(object) is not blocked")
                continue
            }
        }
        #expect(bucket.workfiles.isEmpty)
        #expect(try bucket.names() == ["a", "b/c"])
    }

    @Test func longNames() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        let object = "d/" + String(repeating: "x", count: 300) + ".tar"
        let placement = bucket.place(object)
        let original = try #require(placement.originalFQN)
        #expect(placement.storedName == FQN.shortened(original) && original.hasSuffix("/%ob/" + object))
        try bucket.put(object, [1, 2])
        #expect(bucket.state(object).lom?.hasLongName == true)
        #expect(bucket.state(object).lom?.custom[CustomKeys.originalFQN] == original)
        try bucket.put("d/y", [1])
        try bucket.put("d/w", [1])
        #expect(try bucket.names() == ["d/w", object, "d/y"])
        #expect(try bucket.names(prefix: "d/x") == [object])
        #expect(try bucket.evict(object, at: placement) && bucket.state(object) == .absent)
        let hopeless = String(repeating: "d/", count: 1_500) + String(repeating: "x", count: 300)
        #expect(bucket.place(hopeless).refusal != nil)
        #expect(BucketStore.kind { try bucket.put(hopeless) } == .name)
    }

    @Test func aRemovedBucketIsNeverMadeAgain() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 1)
        try bucket.put("d/a", [1])
        let root = bucket.store.mountpaths[0].hostPath + "/@ais/imagenet"
        let late = try bucket.staged("d/b", [1])
        let fresh = try bucket.staged("e/b", [1])
        // As a node does it: moved away whole, then removed.
        try FileManager.default.moveItem(atPath: root, toPath: scratch.path + "/trash")
        #expect(BucketStore.kind { try late.commit(BucketStore.lom([1])) } == .bucketRemoved)
        try FileManager.default.removeItem(atPath: scratch.path + "/trash")
        #expect(BucketStore.kind { try fresh.commit(BucketStore.lom([1])) } != nil)
        #expect(BucketStore.kind { try bucket.put("f") } == .bucketRemoved)
        #expect(!FileManager.default.fileExists(atPath: root))
        _ = try StoreScratch.bucket("ais://imagenet", in: bucket.store)
        #expect(BucketStore.kind { try bucket.put("f") } == .bucketRemoved)
    }

    @Test func remakesDirectoriesThatAnotherRunRemoved() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 1)
        let other = try StoreScratch.bucket("ais://imagenet", in: NodeStore.open(directory: bucket.store.directory))
        for round in 0..<3 {
            try bucket.put("d/e/f", [UInt8(round)])
            #expect(try other.evict("d/e/f", at: other.place("d/e/f")))
            #expect(StoreScratch.tree(bucket.fqn(bucket.place("d"))).isEmpty)
        }
        try bucket.put("d/e/f", [9])
        #expect(try bucket.content("d/e/f") == [9] && other.content("d/e/f") == [9])
    }

    private func sidecars(_ bucket: BucketStore) -> [String] {
        bucket.store.mountpaths.flatMap { StoreScratch.tree($0.hostPath + "/.aismove") }.filter {
            $0.hasPrefix("partial.")
        }
    }
}
