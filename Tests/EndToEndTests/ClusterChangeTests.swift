import Foundation
import TestSupport
import Testing

/// `--cluster` where something changes or goes: through the API of a node that keeps its own disk, which is read back.
struct ClusterChangeTests {
    private static func isObject(_ request: AISCluster.Request) -> Bool { request.path.hasPrefix("/v1/objects/") }

    /// A hundred MiB: it does not pass through memory, and no byte of it goes to a proxy.
    @Test func aChangedObjectOfAnySizeIsPutFromItsFile() throws {
        let node = try NodeScene(buckets: [AISCluster.Bucket("ais", "b")])
        let scene = node.scene
        try scene.put("x.bin", "one")
        #expect(try node.run("prefetch", scene.url("x.bin"), "--to", "ais://b").counts == ["moved": 1])
        let large = Scene.bytes(100 << 20)
        try scene.put("x.bin", large)
        _ = try node.changes()
        let (run, peakKiB) = try scene.measured(
            ["prefetch", scene.url("x.bin"), "--to", "ais://b", "--latest", "--cluster", node.cluster.url()])
        #expect(run.status == 0, "\(run.out)\(run.err)")
        #expect(peakKiB < 96 << 10, "\(peakKiB) KiB")
        let changes = try node.changes()
        let shown = changes.map {
            "\($0.method) \(node.cluster.targetPorts[$0.node] == nil ? "proxy" : "target") \($0.bytes)"
        }
        #expect(shown.prefix(2) == ["PUT proxy 0", "PUT target \(large.count)"] && changes.count == 4, "\(shown)")
        #expect(changes.dropFirst(2).allSatisfy { $0.method == "PATCH" })
        let object = try #require(try node.expect(["x.bin": large]).object("x.bin"))
        #expect(object.version == "2" && object.custom["source"] == "web", "\(object.custom)")
        #expect(object.custom["ETag"] != nil && object.custom["aismove_src"] != nil)
        // The custom keys went along: next time it is known.
        let again = try node.run("prefetch", scene.url("x.bin"), "--to", "ais://b", "--latest")
        #expect(again.counts == ["present": 1], again.said)
        #expect(try node.changes().isEmpty)
    }

    @Test func smallOnesKeepTheirBodyFromTheProxyToo() throws {
        let node = try NodeScene(targets: ["tgtOne", "tgtTwo"], buckets: [AISCluster.Bucket("ais", "b")])
        let scene = node.scene
        for number in 0..<16 { try scene.put("\(number).bin", "one \(number)") }
        let first = try node.run("prefetch", scene.url("{0..15}.bin"), "--to", "ais://b")
        let count = try #require(first.counts["moved"])
        #expect(count > 0 && count < 16, first.said)
        var contents: [String: Data] = [:]
        for number in 0..<16 {
            let text = "another \(number)"
            try scene.put("\(number).bin", text)
            contents["\(number).bin"] = Data(text.utf8)
        }
        _ = try node.changes()
        let run = try node.run("prefetch", scene.url("{0..15}.bin"), "--to", "ais://b", "--latest")
        #expect(run.status == 0 && run.counts == ["updated": count], run.said)
        let puts = try node.changes().filter { $0.method == "PUT" }
        #expect(puts.filter { $0.node == "tgtOne" && $0.bytes > 0 }.count == count)
        #expect(puts.filter { $0.node.hasPrefix("p") && $0.bytes == 0 }.count == count && puts.count == 2 * count)
        let names = try node.disk().names
        try node.expect(contents.filter { names.contains($0.key) })
    }

    enum Damage { case flipped, shortened, noMetadata }

    /// An object of the cluster's own is put again, one of a bucket with a backend evicted and placed; in no other way.
    @Test(
        arguments: [
            (.flipped, false), (.flipped, true), (.shortened, false), (.shortened, true), (.noMetadata, false),
        ] as [(Damage, Bool)])
    func damageIsRepairedThroughTheAPI(_ damage: Damage, hasBackend: Bool) throws {
        let node = try NodeScene(buckets: [AISCluster.Bucket("ais", "b")])
        let scene = node.scene
        if hasBackend {
            #expect(try node.plain("bucket", "set", "ais://b", "backend_bck=s3://data").status == 0)
        }
        var contents: [String: Data] = [:]
        try scene.putShards(count: 4)
        for number in 0..<4 { contents[shard(number)] = try scene.original(shard(number)) }
        let run = try node.run("prefetch", scene.url("train-{000000..000003}.tar"), "--to", "ais://b")
        #expect(run.counts == ["moved": 4], run.said)
        let victim = try #require(try node.disk().object(shard(2))).path
        let change =
            switch damage {
            case .flipped: "f = open(p, 'r+b'); f.seek(700); b = f.read(1); f.seek(700); f.write(bytes([b[0] ^ 1]))"
            case .shortened: "os.truncate(p, 512)"
            case .noMetadata: "os.removexattr(p, 'user.ais.lom')"
            }
        try TestSupport.runChecked(TestSupport.python, ["-c", "import os, sys; p = sys.argv[1]; \(change)", victim])
        #expect(try node.run("verify", "ais://b").status == 3)
        _ = try node.changes()
        let repaired = try node.run("verify", "ais://b", "--repair")
        let changes = try node.changes().filter(Self.isObject)
        if damage == .noMetadata {
            // Nothing says where it came from any more, and it is left as it is.
            #expect(repaired.status == 3 && changes.isEmpty, repaired.said)
            let again = try node.run("prefetch", scene.url("train-{000000..000003}.tar"), "--to", "ais://b")
            #expect(again.status == 0, again.said)
        } else {
            #expect(repaired.status == 0 && repaired.counts == ["present": 3, "moved": 1], repaired.said)
            let methods = Set(changes.map(\.method))
            #expect(methods == (hasBackend ? ["DELETE"] : ["PUT", "PATCH"]))
            #expect(changes.allSatisfy { $0.method != "DELETE" || $0.body.contains("evict-listrange") })
        }
        try node.expect(contents)
        #expect(try node.run("verify", "ais://b").counts == ["present": 4])
    }

    @Test func evictionLeavesTheSourceAlone() throws {
        let data = CloudSite.name()
        let node = try NodeScene(
            buckets: [AISCluster.Bucket("ais", "own"), AISCluster.Bucket("ais", "backed")],
            reachable: [AISCluster.Bucket("aws", data)])
        let scene = node.scene
        let server = try CloudSite.shared()
        scene.use(server)
        #expect(try node.plain("bucket", "set", "ais://backed", "backend_bck=s3://\(data)").status == 0)
        let objects = Dictionary(uniqueKeysWithValues: (0..<6).map { ("\($0).bin", Data("object \($0)".utf8)) })
        try scene.seed(Seed(data, objects))
        for (bucket, isRemote) in [("ais://own", false), ("ais://backed", true), ("s3://\(data)", true)] {
            let arguments = ["s3://\(data)", "--cluster", node.cluster.url()]
            let moved = try scene.reported(
                "prefetch", arguments + (bucket.hasPrefix("s3") ? [] : ["--to", bucket]))
            #expect(moved.counts == ["moved": 6], moved.said)
            try node.expect(objects)
            _ = try node.changes()
            let dry = try node.run("evict", "\(bucket)/{0..2}.bin", "--dry-run")
            #expect(dry.counts == ["evicted": 3], dry.said)
            #expect(try node.changes().isEmpty)
            #expect(try node.run("evict", "\(bucket)/{0..2}.bin").counts == ["evicted": 3])
            #expect(try node.run("evict", bucket).counts == ["evicted": 3])
            let changes = try node.changes()
            #expect(!changes.isEmpty && changes.allSatisfy { $0.method == "DELETE" && Self.isObject($0) })
            #expect(changes.allSatisfy { $0.body.contains(#""evict-listrange""#) == isRemote }, "\(bucket): \(changes)")
            try node.expect([:])
        }
    }

    /// A backend that the bucket is given under the run counts from then on.
    @Test func aBackendThatComesUnderTheRunIsNotPutInto() throws {
        let node = try NodeScene(buckets: [AISCluster.Bucket("ais", "b")])
        let scene = node.scene
        try scene.put("x.bin", "one")
        #expect(try node.run("prefetch", scene.url("x.bin"), "--to", "ais://b").counts == ["moved": 1])
        let data = Scene.bytes(2 << 20)
        try scene.put("x.bin", data)
        let run = try scene.start(
            "prefetch", scene.url("x.bin", fault: "slow"), "--to", "ais://b", "--cluster", node.cluster.url(),
            "--latest")
        #expect(eventually { !scene.workfiles().isEmpty })
        #expect(try node.plain("bucket", "set", "ais://b", "backend_bck=s3://data").status == 0)
        _ = try node.changes()
        let ended = try run.wait()
        #expect(ended.status == 0, "\(ended.err)")
        #expect(try node.changes().allSatisfy { $0.method == "DELETE" && $0.body.contains("evict-listrange") })
        try node.expect(["x.bin": data])
    }

    /// Copies, and files where no one looks for them, are for the running node to mend: it is told how.
    @Test func copiesAndStraysAreLeftToTheNode() throws {
        let node = try NodeScene(mountpaths: 3, buckets: [AISCluster.Bucket("ais", "b")])
        let scene = node.scene
        #expect(try node.plain("bucket", "create", "ais://m", "mirror.enabled=true", "mirror.copies=2").status == 0)
        try scene.put("x.bin", "x")
        for bucket in ["ais://m", "ais://b"] {
            #expect(try node.run("prefetch", scene.url("x.bin"), "--to", bucket).counts == ["moved": 1])
        }
        let disk = try node.disk()
        #expect(disk.problems == [])
        let mirrored = try #require(disk.objects.first { $0.bucket == "ais/@#/m" })
        let plain = try #require(disk.objects.first { $0.bucket == "ais/@#/b" })
        try FileManager.default.removeItem(atPath: try #require(mirrored.copies.first))
        let other = try #require(scene.hosts.first { $0 != plain.mountpath })
        let stray = other + plain.path.dropFirst(plain.mountpath.count)
        try TestSupport.runChecked("cp", ["--preserve=all", plain.path, stray])
        _ = try node.changes()
        for (bucket, remedy) in [
            ("ais://m", "ais start mirror ais://m --copies 2"), ("ais://b", "ais start resilver tgtOne"),
        ] {
            let repaired = try node.run("verify", bucket, "--repair")
            #expect(repaired.status == 3, repaired.said)
            let reasons = repaired.report?.shards.compactMap(\.reason) ?? []
            #expect(reasons.contains { $0.hasSuffix("left to the running node: \(remedy)") }, "\(reasons)")
        }
        #expect(try node.changes().isEmpty)
        #expect(FileManager.default.fileExists(atPath: stray))
    }

    /// The targets that the vectors name get what changes and what goes; the disk of one of them is looked at.
    @Test func changesReachTheTargetThatTheVectorsName() throws {
        let vector = try HRWTargets.vector()
        let node = try NodeScene(targets: vector.targetIds, node: vector.node)
        let scene = node.scene
        try scene.putShards(count: 64, members: 1, bytes: 500)
        let list = vector.names.map { scene.url($0) }.joined(separator: "\n")
        let others = vector.names.count - vector.expected.count
        let plan = try scene.onStore(
            "plan", "--from", "-", "--to", "ais://imagenet", "--totals", input: Data(list.utf8))
        #expect(
            plan.out.contains("\(others) elsewhere, \(vector.expected.count) move"), "\(plan.out)\(plan.err)")
        let first = try node.run("prefetch", "--from", "-", "--to", "ais://imagenet", input: list)
        #expect(first.status == 0 && first.counts == ["moved": vector.expected.count], first.said)
        #expect(try node.disk().names == vector.expected)
        try scene.putShards(count: 64, members: 4, bytes: 5000)
        let run = try node.run("prefetch", "--from", "-", "--to", "ais://imagenet", "--latest", input: list)
        #expect(run.status == 0 && run.counts == ["updated": vector.expected.count], run.said)
        let puts = try node.changes().filter { $0.method == "PUT" && $0.bytes > 0 }
        #expect(puts.count == vector.expected.count && puts.allSatisfy { $0.node == vector.node })
        var contents: [String: Data] = [:]
        for name in vector.expected { contents[name] = try scene.original(name) }
        try node.expect(contents)
        #expect(try node.run("evict", "ais://imagenet").counts == ["evicted": vector.expected.count])
        try node.expect([:])
    }
}
