import Foundation
import TestSupport
import Testing

/// Buckets of S3 from a real server, moved by the real program.
struct CloudTests {
    private let server: S3Server
    private let scene: Scene
    private let bucket = CloudSite.name()

    init() throws {
        server = try CloudSite.shared()
        scene = try Scene(cloud: server)
    }

    private func text(_ names: String...) -> [String: Data] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, Data("<\($0)>".utf8)) })
    }

    @Test func aPrefixIsMovedAndThenPresent() throws {
        try scene.seed(Seed(bucket, text("a/1", "a/2", "b/1")))
        let run = try scene.prefetch("s3://\(bucket)/a/")
        #expect(run.status == 0, run.said)
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(disk.names == ["a/1", "a/2"])
        #expect(Set(disk.objects.map(\.bucket)) == ["aws/@#/\(bucket)"])
        let object = try #require(disk.object("a/1"))
        #expect(object.custom["source"] == "aws")
        #expect(object.custom["md5"] == object.custom["ETag"])
        #expect(object.custom["LastModified"]?.hasSuffix("Z") == true)
        let again = try scene.prefetch("s3://\(bucket)/a/")
        #expect(again.counts == ["present": 2], again.said)
        #expect(again.report?.summary.receivedBytes == 0)
    }

    @Test func aPatternInPlaceOfAPrefixIsToldOf() throws {
        try scene.seed(Seed(bucket, text("a.tar")))
        for command in ["plan", "prefetch"] {
            let run = try scene.onStore(command, "s3://\(bucket)/*.tar")
            #expect(run.status == 0, "\(run.err)")
            #expect(run.err.contains("no name begins with \"*.tar\"") && run.err.contains("--include"), "\(run.err)")
        }
        let none = try scene.onStore("prefetch", "s3://\(bucket)/b")
        #expect(none.status == 0 && !none.err.contains("no name begins"), "\(none.err)")
    }

    @Test func aTemplateWithAHole() throws {
        try scene.seed(Seed(bucket, text("s-00", "s-02")))
        let run = try scene.prefetch("s3://\(bucket)/s-{00..02}")
        #expect(run.status == 4, run.said)
        #expect(run.record("s-01")?.outcome == "missing", run.said)
        #expect(try scene.disk().names == ["s-00", "s-02"])
        #expect(try scene.prefetch("s3://\(bucket)/s-{00..02}", "--known-missing", "1").status == 0)
    }

    @Test func bucketsAndURLsInOneRunToABucketOfTheUsersOwn() throws {
        try scene.seed(Seed(bucket, text("a/1")))
        try scene.put("web.bin", "web")
        let run = try scene.prefetch("s3://\(bucket)/a/", scene.url("web.bin"), "--to", "ais://mine/in")
        #expect(run.status == 0, run.said)
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(Set(disk.objects.map(\.bucket)) == ["ais/@#/mine"])
        #expect(disk.names == ["in/1", "in/web.bin"])
    }

    @Test func aChangedObjectIsUpdated() throws {
        try scene.seed(Seed(bucket, text("x", "y")))
        #expect(try scene.prefetch("s3://\(bucket)").status == 0)
        try scene.seed(Seed(bucket, ["x": Data("<y>".utf8)]))
        let run = try scene.prefetch("s3://\(bucket)")
        #expect(run.counts == ["present": 1, "updated": 1], run.said)
        #expect(try scene.onStore("cat", "s3://\(bucket)/x").out == "<y>")
    }

    @Test func oddKeysEmptyObjectsMarkersAndNamesThatCannotBe() throws {
        let server = try CloudSite.seaweed()
        let scene = try Scene(cloud: server)
        let odd = ["a b+c%d?e#f\"g<h", "ü/日本.bin", "empty"]
        var objects = text(odd[0], odd[1])
        objects["empty"] = Data()
        objects["dir/"] = Data()
        objects["dir/x"] = Data("x".utf8)
        try scene.seed(Seed(bucket, objects), at: server)
        let run = try scene.prefetch("s3://\(bucket)")
        #expect(run.status == 0, run.said)
        #expect(run.result.out.contains("1 directory marker"), run.said)
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(Set(disk.names) == Set(odd + ["dir/x"]))
        #expect(disk.object("empty")?.size == 0)
        #expect(try scene.prefetch("s3://\(bucket)").counts == ["present": 4])
    }

    @Test func damageIsFoundAndRepairedFromTheBucket() throws {
        try scene.seed(Seed(bucket, text("x", "y")))
        #expect(try scene.prefetch("s3://\(bucket)").status == 0)
        let path = try #require(try scene.disk().object("x")).path
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.write(contentsOf: Data("!".utf8))
        try file.close()
        let found = try scene.verify("s3://\(bucket)")
        #expect(found.status != 0, found.said)
        let repaired = try scene.verify("s3://\(bucket)", "--repair")
        #expect(repaired.status == 0, repaired.said)
        #expect(try scene.onStore("cat", "s3://\(bucket)/x").out == "<x>")
    }

    @Test func remoteListings() throws {
        try scene.seed(Seed(bucket, text("a/1", "b/1")))
        #expect(try scene.prefetch("s3://\(bucket)/a/").status == 0)
        let objects = try scene.onStore("ls", "s3://\(bucket)", "--remote")
        #expect(objects.status == 0, "\(objects.err)")
        let lines = objects.out.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.contains("cached") == true && lines.last?.contains("cached") == false, "\(objects.out)")
        let buckets = try scene.onStore("ls", "s3:", "--remote")
        #expect(buckets.out.contains("s3://\(bucket)  in the store"), "\(buckets.out)\(buckets.err)")
    }

    @Test func aListingIsAskedForAsOftenAsSaid() throws {
        for (retries, requests) in [("0", 1), ("2", 3)] {
            let failing = try ResponderServer { _ in .init(503) }
            scene.environment["AWS_ENDPOINT_URL_S3"] = failing.origin
            let run = try scene.onStore("ls", "s3://\(bucket)", "--remote", "--retries", retries)
            #expect(run.status != 0)
            #expect(failing.requests.count == requests, "\(run.err)")
        }
    }

    @Test func wrongKeysAndMissingBuckets() throws {
        try scene.seed(Seed(bucket, text("x")))
        let missing = try scene.prefetch("s3://no-such-bucket-here")
        #expect(missing.status == 5, missing.said)
        #expect(missing.err.contains("no such bucket"), missing.said)
        scene.environment["AWS_SECRET_ACCESS_KEY"] = "wr0ng-secret"
        let refused = try scene.prefetch("s3://\(bucket)")
        #expect(refused.status == 5, refused.said)
        #expect(refused.err.contains("SignatureDoesNotMatch") && refused.err.contains("--profile"), refused.said)
        #expect(!refused.said.rawValue.contains("wr0ng"))
    }

    @Test func bucketsOfOneNameStandSideBySide() throws {
        try scene.seed(Seed(bucket, text("x")))
        try scene.put("x", "web")
        #expect(try scene.prefetch("s3://\(bucket)").status == 0)
        for place in ["ais://\(bucket)", "ais://#team/\(bucket)"] {
            let run = try scene.prefetch(scene.url("x"), "--to", place)
            #expect(run.status == 0, run.said)
        }
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(
            Set(disk.objects.map(\.bucket)) == ["aws/@#/\(bucket)", "ais/@#/\(bucket)", "ais/@#team/\(bucket)"])
        let listed = try scene.onStore("ls")
        for name in ["s3://\(bucket)", "ais://\(bucket)", "ais://#team/\(bucket)"] {
            #expect(listed.out.contains(name), "\(listed.out)\(listed.err)")
        }
        #expect(try scene.onStore("cat", "s3://\(bucket)/x").out == "<x>")
        #expect(try scene.onStore("cat", "ais://\(bucket)/x").out == "web")
    }

    @Test func credentialsForURLsNeverReachABucket() throws {
        let made = try MadeUpBucket(keys: 2)
        let scene = try Scene(made)
        let netrc = try scene.scratch.write(".netrc", "machine 127.0.0.1 login user password for-urls-only\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: netrc)
        let run = try scene.prefetch("s3://big", "--header", "X-Team: for-urls-only")
        #expect(run.status == 0, run.said)
        #expect(made.objectRequests == 2)
        for request in made.server.requests {
            #expect(request.headers["x-team"] == nil, "\(request.target)")
            #expect(request.headers["authorization"]?.hasPrefix("AWS4-HMAC-SHA256 ") == true, "\(request.target)")
        }
    }
}
