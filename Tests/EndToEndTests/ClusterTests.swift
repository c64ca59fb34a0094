import Foundation
import TestSupport
import Testing

/// `--cluster`: beside a running node, played by the replaying server, which refuses and reports what would harm a real
/// cluster. The disk is the node's: nothing on it is ever changed but by adding.
struct ClusterTests {
    private struct Target: Decodable {
        struct Placed: Decodable {
            var target: String
            var uname: String
        }
        var placed: [Placed]
        var targetIds: [String]
    }

    /// A node's mountpaths with its own files, the directories of a bucket as the node makes them, and a store on them.
    private func makeScene(
        _ cluster: AISCluster, node: String, bucket: String = "@ais/imagenet", uuid: String? = nil
    ) throws -> Scene {
        let scene = try Scene(mountpaths: 2, initialise: false)
        let code = """
            import os, sys; sys.path.insert(0, sys.argv[1]); import aisdisk
            uuid, node, bucket, paths = sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:]
            mount = lambda p: {'mountpath': p, 'mountpath_label': '', 'fs': '/dev/x', 'fs_type': 'ext4', 'fs_id': '1,1', 'enabled': True}
            si = lambda i, kind: {'daemon_id': i, 'daemon_type': kind, 'flags': '0'}
            provider, name = bucket[1:].split('/')
            bmd = {'providers': {provider: {'@#': {name: {'bid': str(1 | (1 << 63 if provider == 'ais' else 0))}}}}, 'uuid': 'Bcdefghij', 'version': '5'}
            smap = {'version': '3', 'uuid': uuid, 'creation_time': 'x', 'pmap': {'p1': si('p1', 'proxy')},
                    'tmap': {node: si(node, 'target')}, 'proxy_si': si('p1', 'proxy')}
            for p in paths:
                aisdisk.jsp_write(p + '/.ais.vmd', {'daemon_id': node, 'version': '1', 'mountpaths': {m: mount(m) for m in paths}}, 2)
                aisdisk.jsp_write(p + '/.ais.bmd', bmd, 2)
                for content in ['%ob', '%wk', '%ec', '%mt', '%ch', '%ut', '%ds', '%dw']:
                    os.makedirs(f'{p}/{bucket}/{content}', mode=0o750)
            aisdisk.jsp_write(paths[0] + '/.ais.smap', smap, 2)
            """
        let tools = "\(TestSupport.repositoryRoot)/Tests/Tools"
        try TestSupport.runChecked(
            TestSupport.python, ["-B", "-c", code, tools, uuid ?? cluster.uuid, node, bucket] + scene.hosts)
        let made = try scene.aismove(
            ["store", "init", scene.store] + scene.hosts.flatMap { ["--mountpath", $0] })
        guard made.status == 0 else { throw TestSupportError(made.err) }
        return scene
    }

    @Test func placesWhatTheVectorsGiveToThisNode() throws {
        let fixture = "\(TestSupport.repositoryRoot)/Tests/NodeStoreTests/Fixtures/hrw-targets.json"
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let all = try decoder.decode([Target].self, from: Data(contentsOf: URL(fileURLWithPath: fixture)))
        let vector = try #require(all.first { $0.targetIds.count >= 3 })
        let prefix = "ais/@#/imagenet/"
        let placed = vector.placed.filter { $0.uname.hasPrefix(prefix) }
        let node = try #require(placed.first).target
        let expected = placed.filter { $0.target == node }.map { String($0.uname.dropFirst(prefix.count)) }.sorted()
        #expect(expected.count < placed.count && !expected.isEmpty)

        let cluster = try AISCluster(targets: vector.targetIds)
        let scene = try makeScene(cluster, node: node)
        let names = placed.map { String($0.uname.dropFirst(prefix.count)) }
        try scene.putShards(count: 64, members: 1, bytes: 500)
        let list = names.map { scene.url($0) }.joined(separator: "\n")
        let run = try scene.reported(
            "prefetch", ["--from", "-", "--to", "ais://imagenet", "--cluster", cluster.url()], input: Data(list.utf8))
        #expect(run.status == 0, run.said)
        #expect(run.counts == ["moved": expected.count], run.said)
        #expect(run.result.out.contains("\(placed.count - expected.count) shards belong to other nodes"), run.said)
        #expect(try scene.disk().names == expected)
        let asked = try cluster.requests().map { "\($0.method) \($0.path.prefix { $0 != "?" })" }
        #expect(asked.contains("POST /v1/buckets/imagenet"), "\(asked)")
        #expect(try cluster.violations() == [])

        let again = try scene.reported(
            "prefetch", ["--from", "-", "--to", "ais://imagenet", "--cluster", cluster.url()], input: Data(list.utf8))
        #expect(again.counts == ["present": expected.count], again.said)
    }

    @Test func aChangedObjectGoesInThroughTheAPI() throws {
        let cluster = try AISCluster(targets: ["tgtOne"], buckets: [AISCluster.Bucket("ais", "imagenet")])
        let scene = try makeScene(cluster, node: "tgtOne")
        try scene.put("x.bin", "one")
        let arguments = [scene.url("x.bin"), "--to", "ais://imagenet", "--cluster", cluster.url(), "--latest"]
        let first = try scene.reported("prefetch", arguments)
        #expect(first.counts == ["moved": 1], first.said)
        let before = try #require(try scene.disk().object("x.bin"))
        try scene.put("x.bin", "another")
        _ = try cluster.requests()
        let run = try scene.reported("prefetch", arguments)
        #expect(run.status == 0 && run.counts == ["updated": 1], run.said)
        let methods = Set(try cluster.requests().filter { $0.path.hasPrefix("/v1/objects/") }.map(\.method))
        #expect(methods == ["PUT", "PATCH"])
        #expect(try scene.disk().object("x.bin")?.sha256 == before.sha256, "the node's file is the node's to replace")

        let evicted = try scene.onStore("evict", "ais://imagenet", "--cluster", cluster.url())
        #expect(evicted.status == 0, "\(evicted.err)")
        #expect(try cluster.requests().contains { $0.method == "DELETE" })
        #expect(try scene.disk().names == ["x.bin"], "never by unlink")
        #expect(try cluster.violations() == [])
    }

    @Test func aSyncEvictsThroughTheAPI() throws {
        let cluster = try AISCluster(targets: ["tgtOne"], buckets: [AISCluster.Bucket("ais", "imagenet")])
        let scene = try makeScene(cluster, node: "tgtOne")
        for name in ["d/1.bin", "d/2.bin"] { try scene.put(name, name) }
        let arguments = [scene.url("d/"), "--to", "ais://imagenet", "--delete", "--max-delete", "50%"]
        let beside = arguments + ["--cluster", cluster.url()]
        #expect(try scene.reported("sync", beside).counts == ["moved": 2])
        try scene.remove("d/2.bin")
        _ = try cluster.requests()
        let before = try scene.everything(but: "/.aismove/")
        let dry = try scene.reported("sync", beside + ["--dry-run"])
        #expect(dry.counts == ["present": 1, "evicted": 1], dry.said)
        #expect(try cluster.requests().allSatisfy { $0.method == "GET" })

        let refused = try scene.reported("sync", arguments)
        #expect(refused.status == 6 && refused.record("2.bin")?.class == "store", refused.said)
        #expect(refused.record("2.bin")?.reason?.contains("--cluster") == true, refused.said)
        let run = try scene.reported("sync", beside)
        #expect(run.status == 0 && run.counts == ["present": 1, "evicted": 1], run.said)
        let changes = try cluster.requests().filter { $0.method == "DELETE" }
        #expect(Set(changes.map { $0.path.prefix { $0 != "?" } }) == ["/v1/objects/imagenet/2.bin"], "\(changes)")
        #expect(try scene.everything(but: "/.aismove/") == before, "never by unlink")
        #expect(try cluster.violations() == [])
    }

    @Test func aBucketWithARemoteBackendIsNeverPutInto() throws {
        let cluster = try AISCluster(targets: ["tgtOne"], buckets: [AISCluster.Bucket("ais", "imagenet")])
        let scene = try makeScene(cluster, node: "tgtOne")
        let set = try scene.onStore(
            "bucket", "set", "ais://imagenet", "backend_bck=s3://data", "--cluster", cluster.url())
        #expect(set.out == "backend_bck: none -> s3://data\n", "\(set.out)\(set.err)")
        try scene.put("x.bin", "one")
        let arguments = [scene.url("x.bin"), "--to", "ais://imagenet", "--cluster", cluster.url(), "--latest"]
        let first = try scene.reported("prefetch", arguments)
        #expect(first.counts == ["moved": 1], first.said)
        try scene.put("x.bin", "another")
        _ = try cluster.requests()
        // The replaying server has no disk to evict from: the object still stands, and is not replaced.
        let run = try scene.reported("prefetch", arguments)
        #expect(run.counts == ["failed": 1] && run.record("x.bin")?.class == "conflict", run.said)
        let methods = Set(try cluster.requests().filter { $0.path.hasPrefix("/v1/objects/") }.map(\.method))
        #expect(methods == ["DELETE"])
        #expect(try cluster.violations() == [])
    }

    @Test func strangersAreRefused() throws {
        let cluster = try AISCluster(targets: ["tgtOne"])
        let other = try makeScene(cluster, node: "tgtOne", uuid: "Another01")
        let stranger = try makeScene(cluster, node: "tgtTwo")
        let fresh = try Scene(mountpaths: 1)
        for (scene, status, needle) in [(other, 6, "Another01"), (stranger, 6, "tgtTwo"), (fresh, 2, ".ais.vmd")] {
            try scene.put("x.bin", "x")
            let run = try scene.prefetch(scene.url("x.bin"), "--to", "ais://imagenet", "--cluster", cluster.url())
            #expect(run.status == status && run.err.contains(needle), run.said)
        }
        #expect(try cluster.requests().allSatisfy { $0.method == "GET" })
    }
}
