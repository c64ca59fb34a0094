import Foundation
import TestSupport
import Testing

/// Buckets of one name, of every kind, in one store.
struct NamespaceTests {
    private let bucket = CloudSite.name()

    /// An S3 server and an AIS cluster that both have the bucket, the cluster two of it; a store that has taken all of them,
    /// and two of its own. Each holds the object `x` with its own content.
    private func makeScene() throws -> (Scene, AISCluster, [String: String]) {
        let server = try CloudSite.shared()
        let scene = try Scene(cloud: server)
        try scene.seed(Seed(bucket, ["x": Data("cloud".utf8)]))
        func here(_ provider: String, _ text: String, _ namespace: String = "") -> AISCluster.Bucket {
            AISCluster.Bucket(provider, bucket, namespace: namespace, objects: [("x", Data(text.utf8))])
        }
        let cluster = try AISCluster(
            uuid: "rem_Uuid1", buckets: [here("ais", "remote"), here("aws", "through"), here("ais", "team", "@#team")])
        #expect(try scene.onStore("remote", "attach", "remais=\(cluster.url())").status == 0)
        var contents: [String: String] = [:]
        for (uri, uname, text) in [
            ("s3://", "aws/@#", "cloud"), ("ais://@remais/", "ais/@rem_Uuid1#", "remote"),
            ("s3://@remais/", "aws/@rem_Uuid1#", "through"), ("ais://@remais#team/", "ais/@rem_Uuid1#team", "team"),
        ] {
            let run = try scene.prefetch("\(uri)\(bucket)")
            #expect(run.counts == ["moved": 1], run.said)
            contents["\(uname)/\(bucket)"] = text
        }
        for (uri, uname) in [("ais://", "ais/@#"), ("ais://#team/", "ais/@#team")] {
            try scene.put("x", uname)
            #expect(try scene.prefetch(scene.url("x"), "--to", "\(uri)\(bucket)").counts == ["moved": 1])
            contents["\(uname)/\(bucket)"] = uname
        }
        return (scene, cluster, contents)
    }

    private func expect(
        _ contents: [String: String], _ scene: Scene, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let disk = try scene.disk()
        #expect(disk.problems == [], sourceLocation: sourceLocation)
        let found = try disk.objects.map { ($0.bucket, try String(contentsOfFile: $0.path, encoding: .utf8)) }
        #expect(Dictionary(uniqueKeysWithValues: found) == contents, sourceLocation: sourceLocation)
        let bids = try #require(disk.bmd.first).buckets.map(\.bid)
        #expect(Set(bids).count == bids.count, sourceLocation: sourceLocation)
    }

    @Test func noneTouchesAnother() throws {
        let (scene, cluster, all) = try makeScene()
        try expect(all, scene)
        let listed = try scene.onStore("ls").out.split(separator: "\n").map(String.init)
        #expect(
            Set(listed) == [
                "s3://\(bucket)", "ais://\(bucket)", "ais://#team/\(bucket)", "ais://@rem_Uuid1/\(bucket)",
                "ais://@rem_Uuid1#team/\(bucket)", "s3://@rem_Uuid1/\(bucket)",
            ])
        #expect(try scene.verify().counts == ["present": 6])
        // What goes, goes from one of them alone.
        var left = all
        for (uri, uname) in [
            ("ais://@remais/", "ais/@rem_Uuid1#"), ("s3://", "aws/@#"), ("ais://#team/", "ais/@#team"),
            ("s3://@rem_Uuid1/", "aws/@rem_Uuid1#"),
        ] {
            #expect(try scene.reported("evict", ["\(uri)\(bucket)"]).counts == ["evicted": 1])
            left["\(uname)/\(bucket)"] = nil
            try expect(left, scene)
        }
        #expect(try scene.onStore("bucket", "rm", "ais://\(bucket)").status == 0)
        left["ais/@#/\(bucket)"] = nil
        try expect(left, scene)
        #expect(try scene.onStore("ls", "ais://@remais#team/\(bucket)").out.hasSuffix("  x\n"))
        #expect(try cluster.violations() == [])
    }

    @Test func theFirstAccessWritesDownWhatTheProviderSays() throws {
        let (scene, _, _) = try makeScene()
        let server = try CloudSite.shared()
        func shown(_ uri: String, _ prefix: String) throws -> [String] {
            try scene.onStore("bucket", "show", "\(uri)\(bucket)", prefix).out.split(separator: "\n").map {
                $0.split(separator: " ").joined(separator: " ")
            }
        }
        #expect(try shown("s3://", "extra.aws").contains("extra.aws.endpoint \(server.endpoint)"))
        #expect(try shown("s3://", "extra.aws").contains("extra.aws.cloud_region us-east-1"))
        #expect(try shown("s3://", "versioning.enabled") == ["versioning.enabled false"])
        #expect(try shown("ais://", "versioning.enabled") == ["versioning.enabled true"])
        #expect(try shown("ais://@remais/", "versioning.enabled") == ["versioning.enabled false"])
        // Where it was found is enough to find it again.
        scene.environment["AWS_ENDPOINT_URL_S3"] = nil
        scene.environment["AWS_REGION"] = nil
        #expect(try scene.prefetch("s3://\(bucket)").counts == ["present": 1])
    }
}
