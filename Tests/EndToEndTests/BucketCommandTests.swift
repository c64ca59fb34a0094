import Foundation
import TestSupport
import Testing

/// `bucket create | show | set | rm`, as a user meets them.
struct BucketCommandTests {
    private func props(_ scene: Scene, _ name: String) throws -> [String: Any] {
        let disk = try scene.disk()
        #expect(disk.problems == [])
        let text = try #require(disk.bmd.first?.buckets.first { $0.name == name }).props
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func createShowSetAndRemove() throws {
        let scene = try Scene()
        let made = try scene.onStore("bucket", "create", "ais://b", "mirror.enabled=true", "checksum.type=sha256")
        #expect(made.status == 0, "\(made.err)")
        #expect(made.out.contains("ais://b") && made.out.contains("BMD version 2"), "\(made.out)")
        #expect(
            try props(scene, "b")["mirror"] as? NSDictionary == ["copies": 2, "burst_buffer": 512, "enabled": true])

        let set = try scene.onStore(
            "bucket", "set", "ais://b", "mirror.copies=3", "ec.enabled=true", "ec.data_slices=4",
            "lru.dont_evict_time=90m")
        #expect(set.status == 0, "\(set.err)")
        #expect(
            set.out.contains("mirror.copies: 2 -> 3\n") && set.out.contains("ec.enabled: false -> true\n"), "\(set.out)"
        )
        #expect(set.out.contains("BMD version 3"))
        #expect(set.out.contains("ais start ec-encode ais://b --data-slices 4 --parity-slices 2"), "\(set.out)")
        let again = try scene.onStore("bucket", "set", "ais://b", "mirror.copies=3")
        #expect(again.status == 0 && again.out.contains("nothing to change"), "\(again.out)")

        let shown = try scene.onStore("bucket", "show", "ais://b")
        #expect(shown.status == 0, "\(shown.err)")
        for line in ["mirror.copies                   3", "lru.dont_evict_time", "1h30m", "bid 9223372036854775809"] {
            #expect(shown.out.contains(line), "\(line) in \(shown.out)")
        }
        let some = try scene.onStore("bucket", "show", "ais://b", "mirror")
        #expect(
            some.out.split(separator: "\n").map { $0.split(separator: " ").map(String.init) } == [
                ["mirror.burst_buffer", "512"], ["mirror.copies", "3"], ["mirror.enabled", "true"],
            ])
        let json = try scene.onStore("bucket", "show", "ais://b", "checksum.type", "--json")
        let facts = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
        #expect(facts["props"] as? [String: String] == ["checksum.type": "sha256"])
        #expect(facts["bid"] as? String == "9223372036854775809" && facts["bucket"] as? String == "ais://b")

        let removed = try scene.onStore("bucket", "rm", "ais://b")
        #expect(removed.status == 0 && removed.out.contains("BMD version 4"), "\(removed.out)\(removed.err)")
        let disk = try scene.disk()
        #expect(disk.problems == [] && disk.bmd.first?.buckets.isEmpty == true)
    }

    @Test func theWholeNameCounts() throws {
        let scene = try Scene()
        for bucket in ["ais://b", "ais://#ns/b"] {
            #expect(try scene.onStore("bucket", "create", bucket).status == 0)
        }
        let cloud = try scene.onStore("bucket", "create", "s3://b", "extra.aws.cloud_region=eu-west-1")
        #expect(cloud.status == 2 && cloud.err.contains("aismove prefetch s3://b"), "\(cloud.err)")
        let unasked = try scene.onStore(
            "bucket", "create", "s3://b", "extra.aws.cloud_region=eu-west-1", "--skip-lookup")
        #expect(unasked.status == 0, "\(unasked.err)")
        let shown = try scene.onStore("bucket", "show", "s3://b", "extra")
        #expect(shown.out.contains("extra.aws.cloud_region  eu-west-1"), "\(shown.out)")
        #expect(try scene.onStore("bucket", "set", "ais://#ns/b", "backend_bck=s3://b").status == 0)
        #expect(try scene.onStore("bucket", "show", "ais://b", "backend").out.contains("none"))
        #expect(try scene.onStore("bucket", "show", "ais://#ns/b", "backend").out.contains("s3://b"))
        #expect(try scene.onStore("bucket", "rm", "ais://b").status == 0)
        #expect(try scene.disk().bmd.first?.buckets.map { "\($0.provider)\($0.ns)" } == ["ais@#ns", "aws@#"])
    }

    @Test func mistakesAreToldInOneLine() throws {
        let scene = try Scene()
        #expect(try scene.onStore("bucket", "create", "ais://b").status == 0)
        let cases: [(Int32, String, [String])] = [
            (2, "mirror.copies", ["set", "ais://b", "mirror.copie=2"]),
            (2, "3 mountpaths", ["set", "ais://b", "mirror.copies=4"]),
            (2, "KEY=VALUE", ["set", "ais://b", "mirror.copies"]),
            (5, "ais://c", ["set", "ais://c", "mirror.copies=2"]),
            (5, "ais://c", ["show", "ais://c"]), (5, "ais://c", ["rm", "ais://c"]),
            (2, "there already", ["create", "ais://b"]),
            (2, "nothing in it", ["show", "ais://b/object"]), (2, "nosuch", ["show", "ais://b", "nosuch"]),
            (2, "ais://", ["create", "b"]),
        ]
        for (status, needle, arguments) in cases {
            let result = try scene.aismove(["bucket"] + arguments + ["--store", scene.store])
            #expect(result.status == status, "\(arguments): \(result.out)\(result.err)")
            #expect(result.err.contains(needle), "\(arguments): \(result.err)")
            #expect(result.err.split(separator: "\n").count <= 2, "\(result.err)")
        }
        #expect(try scene.disk().bmd.first?.version == "2", "nothing was written")
    }

    @Test func keepDataIsRefusedWhereItWouldOrphan() throws {
        let scene = try Scene()
        try scene.put("x.bin", "x")
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://b").status == 0)
        let refused = try scene.onStore("bucket", "rm", "ais://b", "--keep-data")
        #expect(refused.status == 2 && refused.err.contains("x.bin"), "\(refused.err)")
        try scene.expectStored(["x.bin": "x.bin"])
        #expect(try scene.onStore("evict", "ais://b").status == 0)
        #expect(try scene.onStore("bucket", "rm", "ais://b", "--keep-data").status == 0)
        try scene.expectStored([:])
    }

    @Test func aBucketUnderARunIsNotRemoved() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("big.bin", Scene.bytes(4 << 20))
        let running = try scene.start("prefetch", scene.url("big.bin", fault: "slow"), "--to", "ais://b")
        #expect(eventually { !scene.workfiles().isEmpty })
        // However slow the machine is, it holds the bucket until it goes on.
        running.send(SIGSTOP)
        let busy = try scene.onStore("bucket", "rm", "ais://b", "--on-locked", "fail")
        #expect(busy.status == 8, "\(busy.out)\(busy.err)")
        running.send(SIGTERM)
        running.send(SIGCONT)
        _ = try running.wait()
        let removed = try scene.onStore("bucket", "rm", "ais://b")
        #expect(removed.status == 0, "\(removed.err)")
        let disk = try scene.expectStored([:])
        #expect(disk.bmd.first?.buckets.isEmpty == true)
    }

    @Test func aClustersBMDIsNotChanged() throws {
        let scene = try Scene()
        #expect(try scene.onStore("bucket", "create", "ais://b").status == 0)
        let code = "import os, sys; os.setxattr(sys.argv[1], 'user.ais.daemon_id', b'CCDpt1088')"
        try TestSupport.runChecked(TestSupport.python, ["-c", code, scene.hosts[0]])
        for arguments in [["create", "ais://c"], ["set", "ais://b", "mirror.enabled=true"], ["rm", "ais://b"]] {
            let result = try scene.aismove(["bucket"] + arguments + ["--store", scene.store])
            #expect(result.status == 6, "\(result.out)\(result.err)")
            #expect(result.err.contains("cluster"), "\(result.err)")
        }
        #expect(try scene.disk().bmd.first?.version == "2")
    }

    @Test func aRunIntoAnErasureCodedBucketSaysWhatTheNodeHasToDo() throws {
        let scene = try Scene()
        try scene.put("x.bin", "x")
        #expect(try scene.onStore("bucket", "create", "ais://b", "ec.enabled=true", "ec.parity_slices=1").status == 0)
        let command = "ais start ec-encode ais://b --data-slices 2 --parity-slices 1"
        let run = try scene.prefetch(scene.url("x.bin"), "--to", "ais://b")
        #expect(run.status == 0, run.said)
        #expect(run.result.out.split(separator: "\n").last?.hasSuffix(command) == true, run.said)
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://c").result.out.contains("ec-encode") == false)
    }
}
