import Foundation
import TestSupport
import Testing

/// `sync` of a bucket that is listed, from a real S3 server: what its listing no longer has leaves the store.
struct SyncListingTests {
    private let server: S3Server
    private let scene: Scene
    private let bucket = CloudSite.name()

    init() throws {
        server = try CloudSite.shared()
        scene = try Scene(cloud: server)
    }

    private static func seed(_ bucket: String, _ names: [String], _ delete: [String]) -> Seed {
        Seed(bucket, Dictionary(uniqueKeysWithValues: names.map { ($0, Data("<\($0)>".utf8)) }), delete: delete)
    }

    private func seed(_ names: [String], delete: [String] = []) throws {
        try scene.seed(Self.seed(bucket, names, delete), at: server)
    }

    private func expect(_ names: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        try Self.expect(names, scene, sourceLocation: sourceLocation)
    }

    private static func expect(
        _ names: [String], _ scene: Scene, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let disk = try scene.disk()
        #expect(disk.problems == [] && disk.leftovers == [] && disk.empty == [], sourceLocation: sourceLocation)
        #expect(disk.names == names.sorted(), sourceLocation: sourceLocation)
    }

    private static let odd = ["a", "a.b", "d/a-b", "d/e/f", "d/e0", "ü/日本", "x y+z%"]

    /// SeaweedFS keeps odd keys as they are, and has room for few buckets.
    @Test func whatIsGoneIsMissingOrEvicted() throws {
        let server = try CloudSite.seaweed()
        let scene = try Scene(cloud: server)
        func seed(_ names: [String], delete: [String] = []) throws {
            try scene.seed(Self.seed(bucket, names, delete), at: server)
        }
        func expect(_ names: [String]) throws { try Self.expect(names, scene) }
        try seed(Self.odd)
        let first = try scene.sync("s3://\(bucket)")
        #expect(first.status == 0 && first.counts == ["moved": 7], first.said)
        #expect(try scene.sync("s3://\(bucket)", "--delete").counts == ["present": 7])

        try seed(["d/e0"], delete: ["d/e/f", "ü/日本"])
        let told = try scene.sync("s3://\(bucket)")
        #expect(told.status == 4 && told.counts == ["present": 5, "missing": 2], told.said)
        #expect(told.record("d/e/f")?.outcome == "missing", told.said)
        #expect(told.record("d/e/f")?.source == "s3://\(bucket)/d/e/f")
        #expect(told.report?.summary.missing == ["s3://\(bucket)": "d/e/f, ü/日本"])
        try expect(Self.odd)
        #expect(try scene.sync("s3://\(bucket)", "--missing", "allow").status == 0)

        let run = try scene.sync("s3://\(bucket)", "--delete", "--max-delete", "30%")
        #expect(run.status == 0 && run.counts == ["present": 5, "evicted": 2], run.said)
        #expect(run.record("ü/日本")?.source == "s3://\(bucket)/ü/日本", run.said)
        #expect(run.report?.summary.missing == [:])
        #expect(run.report?.summary.receivedBytes == 0)
        try expect(Self.odd.filter { $0 != "d/e/f" && $0 != "ü/日本" })
        let again = try scene.sync("s3://\(bucket)", "--delete")
        #expect(again.status == 0 && again.counts == ["present": 5], again.said)
    }

    @Test func onlyBelowTheDestinationAndThroughTheFilters() throws {
        let names = ["p/1.bin", "p/2.bin", "p/1.txt", "p/2.txt", "q/1.bin"]
        try seed(names)
        #expect(try scene.sync("s3://\(bucket)/p/", "--to", "ais://m/in").counts == ["moved": 4])
        #expect(try scene.sync("s3://\(bucket)/p/", "--to", "ais://m/other").counts == ["moved": 4])
        #expect(try scene.sync("s3://\(bucket)/q/", "--to", "ais://m/in/q").counts == ["moved": 1])
        try seed([], delete: ["p/1.bin", "p/1.txt", "q/1.bin"])
        let run = try scene.sync(
            "s3://\(bucket)/p/", "--to", "ais://m/in", "--include", "*.bin", "--delete", "--max-delete", "50%")
        #expect(run.status == 0 && run.counts == ["present": 1, "evicted": 1], run.said)
        #expect(run.record("in/1.bin")?.outcome == "evicted", run.said)
        #expect(run.record("in/1.bin")?.source == "s3://\(bucket)/p/1.bin", run.said)
        try expect(
            ["in/2.bin", "in/1.txt", "in/2.txt", "in/q/1.bin"]
                + ["1.bin", "2.bin", "1.txt", "2.txt"].map { "other/\($0)" })
    }

    @Test func severalSourcesKeepWhatAnyOfThemHas() throws {
        try seed(["a/x", "a/y", "b/x", "b/z"])
        let both = ["s3://\(bucket)/a/", "s3://\(bucket)/b/"]
        #expect(try scene.reported("sync", [both[0], "--to", "ais://m"]).counts == ["moved": 2])
        // The second source's x is the first one's by name, and stays the first one's object.
        try seed([], delete: ["a/x"])
        let run = try scene.reported("sync", both + ["--to", "ais://m", "--delete", "--max-delete", "100%"])
        #expect(run.counts["evicted"] == nil, run.said)
        try expect(["x", "y", "z"])
        try seed([], delete: ["b/x"])
        let gone = try scene.reported("sync", both + ["--to", "ais://m", "--delete", "--max-delete", "100%"])
        #expect(gone.status == 0 && gone.counts == ["present": 2, "evicted": 1], gone.said)
        try expect(["y", "z"])
    }

    @Test func otherJobsAndUsersObjectsAreNeverTouched() throws {
        try seed(["mine/1", "mine/2", "theirs/3", "theirs/4"])
        #expect(try scene.sync("s3://\(bucket)/mine/", "--to", "ais://m").counts == ["moved": 2])
        #expect(try scene.sync("s3://\(bucket)/theirs/", "--to", "ais://m").counts == ["moved": 2])
        let tag = try #require(try scene.disk().object("1")?.custom["aismove_src"])
        let theirs = try #require(try scene.disk().object("3")?.custom["aismove_src"])
        #expect(tag != theirs)
        let placed: [String: [String: String]] = [
            "user": [:], "user/web": ["source": "web", "orig_url": "http://h/x"], "job": ["aismove_src": theirs],
            "empty": ["aismove_src": ""], "alike": ["aismove_src": "\(tag)0"], "1": ["source": "web"],
        ]
        try scene.place(PlacedObjects("m", placed.filter { $0.key != "user/web" }))
        try scene.place(PlacedObjects("m", ["users/web": placed["user/web"] ?? [:]]))
        try seed([], delete: ["mine/1", "mine/2", "theirs/3"])
        try seed(["mine/5"])
        let run = try scene.sync("s3://\(bucket)/mine/", "--to", "ais://m", "--delete", "--max-delete", "100%")
        #expect(run.status == 0 && run.counts == ["moved": 1, "evicted": 1], run.said)
        #expect(run.record("/2")?.outcome == "evicted", "1 is a user's own by now: \(run.said)")
        try expect(["1", "3", "4", "5", "alike", "empty", "job", "user", "users/web"])
        #expect(try scene.disk().object("1")?.sha256 == scene.disk().object("1")?.sha256)
        #expect(try scene.disk().object("3")?.custom["aismove_src"] == theirs)
    }

    @Test func copiesGoWithTheirObject() throws {
        try seed(["d/1", "d/2", "e/3"])
        let made = try scene.onStore("bucket", "create", "ais://m", "mirror.enabled=true", "mirror.copies=3")
        #expect(made.status == 0, "\(made.err)")
        #expect(try scene.sync("s3://\(bucket)", "--to", "ais://m").counts == ["moved": 3])
        try seed([], delete: ["d/1", "e/3"])
        let run = try scene.sync("s3://\(bucket)", "--to", "ais://m", "--delete", "--max-delete", "70%")
        #expect(run.status == 0 && run.counts == ["present": 1, "evicted": 2], run.said)
        try expect(["d/2"])
        #expect(try scene.disk().objects.first?.copies.count == 2)
        for host in scene.hosts {
            #expect(!FileManager.default.fileExists(atPath: "\(host)/@ais/m/%ob/e"), "empty directories go")
        }
    }
}
