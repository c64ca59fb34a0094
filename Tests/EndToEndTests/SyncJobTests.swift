import Foundation
import TestSupport
import Testing

/// Job files that `sync`, whose names say whose objects are whose.
struct SyncJobTests {
    private let server: S3Server
    private let scene: Scene

    init() throws {
        server = try CloudSite.shared()
        scene = try Scene(cloud: server)
    }

    private func seed(_ bucket: String, _ names: [String], delete: [String] = []) throws {
        let objects = Dictionary(uniqueKeysWithValues: names.map { ($0, Data("<\($0)>".utf8)) })
        try scene.seed(Seed(bucket, objects, delete: delete), at: server)
    }

    /// `jobs/s3-nightly-sync.yaml`, as it is.
    @Test func theNightlyExample() throws {
        let job = "\(TestSupport.repositoryRoot)/jobs/s3-nightly-sync.yaml"
        let names = (0..<40).map { "imagenet/s-\(10 + $0).bin" }
        try seed("datasets", names + ["imagenet/half.tmp", "other/x"])
        let dry = try scene.sync(job, "--dry-run")
        #expect(dry.status == 0 && dry.counts == ["moved": 40], dry.said)
        #expect(try scene.disk().objects.isEmpty)
        let first = try scene.sync(job)
        #expect(first.status == 0 && first.counts == ["moved": 40], first.said)
        try seed("datasets", ["imagenet/new.bin"], delete: Array(names.prefix(2)))
        let night = try scene.sync(job, "--quiet")
        #expect(night.status == 0 && night.counts == ["present": 38, "moved": 1, "evicted": 2], night.said)
        #expect(night.result.out.isEmpty && night.err.isEmpty, night.said)
        try seed("datasets", [], delete: Array(names[10..<13]))
        let accident = try scene.sync(job)
        #expect(accident.status == 10 && accident.counts["evicted"] == nil, accident.said)
        #expect(accident.result.out.contains("3 of 39 objects"), accident.said)
        let meant = try scene.sync(job, "--max-delete", "8%")
        #expect(meant.status == 0 && meant.counts == ["present": 36, "evicted": 3], meant.said)
        let disk = try scene.disk()
        #expect(disk.problems == [] && disk.empty == [] && disk.leftovers == [])
        let left = (names[2..<10] + names[13...]).map { "train/\($0.dropFirst(9))" } + ["train/new.bin"]
        #expect(disk.names == left.sorted())
    }

    @Test func jobsWithOneSourceAndDestinationLeaveEachOthersObjectsAlone() throws {
        let bucket = CloudSite.name()
        try seed(bucket, ["a", "b"])
        func job(_ name: String) throws -> String {
            try scene.scratch.write(
                "\(name).yaml",
                """
                job: \(name)
                sources: [{bucket: "s3://\(bucket)", to: "ais://m"}]
                sync: {delete: true, max-delete: 100%}
                """)
        }
        let (one, two) = (try job("one"), try job("two"))
        #expect(try scene.sync(one).counts == ["moved": 2])
        try seed(bucket, ["c"])
        #expect(try scene.sync(two).counts == ["present": 2, "moved": 1])
        try seed(bucket, [], delete: ["a", "c"])
        // c is two's, a is one's; without a job file they are nobody's.
        #expect(
            try scene.sync("s3://\(bucket)", "--to", "ais://m", "--delete", "--max-delete", "100%").counts == [
                "present": 1
            ])
        #expect(try scene.sync(two).counts == ["present": 1, "evicted": 1])
        #expect(try scene.disk().names == ["a", "b"])
        #expect(try scene.sync(one).counts == ["present": 1, "evicted": 1])
        #expect(try scene.disk().names == ["b"])
    }
}
