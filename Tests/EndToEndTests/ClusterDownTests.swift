import Foundation
import TestSupport
import Testing

/// `--whole-cluster-is-down --bmd DIR`: a node's store changed while nothing of its cluster runs.
struct ClusterDownTests {
    private static func flags(_ primary: String) -> [String] { ["--bmd", primary, "--whole-cluster-is-down"] }

    @Test func thePairIsDemanded() throws {
        let node = try NodeScene()
        let scene = node.scene
        let primary = try node.primaryDirectory()
        let fresh = try Scene(mountpaths: 1)
        let cases: [(Scene, [String], Int32, String)] = [
            (scene, [], 6, "--bmd DIR --whole-cluster-is-down"),
            (scene, ["--whole-cluster-is-down"], 2, "--bmd DIR"),
            (scene, ["--whole-cluster-is-down", "--bmd", "none"], 2, "--bmd DIR"),
            (scene, ["--bmd", primary], 2, "--whole-cluster-is-down"),
            (scene, Self.flags(primary) + ["--cluster", node.cluster.url()], 2, "contradict"),
            (fresh, Self.flags(primary), 2, ".ais.vmd"),
            // It answers.
            (scene, Self.flags(primary), 6, "\(node.cluster.targetPorts["tgtOne"] ?? 0) answers"),
        ]
        for (scene, flags, status, needle) in cases {
            let result = try scene.aismove(["bucket", "create", "ais://b", "--store", scene.store] + flags)
            #expect(result.status == status && result.err.contains(needle), "\(flags): \(result.err)")
        }
        #expect(try node.disk().bmd.allSatisfy { $0.buckets.isEmpty })
    }

    @Test func onlyItsOwnPrimaryCounts() throws {
        let node = try NodeScene()
        let primary = try node.primaryDirectory()
        node.cluster.stop()
        func refused(_ needle: String) throws {
            let result = try node.scene.aismove(
                ["bucket", "create", "ais://b", "--store", node.scene.store] + Self.flags(primary))
            #expect(result.status == 6 && result.err.contains(needle), "\(result.err)")
        }
        try node.scene.scratch.write("primary/.ais.proxy_id", "pOther")
        try refused("pOther")
        try FileManager.default.removeItem(atPath: "\(primary)/.ais.proxy_id")
        try BMDFile.rewrite("\(primary)/.ais.bmd", "v['uuid'] = 'Abcdefghi'")
        try refused("UUID")
        try FileManager.default.removeItem(atPath: "\(primary)/.ais.bmd")
        try refused(".ais.bmd: is missing")
        try BMDFile.rewrite("\(primary)/.ais.smap", "v['uuid'] = 'Abcdefghi'")
        try FileManager.default.copyItem(atPath: "\(node.scene.hosts[0])/.ais.bmd", toPath: "\(primary)/.ais.bmd")
        try refused("Abcdefghi")
    }

    @Test func theHighestVersionIsTheBaseAndEverythingMayChange() throws {
        let old = Data("old".utf8)
        let node = try NodeScene(buckets: [AISCluster.Bucket("ais", "b")])
        let scene = node.scene
        try scene.put("x.bin", old)
        try scene.put("y.bin", "y")
        #expect(try node.run("prefetch", scene.url("x.bin"), "--to", "ais://b").status == 0)
        let primary = try node.primaryDirectory()
        node.cluster.stop()
        // The primary knew more than the target when all went down.
        try BMDFile.rewrite(
            "\(primary)/.ais.bmd",
            "v['version'] = '9'; v['tomorrow'] = 1; own = v['providers']['ais']['@#']; "
                + "own['late'] = dict(own['b'], bid=str(8 | 1 << 63))")
        let flags = Self.flags(primary)
        func down(_ arguments: String...) throws -> Scene.Run {
            try scene.reported(arguments[0], Array(arguments.dropFirst()) + flags)
        }
        let made = try scene.aismove(["bucket", "create", "ais://c", "--store", scene.store] + flags)
        #expect(made.status == 0 && made.out.contains("BMD version 10"), "\(made.out)\(made.err)")
        let bmd = try BMDFile("\(primary)/.ais.bmd")
        #expect(bmd.version == "10" && bmd.buckets == ["ais/@#/b", "ais/@#/c", "ais/@#/late"])
        for host in scene.hosts { #expect(try BMDFile("\(host)/.ais.bmd") == bmd) }
        try BMDFile.rewrite("\(primary)/.ais.bmd", "assert v['tomorrow'] == 1")

        try scene.put("x.bin", "changed")
        let run = try down("prefetch", scene.url("x.bin"), scene.url("y.bin"), "--to", "ais://b", "--latest")
        #expect(run.status == 0 && run.counts == ["updated": 1, "moved": 1], run.said)
        let disk = try node.disk()
        #expect(disk.object("x.bin")?.size == 7 && disk.names == ["x.bin", "y.bin"])
        let damaged = try #require(disk.object("y.bin")).path
        try TestSupport.runChecked("truncate", ["-s", "0", damaged])
        #expect(try down("verify", "ais://b", "--repair").counts == ["present": 1, "moved": 1])
        #expect(try down("evict", "ais://b/x").counts == ["evicted": 1])
        let removed = try scene.aismove(["bucket", "rm", "ais://c", "--store", scene.store] + flags)
        #expect(removed.status == 0 && removed.out.contains("BMD version 11"), "\(removed.out)\(removed.err)")
        #expect(try node.disk().names == ["y.bin"])
        // Nothing of it is remembered: without the flags the store is the cluster's again.
        let after = try scene.onStore("bucket", "create", "ais://d")
        #expect(after.status == 6, "\(after.err)")
    }

    @Test func stillOnlyWhatTheSmapGivesToThisNode() throws {
        let vector = try HRWTargets.vector()
        let node = try NodeScene(
            targets: vector.targetIds, node: vector.node, buckets: [AISCluster.Bucket("ais", "imagenet")])
        let primary = try node.primaryDirectory()
        node.cluster.stop()
        // The node's own Smap is gone; the primary has one.
        try FileManager.default.removeItem(atPath: "\(node.scene.hosts[0])/.ais.smap")
        try node.scene.putShards(count: 64, members: 1, bytes: 500)
        let list = vector.names.map { node.scene.url($0) }.joined(separator: "\n")
        let run = try node.scene.reported(
            "prefetch", ["--from", "-", "--to", "ais://imagenet"] + Self.flags(primary), input: Data(list.utf8))
        #expect(run.status == 0 && run.counts == ["moved": vector.expected.count], run.said)
        #expect(try node.disk().names == vector.expected)
    }
}
