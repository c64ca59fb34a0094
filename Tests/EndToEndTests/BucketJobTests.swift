import Foundation
import TestSupport
import Testing

/// The example jobs that read buckets of Google's cloud and of another AIS cluster: understood, planned, run, run again.
struct BucketJobTests {
    private func expect(
        _ job: String, moves objects: [(name: String, data: Data)], into bucket: String, _ scene: Scene,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = "\(TestSupport.repositoryRoot)/jobs/\(job).yaml"
        let check = try scene.aismove(["job", "check", file])
        #expect(check.status == 0, "\(check.err)", sourceLocation: sourceLocation)
        let plan = try scene.onStore("plan", file, "--totals")
        #expect(plan.status == 0, "\(plan.err)", sourceLocation: sourceLocation)
        #expect(plan.out.contains("\(objects.count) "), "\(plan.out)", sourceLocation: sourceLocation)
        #expect(try scene.disk().objects.isEmpty, sourceLocation: sourceLocation)
        let run = try scene.prefetch(file)
        #expect(run.status == 0, run.said, sourceLocation: sourceLocation)
        #expect(run.counts == ["moved": objects.count], run.said, sourceLocation: sourceLocation)
        let disk = try scene.disk()
        #expect(disk.problems == [] && disk.leftovers == [], sourceLocation: sourceLocation)
        #expect(disk.names == objects.map(\.name).sorted(), sourceLocation: sourceLocation)
        for (name, data) in objects {
            let object = try #require(disk.object(name), sourceLocation: sourceLocation)
            #expect(object.bucket == bucket, sourceLocation: sourceLocation)
            let stored = try Data(contentsOf: URL(fileURLWithPath: object.path))
            #expect(stored == data, "\(name)", sourceLocation: sourceLocation)
        }
        let again = try scene.prefetch(file)
        #expect(again.counts == ["present": objects.count], again.said, sourceLocation: sourceLocation)
        #expect(again.report?.summary.receivedBytes == 0, sourceLocation: sourceLocation)
    }

    @Test func thePrefixOfABucketOfGoogles() throws {
        let site = try ProviderSite.shared("gs")
        let scene = try Scene(site)
        scene.environment["STORAGE_EMULATOR_HOST"] = site.endpoint
        scene.environment["GCS_BUCKET"] = "data"
        try expect(
            "gcs-prefix", moves: ProviderSite.many.map { (name: $0, data: Data("<\($0)>".utf8)) },
            into: site.directory, scene)
    }

    @Test func theBucketOfAnotherCluster() throws {
        let inside = (0..<7).map { (name: "s-\($0).bin", data: Scene.bytes(4000 + $0, seed: UInt64($0))) }
        let there = inside.map { (name: "train/\($0.name)", data: $0.data) } + [(name: "val/x", data: Data("x".utf8))]
        let cluster = try AISCluster(buckets: [AISCluster.Bucket("ais", "data", objects: there)])
        let scene = try Scene()
        #expect(try scene.onStore("remote", "attach", "remais=\(cluster.url())").status == 0)
        try expect(
            "remote-ais", moves: inside.map { (name: "train/\($0.name)", data: $0.data) }, into: "ais/@#/local", scene)
        #expect(try cluster.violations() == [])
    }
}
