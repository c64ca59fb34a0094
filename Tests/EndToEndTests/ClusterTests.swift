import Foundation
import TestSupport
import Testing

/// `--cluster`: beside a running node, played by the replaying server, which refuses and reports what would harm a real
/// cluster. The disk is the node's: nothing on it is ever changed but by adding.
struct ClusterTests {
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
        let vector = try HRWTargets.vector()
        let (node, names, expected) = (vector.node, vector.names, vector.expected)
        let cluster = try AISCluster(targets: vector.targetIds)
        let scene = try makeScene(cluster, node: node)
        try scene.putShards(count: 64, members: 1, bytes: 500)
        let list = names.map { scene.url($0) }.joined(separator: "\n")
        let run = try scene.reported(
            "prefetch", ["--from", "-", "--to", "ais://imagenet", "--cluster", cluster.url()], input: Data(list.utf8))
        #expect(run.status == 0, run.said)
        #expect(run.counts == ["moved": expected.count], run.said)
        #expect(run.result.out.contains("\(names.count - expected.count) shards belong to other nodes"), run.said)
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

    /// Mountpaths that do not say whose they are: then the user does.
    @Test func theNodesIDMayBeGiven() throws {
        let node = try NodeScene(targets: ["tgtOne", "tgtTwo"], buckets: [AISCluster.Bucket("ais", "b")])
        let scene = node.scene
        let code = """
            import json, os, sys
            for path in sys.argv[2:]:
                os.remove(path + '/.ais.vmd'); os.removexattr(path, 'user.ais.daemon_id')
            v = json.load(open(sys.argv[1])); v['nodeID'] = None; json.dump(v, open(sys.argv[1], 'w'))
            """
        try TestSupport.runChecked(
            TestSupport.python, ["-c", code, "\(scene.store)/aismove-store.json"] + scene.hosts)
        for number in 0..<8 { try scene.put("\(number).bin", "object \(number)") }
        let arguments = [scene.url("{0..7}.bin"), "--to", "ais://b", "--cluster", node.cluster.url()]
        let unknown = try scene.reported("prefetch", arguments)
        #expect(unknown.status == 2 && unknown.err.contains("--node-id"), unknown.said)
        let stranger = try scene.reported("prefetch", arguments + ["--node-id", "tgtNine"])
        #expect(stranger.status == 6 && stranger.err.contains("tgtNine"), stranger.said)
        let run = try scene.reported("prefetch", arguments + ["--node-id", "tgtOne"])
        let moved = try #require(run.counts["moved"])
        #expect(run.status == 0 && moved > 0 && moved < 8, run.said)
        // What is put there is what the independent decoder gives to that target.
        let owned = try TestSupport.runChecked(
            TestSupport.python,
            [
                "-B", "-c",
                """
                import sys; sys.path.insert(0, sys.argv[1]); import aisdisk
                for n in range(8):
                    if aisdisk.hrw_target(f'ais/@#/b/{n}.bin', ['tgtOne', 'tgtTwo']) == 'tgtOne': print(f'{n}.bin')
                """, "\(TestSupport.repositoryRoot)/Tests/Tools",
            ])
        #expect(try node.disk().names == owned.out.split(separator: "\n").map(String.init))
        #expect(try node.cluster.violations() == [])
    }

    /// What is for the source is not for the cluster.
    @Test func credentialsOfTheSourceDoNotReachTheNodes() throws {
        let node = try NodeScene(buckets: [AISCluster.Bucket("ais", "b")])
        let scene = node.scene
        let netrc = try scene.scratch.write(".netrc", "machine 127.0.0.1 login user password for-the-source\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: netrc)
        try scene.put("x.bin", "one")
        for text in ["one", "another"] {
            try scene.put("x.bin", text)
            let run = try node.run(
                "prefetch", scene.url("x.bin"), "--to", "ais://b", "--latest", "--header",
                "Authorization: Bearer for-the-source")
            #expect(run.status == 0, run.said)
        }
        #expect(try node.run("evict", "ais://b").status == 0)
        let asked = try node.cluster.requests()
        #expect(asked.count > 8 && asked.allSatisfy { $0.token == nil }, "\(asked)")
    }

    @Test func aMapThatChangesUnderTheRunIsTold() throws {
        let node = try NodeScene(targets: ["tgtOne", "tgtTwo"], buckets: [AISCluster.Bucket("ais", "b")])
        let scene = node.scene
        for number in 0..<8 { try scene.put("\(number).bin", Scene.bytes(2 << 20)) }
        func run(_ fault: String? = nil) throws -> Running {
            try scene.start(
                "prefetch", scene.url("{0..7}.bin", fault: fault), "--to", "ais://b", "--cluster", node.cluster.url())
        }
        let changed = try run("slow")
        #expect(eventually { !scene.workfiles().isEmpty })
        try node.cluster.setInMaintenance("tgtTwo")
        let told = try changed.wait()
        #expect(told.status == 0 && told.out.contains("ais start rebalance"), "\(told.out)\(told.err)")
        let same = try run().wait()
        #expect(same.status == 0 && !same.out.contains("rebalance"), "\(same.out)\(same.err)")
        #expect(try node.disk().names.count == 8, "all are this node's now")
    }

    /// A cluster that has gone away is asked again for a while, but no longer than the run may take.
    @Test func theDeadlineHoldsForTheClusterToo() throws {
        let node = try NodeScene(buckets: [AISCluster.Bucket("ais", "b")])
        let scene = node.scene
        let (cluster, url) = (node.cluster, scene.url("x.bin"))
        try scene.put("x.bin", "one")
        #expect(try node.run("prefetch", url, "--to", "ais://b").counts == ["moved": 1])
        try scene.put("x.bin", Scene.bytes(3 << 20))
        let run = try scene.start(
            "prefetch", scene.url("x.bin", fault: "slow"), "--to", "ais://b", "--cluster", cluster.url(), "--latest",
            "--deadline", "6s")
        #expect(eventually { !scene.workfiles().isEmpty })
        try cluster.setDown(cluster.proxyPorts + Array(cluster.targetPorts.values))
        let ended = try run.wait()
        #expect(ended.status == 9 && ended.out.contains("stopped"), "\(ended.out)\(ended.err)")
        try cluster.setDown([])
        try node.expect(["x.bin": Data("one".utf8)])
        let again = try node.run("prefetch", url, "--to", "ais://b", "--latest")
        #expect(again.counts == ["updated": 1], again.said)
    }

    @Test func theClustersTokenGoesAlongAndIsShownNowhere() throws {
        let node = try NodeScene(token: "geheim77")
        let scene = node.scene
        var said = ""
        for text in ["one", "another"] {
            try scene.put("x.bin", text)
            let run = try node.run("prefetch", scene.url("x.bin"), "--to", "ais://b", "--latest", "--verbose")
            #expect(run.status == 0, run.said)
            said += run.result.out + run.err
        }
        #expect(try node.run("evict", "ais://b").status == 0)
        let asked = try node.cluster.requests()
        #expect(Set(asked.map(\.method)) == ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        #expect(asked.allSatisfy { $0.token == "Bearer geheim77" }, "\(asked)")
        scene.environment["AIS_AUTHN_TOKEN"] = "wr0ng"
        let refused = try node.run("prefetch", scene.url("x.bin"), "--to", "ais://b")
        #expect(refused.status == 5 && refused.err.contains("AIS_AUTHN_TOKEN"), refused.said)
        said += refused.result.out + refused.err
        #expect(!said.contains("geheim77") && !said.contains("wr0ng"))
        try node.expect([:])
    }
}
