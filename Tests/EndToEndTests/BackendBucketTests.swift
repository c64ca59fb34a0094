import Foundation
import TestSupport
import Testing

/// `backend_bck=s3://…`: an `ais://` bucket in the place of a cloud's. (For those of clusters: `RemotePrefetchTests`.)
struct BackendBucketTests {
    private let bucket = CloudSite.name()

    @Test func listPlanPrefetchVerifyAndRepair() throws {
        let scene = try Scene(cloud: try CloudSite.shared())
        let objects = Dictionary(uniqueKeysWithValues: (0..<4).map { ("a/\($0).bin", Data("object \($0)".utf8)) })
        try scene.seed(Seed(bucket, objects))
        #expect(try scene.onStore("bucket", "create", "ais://nnn", "backend_bck=s3://\(bucket)").status == 0)
        let listed = try scene.onStore("ls", "ais://nnn", "--remote")
        #expect(listed.out.split(separator: "\n").count == 4 && !listed.out.contains("cached"), "\(listed.err)")
        let plan = try scene.onStore("plan", "ais://nnn/a/", "--totals")
        #expect(plan.out.contains("plan: 4 shards: 4 move"), "\(plan.out)\(plan.err)")
        #expect(try scene.prefetch("ais://nnn/a/{0..1}.bin").counts == ["moved": 2])
        let run = try scene.prefetch("ais://nnn")
        #expect(run.counts == ["moved": 2, "present": 2], run.said)
        try expect(objects, scene)

        let victim = try #require(try scene.disk().object("a/2.bin"))
        #expect(victim.bucket == "ais/@#/nnn" && victim.custom["source"] == "aws" && victim.custom["ETag"] != nil)
        try TestSupport.runChecked("truncate", ["-s", "2", victim.path])
        #expect(try scene.verify("ais://nnn").status == 3)
        #expect(try scene.verify("ais://nnn", "--repair").status == 0)
        try expect(objects, scene)
        let cached = try scene.onStore("ls", "ais://nnn", "--remote").out.split(separator: "\n")
        #expect(cached.count == 4 && cached.allSatisfy { $0.contains("  cached  ") })

        // Without it, the bucket is one of the store's own again.
        #expect(try scene.onStore("bucket", "set", "ais://nnn", "backend_bck=none").status == 0)
        let alone = try scene.prefetch("ais://nnn")
        #expect(alone.status == 2 && alone.err.contains("backend_bck=s3://BUCKET"), alone.said)
        try expect(objects, scene)
    }

    /// Names that are tried, with `--latest`: one conditional request each, and only what changed comes.
    @Test(arguments: [false, true])
    func latestAsksForEachName(throughBackend: Bool) throws {
        let scene = try Scene(cloud: try CloudSite.shared())
        try scene.seed(Seed(bucket, ["s-0": Data("one".utf8), "s-1": Data("two".utf8)]))
        if throughBackend {
            #expect(try scene.onStore("bucket", "create", "ais://nnn", "backend_bck=s3://\(bucket)").status == 0)
        }
        let source = "\(throughBackend ? "ais://nnn" : "s3://\(bucket)")/s-{0..1}"
        #expect(try scene.prefetch(source).counts == ["moved": 2])
        #expect(try scene.prefetch(source, "--latest").counts == ["present": 2])
        try scene.seed(Seed(bucket, ["s-1": Data("TWO".utf8)]))
        #expect(try scene.prefetch(source).counts == ["present": 2], "nobody was asked")
        let run = try scene.prefetch(source, "--latest")
        #expect(run.counts == ["present": 1, "updated": 1], run.said)
        try expect(["s-0": Data("one".utf8), "s-1": Data("TWO".utf8)], scene)
        #expect(try scene.prefetch(source, "--latest").counts == ["present": 2])
    }

    private func expect(
        _ contents: [String: Data], _ scene: Scene, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let disk = try scene.disk()
        #expect(disk.problems == [], sourceLocation: sourceLocation)
        #expect(disk.leftovers == [], sourceLocation: sourceLocation)
        #expect(disk.names == contents.keys.sorted(), sourceLocation: sourceLocation)
        for object in disk.objects {
            let stored = try Data(contentsOf: URL(fileURLWithPath: object.path))
            #expect(stored == contents[object.name], "\(object.name)", sourceLocation: sourceLocation)
        }
    }
}
