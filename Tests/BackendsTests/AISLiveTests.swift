import Foundation
import ObjectModel
import TestSupport
import Testing

@testable import Backends

/// Against nodes that behave like the recorded cluster. One test after the other: they share its knobs.
@Suite(.serialized) struct AISLiveTests {
    private static let objects = (0..<25).map { index in
        (name: "train/shard-\(String(1000 + index).dropFirst()).tar", data: Data(LaneData.bytes(1000 + index, seed: 7)))
    }

    private static let shared = Result {
        try AISCluster(
            buckets: [
                AISCluster.Bucket("ais", "data", objects: objects + [("zero", Data()), ("a b%?#ü", Data("x".utf8))]),
                AISCluster.Bucket("ais", "nsb", namespace: "@#team", objects: [("one", Data("team".utf8))]),
                AISCluster.Bucket(
                    "aws", "cloud", objects: [("obj", Data("cloud".utf8))],
                    custom: ["obj": ["source": "aws", "ETag": "e1", "md5": "0cc1"]], versions: ["obj": "v77"]),
            ],
            reachable: [AISCluster.Bucket("aws", "elsewhere")])
    }

    private let cluster: AISCluster
    private let environment: CloudEnvironment

    init() throws {
        cluster = try Self.shared.get()
        try cluster.setDown([])
        try cluster.setRefusing(nil)
        try cluster.setToken(nil)
        try cluster.setRepeatingPages(false)
        _ = try cluster.requests()
        environment = Self.environment()
    }

    static func environment(
        _ variables: [String: String] = [:], _ change: (inout NetworkOptions) -> Void = { _ in }
    ) -> CloudEnvironment {
        var network = NetworkOptions()
        network.netrcFile = "/dev/null"
        network.proxy = ""
        change(&network)
        var retry = RetryPolicy(retries: 4)
        retry.baseSeconds = 0.02
        return CloudEnvironment(variables: variables, home: "/nonexistent", network: network, retry: retry)
    }

    private func remote(_ urls: [String]? = nil) -> RemoteCluster {
        RemoteCluster(alias: "remais", uuid: cluster.uuid, urls: urls ?? [cluster.url(), cluster.url(proxy: 1)])
    }

    private func connect(
        _ uri: String, _ environment: CloudEnvironment? = nil, urls: [String]? = nil, lookup: Bool = true
    ) throws -> ConnectedBucket {
        let bucket = try #require(try ObjectURI(parsing: uri).bucket)
        return try AISProvider.connect(
            BucketAddress(bucket, cluster: remote(urls)), in: environment ?? self.environment, lookup: lookup)
    }

    private func get(_ name: String, _ backend: any BucketBackend, _ environment: CloudEnvironment? = nil) throws
        -> (head: HTTPResponseHead, body: [UInt8])
    {
        try (environment ?? self.environment).makeLane().ask(
            backend.objectRequest(backend.url(of: name), resume: nil), backend.authorizer, subject: name,
            bodyLimit: 1 << 20)
    }

    private func clean() throws { #expect(try cluster.violations().isEmpty) }

    @Test(arguments: [
        ("ais://@gw1OWWdOt/data", "zero", ""), ("ais://@gw1OWWdOt/data", "a b%?#ü", "x"),
        ("ais://@gw1OWWdOt#team/nsb", "one", "team"), ("s3://@gw1OWWdOt/cloud", "obj", "cloud"),
    ])
    func readsObjectsFromTheirTargets(_ uri: String, _ name: String, _ text: String) throws {
        let backend = try connect(uri).backend
        _ = try cluster.requests()
        let (head, body) = try get(name, backend)
        #expect(head.status == 200)
        #expect(String(decoding: body, as: UTF8.self) == text)
        let asked = try cluster.requests()
        #expect(asked.count == 1)
        #expect(asked.allSatisfy { cluster.targetPorts[$0.node] != nil })
        try clean()
    }

    @Test func listsInPages() throws {
        let backend = try connect("ais://@gw1OWWdOt/data").backend
        let lane = environment.makeLane()
        var query = ListQuery(prefix: "train/", pageSize: 10)
        query.startAfter = "train/shard-004.tar"
        var names: [String] = []
        var pages = 0
        repeat {
            let (head, body) = try lane.ask(
                backend.listRequest(query), backend.authorizer, subject: "data", bodyLimit: 1 << 20)
            let page = try backend.listPage(head, body: body, of: query)
            names += page.entries.map(\.name)
            query.token = page.next
            pages += 1
        } while query.token != nil && pages < 10
        #expect(names == Self.objects.dropFirst(5).map(\.name))
        #expect(pages == 2)
        // The pages came from both proxies.
        #expect(Set(try cluster.requests().suffix(2).map(\.node)).count == 2)
        try clean()
    }

    @Test func saysWhatIsMissing() throws {
        #expect(throws: BackendError.self) { try connect("ais://@gw1OWWdOt/nope") }
        #expect(try connect("s3://@gw1OWWdOt/elsewhere").facts == BucketFacts())
        let backend = try connect("ais://@gw1OWWdOt/data").backend
        let url = backend.url(of: "nope")
        let (head, body) = try get("nope", backend)
        let answer = backend.answer(
            head, to: HTTPRequest(url: url), resume: nil, errorBody: body, now: 0)
        guard case .elsewhere(let again) = answer else {
            Issue.record("a target's word was taken: \(answer)")
            return
        }
        let (last, error) = try environment.makeLane().ask(
            HTTPRequest(url: again), backend.authorizer, subject: "nope", bodyLimit: 1 << 20)
        #expect(
            backend.answer(last, to: HTTPRequest(url: again), resume: nil, errorBody: error, now: 0)
                == .missing(status: 404))
        #expect(last.redirects == 1)
        try clean()
    }

    @Test func goesOnWithOneProxyDown() throws {
        try cluster.setDown([cluster.proxyPorts[1]])
        let backend = try connect("ais://@gw1OWWdOt/data", urls: [cluster.url(proxy: 1), cluster.url()]).backend
        for _ in 0..<4 {
            let (head, _) = try environment.makeLane().ask(
                backend.bucketRequest(), backend.authorizer, subject: "data", bodyLimit: 1 << 20)
            #expect(head.status == 200)
        }
        try clean()
    }

    @Test func takesTheProxiesThatWereKnownLast() throws {
        let map = try ClusterFinder.map(of: remote(), in: environment)
        let gone = "http://127.0.0.1:\(try ServerProcess.freePort())"
        let known = RemoteCluster(alias: "remais", uuid: map.uuid, urls: [gone], smap: map.kept.text())
        #expect(try ClusterFinder.mapNow(of: known, in: environment) == map)
        let unknown = RemoteCluster(alias: "remais", urls: [gone])
        #expect(throws: BackendError.self) { try ClusterFinder.mapNow(of: unknown, in: environment) }
        var other = remote()
        other.uuid = "somebodyE"
        #expect(throws: BackendError.self) { try ClusterFinder.map(of: other, in: environment) }
    }

    @Test func aTargetThatIsDownIsAskedThroughAProxy() throws {
        let backend = try connect("ais://@gw1OWWdOt/data").backend
        try cluster.setDown(Array(cluster.targetPorts.values))
        #expect(throws: BackendError.self) { try get("zero", backend) }
        let asked = try cluster.requests().filter { $0.path.contains("/objects/") }
        #expect(!asked.isEmpty)
        #expect(asked.allSatisfy { $0.node.hasPrefix("p") })
        try cluster.setDown([])
        #expect(try get("zero", backend).head.status == 200)
        try clean()
    }

    @Test(arguments: [401, 403])
    func aTargetsRefusalIsAnsweredByProxiesAlone(_ status: Int) throws {
        let backend = try connect("ais://@gw1OWWdOt/data").backend
        try cluster.setRefusing(status)
        _ = try cluster.requests()
        for object in Self.objects.prefix(3) {
            let (head, body) = try get(object.name, backend)
            #expect(head.status == 200)
            #expect(body == Array(object.data))
        }
        let direct = try cluster.requests().filter { cluster.targetPorts[$0.node] != nil && !$0.path.contains("pid=") }
        #expect(direct.count == 1)
        try clean()
    }

    @Test func aChangedObjectStartsOver() throws {
        let backend = try connect("ais://@gw1OWWdOt/data").backend
        try cluster.replace("moving", in: "data", text: "0123456789")
        let request = backend.objectRequest(backend.url(of: "moving"), resume: nil)
        let (head, _) = try get("moving", backend)
        guard
            case .body(_, _, let validator) = backend.answer(
                head, to: request, resume: nil, errorBody: [], now: 0)
        else {
            Issue.record("no body")
            return
        }
        let resume = try #require(ResumePoint(keptBytes: 4, validator: validator))
        let rest = backend.objectRequest(backend.url(of: "moving"), resume: resume)
        let lane = environment.makeLane()
        let same = try lane.ask(rest, backend.authorizer, subject: "moving", bodyLimit: 100)
        #expect(String(decoding: same.body, as: UTF8.self) == "456789")
        guard case .partial = backend.answer(same.head, to: rest, resume: resume, errorBody: [], now: 0) else {
            Issue.record("the rest was not taken")
            return
        }
        try cluster.replace("moving", in: "data", text: "9876543210")
        let other = try lane.ask(rest, backend.authorizer, subject: "moving", bodyLimit: 100)
        guard case .startOver = backend.answer(other.head, to: rest, resume: resume, errorBody: [], now: 0) else {
            Issue.record("another object's rest was taken")
            return
        }
        try cluster.replace("moving", in: "data", text: "")
    }

    @Test func sendsTheTokenToTheClustersNodes() throws {
        try cluster.setToken("geheim")
        #expect(throws: BackendError.self) { try connect("ais://@gw1OWWdOt/data") }
        let environment = Self.environment(["AIS_AUTHN_TOKEN": "geheim"])
        let backend = try connect("ais://@gw1OWWdOt/data", environment).backend
        #expect(try get("zero", backend, environment).head.status == 200)
        try clean()
    }

    @Test func goesAroundAProxyServer() throws {
        // Nothing listens there: whatever went to it would fail.
        let nobody = "http://127.0.0.1:\(try ServerProcess.freePort())"
        let environment = Self.environment { $0.proxy = nobody }
        let map = try ClusterFinder.map(of: remote(), in: self.environment)
        var known = remote()
        known.smap = map.kept.text()
        let bucket = try #require(try ObjectURI(parsing: "ais://@gw1OWWdOt/data").bucket)
        let backend = try AISProvider.connect(
            BucketAddress(bucket, cluster: known), in: environment, lookup: true
        ).backend
        #expect(try get("zero", backend, environment).head.status == 200)
        try cluster.setRefusing(403)
        #expect(try get("zero", backend, environment).head.redirects == 1)
        try clean()
    }

    @Test func listsBuckets() throws {
        func buckets(_ uri: String) throws -> [String] {
            let uri = try ObjectURI(parsing: uri)
            let any = try Bucket(provider: uri.provider, namespace: uri.namespace, name: "any")
            return try AISProvider.buckets(BucketAddress(any, cluster: remote()), in: environment).map(\.cname)
        }
        #expect(try buckets("ais://@gw1OWWdOt/any").contains("ais://@gw1OWWdOt/data"))
        #expect(try buckets("ais://@gw1OWWdOt#team/any") == ["ais://@gw1OWWdOt#team/nsb"])
        #expect(try buckets("s3://@gw1OWWdOt/any").contains("s3://@gw1OWWdOt/cloud"))
    }

    @Test func changesOnlyWhatIsHarmless() throws {
        let client = try ClusterClient.connect(remote(), in: environment)
        #expect(client.isHealthy())
        let own = try Bucket(provider: .ais, name: "made")
        #expect(try client.head(own) == nil)
        #expect(try client.create(own))
        #expect(try !client.create(own))
        let props = try #require(try client.head(own))
        #expect(props.bid >> 63 == 1)
        try client.set(own, props: ["mirror": ["enabled": true]])
        #expect(try client.head(own)?.props["mirror"]?["enabled"] == true)
        let scratch = try TestSupport.scratch("put")
        let file = FileBody(path: try scratch.write("body", "hello"), byteCount: 5)
        #expect(try client.put(file, as: "a/b", in: own, props)?.hex == "26c7827d889f6da3")
        #expect(throws: BackendError.self, "shorter than announced") {
            try client.put(FileBody(path: file.path, byteCount: 6), as: "a/b", in: own, props)
        }
        #expect(throws: BackendError.self, "not there") {
            try client.put(FileBody(path: file.path + "x", byteCount: 5), as: "a/b", in: own, props)
        }
        try client.setCustom([.init("source", "web")], of: "a/b", in: own)
        try client.delete("a/b", in: own, props)
        try client.delete("a/b", in: own, props)
        try client.destroy(own, props)
        let cloud = try Bucket(provider: .aws, name: "cloud")
        let there = try #require(try client.head(cloud))
        #expect(there.bid >> 63 == 0)
        try cluster.replace("evictable", in: "cloud", provider: "aws", text: "x")
        try client.evict("evictable", in: cloud, there)
        #expect(throws: BackendError.self) { try client.put(file, as: "x", in: cloud, there) }
        #expect(throws: BackendError.self) { try client.delete("obj", in: cloud, there) }
        #expect(throws: BackendError.self) { try client.destroy(cloud, there) }
        #expect(throws: BackendError.self) { try client.create(cloud) }
        #expect(throws: BackendError.self) { try client.evict("x", in: own, props) }
        try clean()
    }
}
