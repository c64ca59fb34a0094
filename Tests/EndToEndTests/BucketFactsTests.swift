import Foundation
import TestSupport
import Testing

/// What a node finds: buckets in the BMD, names, versions and custom metadata.
struct BucketFactsTests {
    @Test func anAISBucketTakesWebObjects() throws {
        let scene = try Scene()
        try scene.putShards(count: 2)
        let run = try scene.prefetch(scene.url("train-{000000..000001}.tar"), "--to", "ais://b/sub")
        #expect(run.status == 0, run.said)
        let disk = try scene.expectStored(["sub/\(shard(0))": shard(0), "sub/\(shard(1))": shard(1)])
        let bmd = try #require(disk.bmd.first)
        #expect(bmd.version == "2")
        let bucket = try #require(bmd.buckets.first)
        #expect((bucket.provider, bucket.ns, bucket.name) == ("ais", "@#", "b"))
        #expect(bucket.bid == String(UInt64(1) << 63 | 1))
        let object = try #require(disk.object("sub/\(shard(1))"))
        #expect(object.version == "1")
        #expect(object.checksum.hasPrefix("xxhash"))
        #expect(object.custom["source"] == "web")
        #expect(object.custom["orig_url"] == scene.url(shard(1)))
        #expect(object.custom["LastModified"]?.isEmpty == false)
        let etag = try #require(object.custom["ETag"])
        #expect(etag.range(of: "^[0-9a-f]+-[0-9a-f]+$", options: .regularExpression) != nil, "unquoted: \(etag)")
        #expect(object.custom["verified_by"]?.isEmpty == false)
        let source = try #require(object.custom["aismove_src"])
        #expect(source.range(of: "^[0-9a-f]{16}$", options: .regularExpression) != nil)
    }

    @Test func withoutToEachDirectoryIsAnHTBucket() throws {
        let scene = try Scene()
        try scene.putShards("a/train-", count: 1)
        try scene.putShards("b/train-", count: 1)
        let run = try scene.prefetch(scene.url("a/\(shard(0))"), scene.url("b/\(shard(0))"))
        #expect(run.status == 0, run.said)
        #expect(run.err.contains("5.0") && run.err.contains("--to"), "one line of notice about AIStore 5.0")
        let disk = try scene.disk()
        #expect(disk.problems == [])
        let expected = try ["a", "b"].map { try HT.bucket(scene.url("\($0)/")) }
        #expect(Set(disk.objects.map(\.bucket)) == Set(expected.map { "ht/@#/\($0)" }))
        let buckets = try #require(disk.bmd.first).buckets
        #expect(buckets.map(\.bid).sorted() == ["1", "2"])
        #expect(try #require(disk.bmd.first).version == "3")
        for bucket in buckets {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            let props = try decoder.decode(Props.self, from: Data(bucket.props.utf8))
            let folder = bucket.name == expected[0] ? "a" : "b"
            #expect(props.extra.http?.originalUrl == scene.url("\(folder)/"))
        }
        let object = try #require(disk.object(shard(0)))
        #expect(object.custom["source"] == "ht")
        #expect(object.version == nil)
        #expect(object.custom["orig_url"]?.hasSuffix("/\(shard(0))") == true)
    }

    private struct Props: Decodable {
        struct Extra: Decodable {
            struct HTTP: Decodable { var originalUrl: String }
            var http: HTTP?
        }
        var extra: Extra
    }

    @Test func mountpathsOfANodeInAContainerDecidePlacement() throws {
        let paths = try TestSupport.scratch("host")
        let scene = try Scene(on: (1...3).map { "\(paths.path)/d\($0)=/ais/mp\($0)" })
        for number in 0..<40 { try scene.put("\(number).bin", Scene.bytes(64, seed: UInt64(number + 7))) }
        let run = try scene.prefetch(scene.url("{0..39}.bin"), "--to", "ais://b")
        #expect(run.status == 0, run.said)
        let disk = try scene.expectStored(
            Dictionary(uniqueKeysWithValues: (0..<40).map { ("\($0).bin", "\($0).bin") }))
        #expect(Set(disk.objects.map(\.mountpath)).count == 3)
    }

    @Test func anotherSchemeForTheSameBucketIsRefused() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        #expect(try scene.prefetch(scene.url("x.bin")).status == 0)
        let before = try scene.requests(1).count
        let other = try scene.onStore("prefetch", "https" + scene.url("x.bin").dropFirst(4))
        #expect(other.status == 2, "\(other.err)")
        #expect(other.err.contains(scene.url()) && other.err.contains("--to"), "\(other.err)")
        #expect(try scene.requests().count == before)
    }

    @Test func aFormatWithoutHTRefusesBeforeMoving() throws {
        let scene = try Scene(mountpaths: 1, initialise: false)
        try scene.aismove(["store", "init", scene.store, "--mountpath", scene.hosts[0], "--format", "5.0"])
        try scene.put("x.bin", "x")
        let refused = try scene.onStore("prefetch", scene.url("x.bin"))
        #expect(refused.status == 2, "\(refused.err)")
        #expect(refused.err.contains("--to"))
        #expect(try scene.requests() == [])
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://b").status == 0)
    }

    @Test func aLongNameIsStoredUnderItsHash() throws {
        let scene = try Scene()
        try scene.put("x.bin", "long")
        let long = "d/" + String(repeating: "n", count: 280) + ".bin"
        let list = try scene.scratch.write("list.json", "{\"\(long)\": \"\(scene.url("x.bin"))\"}")
        let run = try scene.prefetch("--from", list, "--to", "ais://b")
        #expect(run.status == 0, run.said)
        let disk = try scene.expectStored([long: "x.bin"])
        #expect(disk.objects.first?.path.contains("/%ob/.x") == true)
        let cat = try scene.onStore("cat", "ais://b/\(long)")
        #expect(cat.out == "long", "\(cat.err)")
        #expect(try scene.prefetch("--from", list, "--to", "ais://b").counts == ["present": 1])
    }

    @Test func ownerAndGroupAreThoseOfTheMountpath() throws {
        let scene = try Scene(mountpaths: 2, initialise: false)
        for host in scene.hosts {
            try FileManager.default.setAttributes(
                [.ownerAccountID: 1234, .groupOwnerAccountID: 2345], ofItemAtPath: host)
        }
        try scene.aismove(["store", "init", scene.store] + scene.hosts.flatMap { ["--mountpath", $0] })
        try scene.putShards(count: 4)
        let run = try scene.prefetch(scene.url("train-{000000..000003}.tar"), "--to", "ais://b/deep/down")
        #expect(run.status == 0, run.said)
        try scene.expectStored(
            Dictionary(uniqueKeysWithValues: (0..<4).map { ("deep/down/\(shard($0))", shard($0)) }))
    }
}

/// `ht` bucket names by the independent Python.
enum HT {
    static func bucket(_ directory: String) throws -> String {
        let code = """
            import sys, base64; sys.path.insert(0, sys.argv[1]); import aisdisk
            print(base64.urlsafe_b64encode(b'%x' % aisdisk.digest(sys.argv[2].split('://')[1])).rstrip(b'=').decode())
            """
        let tools = "\(TestSupport.repositoryRoot)/Tests/Tools"
        let result = try TestSupport.runChecked(TestSupport.python, ["-B", "-c", code, tools, directory])
        return result.out.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
