import Foundation
import TestSupport
import Testing

/// Buckets of an attached AIS cluster, through its nodes: listed, planned, fetched, compared and repaired. The store is
/// read back by the independent decoder.
struct RemotePrefetchTests {
    private static let uuid = "gw1OWWdOt"
    private static let shards = (0..<12).map { (name: "train/s-\(10 + $0).bin", data: Scene.bytes(3000 + $0)) }
    private static let team = [(name: "one", data: Data("team".utf8))]
    private static let cloud = [
        (name: "obj", data: Data("cloud".utf8)), (name: "big", data: Scene.bytes(3 << 20, seed: 5)),
    ]

    private func makeCluster(token: String? = nil) throws -> AISCluster {
        try AISCluster(
            uuid: Self.uuid,
            buckets: [
                AISCluster.Bucket("ais", "data", objects: Self.shards),
                AISCluster.Bucket("ais", "nsb", namespace: "@#team", objects: Self.team),
                AISCluster.Bucket(
                    "aws", "cloud", objects: Self.cloud, custom: ["obj": ["source": "aws", "ETag": "e1"]],
                    versions: ["obj": "v77"]),
            ], token: token)
    }

    private func attach(_ cluster: AISCluster, to scene: Scene) throws {
        let urls = "\(cluster.url()),\(cluster.url(proxy: 1))"
        let attached = try scene.onStore("remote", "attach", "remais=\(urls)")
        guard attached.status == 0 else { throw TestSupportError(attached.err) }
        _ = try cluster.requests()
    }

    /// A sound store that holds exactly these objects of `uname`, and a cluster that nobody harmed.
    @discardableResult
    private func expect(
        _ objects: [(name: String, data: Data)], in uname: String, _ scene: Scene, _ cluster: AISCluster,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Disk {
        let disk = try scene.disk()
        #expect(disk.problems == [], sourceLocation: sourceLocation)
        #expect(disk.leftovers == [], sourceLocation: sourceLocation)
        #expect(disk.names == objects.map(\.name).sorted(), sourceLocation: sourceLocation)
        for (name, data) in objects {
            let object = try #require(disk.object(name), sourceLocation: sourceLocation)
            #expect(object.bucket == uname, sourceLocation: sourceLocation)
            #expect(try Data(contentsOf: URL(fileURLWithPath: object.path)) == data, sourceLocation: sourceLocation)
        }
        let bmd = try #require(disk.bmd.first).buckets.map { "\($0.provider)/\($0.ns)/\($0.name)" }
        #expect(bmd.contains(uname), "\(bmd)", sourceLocation: sourceLocation)
        #expect(try cluster.violations() == [], sourceLocation: sourceLocation)
        return disk
    }

    /// Requests for objects since last asked.
    private func objectRequests(_ cluster: AISCluster) throws -> [AISCluster.Request] {
        try cluster.requests().filter { $0.path.hasPrefix("/v1/objects/") }
    }

    @Test(arguments: [
        ("ais://@remais/data", "ais/@gw1OWWdOt#/data", shards),
        ("ais://@gw1OWWdOt#team/nsb", "ais/@gw1OWWdOt#team/nsb", team),
        ("s3://@remais/cloud", "aws/@gw1OWWdOt#/cloud", cloud),
    ])
    func byAliasAndByUUID(_ uri: String, _ uname: String, _ objects: [(name: String, data: Data)]) throws {
        let scene = try Scene()
        let cluster = try makeCluster()
        try attach(cluster, to: scene)
        let run = try scene.prefetch(uri)
        #expect(run.status == 0, run.said)
        #expect(run.counts == ["moved": objects.count], run.said)
        let asked = try objectRequests(cluster)
        #expect(asked.count == objects.count)
        #expect(asked.allSatisfy { cluster.targetPorts[$0.node] != nil }, "straight from the targets")
        let disk = try expect(objects, in: uname, scene, cluster)
        #expect(disk.objects.allSatisfy { $0.custom["source"] == (uri.hasPrefix("ais") ? "ais" : $0.custom["source"]) })
        #expect(disk.object("obj")?.version == (uri.hasPrefix("s3") ? "v77" : nil))
        #expect(disk.object("obj")?.custom["ETag"] == (uri.hasPrefix("s3") ? "e1" : nil))

        let again = try scene.prefetch(uri)
        #expect(again.counts == ["present": objects.count], again.said)
        #expect(try objectRequests(cluster).isEmpty)
        let verified = try scene.verify(uri)
        #expect(verified.counts == ["present": objects.count], verified.said)
        #expect(try scene.onStore("ls", uri).out.split(separator: "\n").count == objects.count)

        try TestSupport.runChecked("truncate", ["-s", "2", try #require(disk.objects.first).path])
        let repaired = try scene.verify(uri, "--repair")
        #expect(repaired.status == 0, repaired.said)
        try expect(objects, in: uname, scene, cluster)
    }

    @Test func aMissingNameIsAskedOfAProxyToo() throws {
        let scene = try Scene(mountpaths: 1)
        let cluster = try makeCluster()
        try attach(cluster, to: scene)
        let run = try scene.prefetch("ais://@remais/data/train/s-{20..23}.bin")
        #expect(run.status == 4, run.said)
        #expect(run.counts == ["moved": 2, "missing": 2], run.said)
        let asked = try objectRequests(cluster)
        for number in [22, 23] {
            let requests = asked.filter { $0.path.contains("/s-\(number).bin") }
            #expect(requests.count == 3, "target, proxy, target as redirected: \(requests)")
        }
        try expect(Array(Self.shards.suffix(2)), in: "ais/@gw1OWWdOt#/data", scene, cluster)
    }

    @Test func listsWhatTheClusterHas() throws {
        let scene = try Scene(mountpaths: 1)
        let cluster = try makeCluster()
        try attach(cluster, to: scene)
        #expect(try scene.prefetch("ais://@remais/data/train/s-1").status == 0)
        let buckets = try scene.onStore("ls", "ais://@remais", "--remote")
        #expect(buckets.out == "ais://@gw1OWWdOt/data  in the store\nais://@gw1OWWdOt#team/nsb\n", "\(buckets.err)")
        let others = try scene.onStore("ls", "s3://@gw1OWWdOt", "--remote")
        #expect(others.out == "s3://@gw1OWWdOt/cloud\n", "\(others.err)")
        let objects = try scene.onStore("ls", "ais://@remais/data", "--remote").out.split(separator: "\n")
        #expect(objects.count == 12)
        #expect(objects.filter { $0.contains("  cached  ") }.count == 10)
        #expect(objects.first?.hasSuffix("train/s-10.bin") == true)
        let plan = try scene.onStore("plan", "ais://@remais/data", "--totals")
        #expect(plan.out.contains("plan: 12 shards: 2 move, 10 present"), "\(plan.out)\(plan.err)")
        #expect(try cluster.violations() == [])
    }

    @Test func aClusterThatWasOfflineIsLearnedByTheRun() throws {
        let scene = try Scene(mountpaths: 1)
        let cluster = try makeCluster()
        try cluster.setDown(cluster.proxyPorts)
        try attach(cluster, to: scene)
        func known() throws -> Bool {
            let files = try FileManager.default.contentsOfDirectory(atPath: scene.store)
            return files.contains { file in
                (try? String(contentsOfFile: "\(scene.store)/\(file)", encoding: .utf8))?.contains(Self.uuid) ?? false
            }
        }
        let away = try scene.prefetch("ais://@remais/data", "--retries", "0")
        #expect(away.status == 1 && away.err.contains("no node answers"), away.said)
        try cluster.setDown([])
        let plan = try scene.onStore("plan", "ais://@remais/data", "--totals")
        #expect(plan.status == 0 && plan.out.contains("12 move"), "\(plan.out)\(plan.err)")
        #expect(try !known(), "a plan writes nothing")
        let run = try scene.prefetch("ais://@remais/data")
        #expect(run.status == 0, run.said)
        #expect(try known())
        try expect(Self.shards, in: "ais/@gw1OWWdOt#/data", scene, cluster)
        let unknown = try scene.prefetch("ais://@other/data")
        #expect(unknown.status == 2)
        #expect(unknown.err.contains("remote attach other=URL"), unknown.said)
    }

    @Test func nodesInTrouble() throws {
        let scene = try Scene()
        let cluster = try makeCluster()
        try attach(cluster, to: scene)
        try cluster.setDown([cluster.proxyPorts[0]])
        try cluster.setRefusing(401)
        let run = try scene.prefetch("ais://@remais/data", "--lanes", "2")
        #expect(run.status == 0, run.said)
        let asked = try objectRequests(cluster)
        #expect(asked.filter { $0.path.contains("pid=") }.count == 12, "by a proxy's redirect")
        #expect(asked.contains { cluster.proxyPorts.map { "p\($0)" }.contains($0.node) })
        try expect(Self.shards, in: "ais/@gw1OWWdOt#/data", scene, cluster)
    }

    @Test func aTargetThatIsDownIsPassedOver() throws {
        let scene = try Scene()
        let cluster = try makeCluster()
        try attach(cluster, to: scene)
        let down = try #require(cluster.targetPorts.values.sorted().first)
        try cluster.setDown([down])
        let run = try scene.prefetch("ais://@remais/data", "--retries", "1", "--lanes", "2")
        // What lies on the target cannot be had; all else can.
        #expect(run.status == 1, run.said)
        #expect((run.counts["moved"] ?? 0) > 0 && (run.counts["failed"] ?? 0) > 0, run.said)
        try cluster.setDown([])
        #expect(try scene.prefetch("ais://@remais/data").status == 0)
        try expect(Self.shards, in: "ais/@gw1OWWdOt#/data", scene, cluster)
    }

    @Test func nodesAreReachedPastAProxy() throws {
        let scene = try Scene(mountpaths: 1)
        let cluster = try makeCluster()
        try attach(cluster, to: scene)
        let proxy = try TinyProxy(connectPorts: [])
        scene.environment["http_proxy"] = "http://127.0.0.1:\(proxy.port)"
        // Targets refuse, so that redirects are followed, too.
        try cluster.setRefusing(403)
        let run = try scene.prefetch("ais://@remais/data")
        #expect(run.status == 0, run.said)
        #expect(!proxy.log().contains("/v1/"), "\(proxy.log())")
        try expect(Self.shards, in: "ais/@gw1OWWdOt#/data", scene, cluster)
    }

    @Test func theTokenGoesToTheNodesAndIsShownNowhere() throws {
        let scene = try Scene(mountpaths: 1)
        let cluster = try makeCluster(token: "geheim77")
        scene.environment["AIS_AUTHN_TOKEN"] = "geheim77"
        try attach(cluster, to: scene)
        scene.environment["AIS_AUTHN_TOKEN"] = nil
        let refused = try scene.prefetch("ais://@remais/data")
        #expect(refused.status == 5, refused.said)
        #expect(refused.err.contains("AIS_AUTHN_TOKEN"), refused.said)
        scene.environment["AIS_AUTHN_TOKEN"] = "geheim77"
        let run = try scene.prefetch("ais://@remais/data")
        #expect(run.status == 0, run.said)
        #expect(!(run.err + run.result.out).contains("geheim77"))
        try expect(Self.shards, in: "ais/@gw1OWWdOt#/data", scene, cluster)
    }

    @Test(arguments: [("ais://@remais/data", shards), ("s3://@remais/cloud", cloud)])
    func throughABackendBucket(_ backend: String, _ objects: [(name: String, data: Data)]) throws {
        let scene = try Scene()
        let cluster = try makeCluster()
        try attach(cluster, to: scene)
        #expect(try scene.onStore("bucket", "create", "ais://nnn").status == 0)
        let set = try scene.onStore("bucket", "set", "ais://nnn", "backend_bck=\(backend)")
        #expect(set.status == 0, "\(set.err)")
        let resolved = backend.replacingOccurrences(of: "remais", with: Self.uuid)
        #expect(try scene.onStore("bucket", "show", "ais://nnn").out.contains(resolved))
        let listed = try scene.onStore("ls", "ais://nnn", "--remote")
        #expect(listed.out.split(separator: "\n").count == objects.count, "\(listed.err)")
        let plan = try scene.onStore("plan", "ais://nnn", "--totals")
        #expect(plan.out.contains("\(objects.count) move"), "\(plan.out)\(plan.err)")
        let run = try scene.prefetch("ais://nnn")
        #expect(run.counts == ["moved": objects.count], run.said)
        let disk = try expect(objects, in: "ais/@#/nnn", scene, cluster)
        let props = try #require(disk.bmd.first?.buckets.first).props
        #expect(props.contains(Self.uuid) && !props.contains("remais"), "\(props)")
        #expect(try scene.prefetch("ais://nnn").counts == ["present": objects.count])

        let victim = try #require(disk.objects.first)
        try TestSupport.runChecked("truncate", ["-s", "2", victim.path])
        #expect(try scene.verify("ais://nnn").status == 3)
        let repaired = try scene.verify("ais://nnn", "--repair")
        #expect(repaired.status == 0, repaired.said)
        try expect(objects, in: "ais/@#/nnn", scene, cluster)
        #expect(try scene.verify("ais://nnn").counts == ["present": objects.count])
    }

    @Test func latestMovesOnlyWhatChanged() throws {
        let scene = try Scene()
        let cluster = try makeCluster()
        try attach(cluster, to: scene)
        let range = "ais://@remais/data/train/s-{10..21}.bin"
        let run = try scene.prefetch(range)
        #expect(run.status == 0, run.said)
        _ = try cluster.requests()
        let same = try scene.prefetch(range, "--latest")
        #expect(same.counts == ["present": 12], same.said)
        let asked = try objectRequests(cluster)
        #expect(asked.count == 12 && asked.allSatisfy { $0.method == "HEAD" }, "\(asked)")
        // The same length: only the checksum tells.
        let text = String(repeating: "x", count: 3004)
        try cluster.replace("train/s-14.bin", in: "data", text: text)
        #expect(try scene.prefetch(range).counts == ["present": 12])
        let changed = try scene.prefetch(range, "--latest")
        #expect(changed.counts == ["present": 11, "updated": 1], changed.said)
        let now = Self.shards.map { $0.name == "train/s-14.bin" ? ($0.name, Data(text.utf8)) : $0 }
        try expect(now, in: "ais/@gw1OWWdOt#/data", scene, cluster)
        // A listing tells it without being asked.
        try cluster.replace("train/s-15.bin", in: "data", text: text + "y")
        let listed = try scene.prefetch("ais://@remais/data")
        #expect(listed.counts == ["present": 11, "updated": 1], listed.said)
        #expect(try cluster.violations() == [])
    }
}
