import ObjectModel
import Synchronization
import Testing

@testable import Backends

/// Which node a request goes to, without a network.
@Suite struct AISNodesTests {
    private static func map(proxies: Int, targets: Int) throws -> ClusterMap {
        func node(_ id: String, _ port: Int) -> String {
            #""\#(id)":{"daemon_id":"\#(id)","flags":0,"public_net":{"direct_url":"http://10.0.0.1:\#(port)"}}"#
        }
        let pmap = (0..<proxies).map { node("p\($0)", 80 + $0) }.joined(separator: ",")
        let tmap = (0..<targets).map { node("t\($0)", 9000 + $0) }.joined(separator: ",")
        let text = #"{"uuid":"u","version":"1","proxy_si":{"daemon_id":"p0"},"pmap":{\#(pmap)},"tmap":{\#(tmap)}}"#
        return try ClusterMap(parsing: Array(text.utf8), subject: "test")
    }

    private static func nodes(
        proxies: Int = 3, targets: Int = 4, token: String? = nil, now: @escaping @Sendable () -> Double = { 0 }
    ) throws -> (ClusterNodes, AISBackend) {
        let bucket = try Bucket(provider: .aws, name: "data")
        let nodes = ClusterNodes(
            try map(proxies: proxies, targets: targets), bucket: bucket, token: token, turn: 0, now: now)
        return (nodes, AISBackend(bucket, there: bucket, nodes: nodes))
    }

    private static func origins(_ nodes: [ClusterMap.Node]) -> [String?] { nodes.map(\.origin) }

    private func origin(_ nodes: ClusterNodes, _ request: HTTPRequest) throws -> String {
        try #require(URLText.origin(of: try nodes.authorize(request).url))
    }

    @Test func objectsGoToTheirTargetAndTheRestRound() throws {
        let (nodes, backend) = try Self.nodes()
        for name in ["a", "b/c d%", "日本", "e?f"] {
            let asked = try nodes.authorize(HTTPRequest(url: backend.url(of: name)))
            let owner = HRW.target(
                for: HRW.digest("aws/@#/data/\(name)"), among: nodes.map.targets.map(\.id))
            let target = try #require(nodes.map.targets.first { $0.id == owner })
            #expect(asked.url.hasPrefix(target.origin + "/v1/objects/data/"))
            #expect(asked.avoidsProxy)
        }
        let heads = try (0..<6).map { _ in try origin(nodes, backend.bucketRequest()) }
        #expect(Set(heads) == ["http://10.0.0.1", "http://10.0.0.1:81", "http://10.0.0.1:82"])
        #expect(heads[0] == heads[3])
    }

    @Test func aSilentTargetIsPassedOverForAWhile() throws {
        let box = ClockBox()
        let (nodes, backend) = try Self.nodes(now: { box.now })
        let request = HTTPRequest(url: backend.url(of: "a"))
        let first = try nodes.authorize(request)
        #expect(Self.origins(nodes.map.targets).contains(URLText.origin(of: first.url)))
        nodes.unreachable(first, TransportError(.connect, url: URLText.redacted(first.url), message: "no"))
        let second = try nodes.authorize(request)
        #expect(Self.origins(nodes.map.proxies).contains(URLText.origin(of: second.url)))
        box.now = 31
        #expect(try nodes.authorize(request).url == first.url)
    }

    @Test func aSilentTargetBehindARedirectIsNotTheProxysFault() throws {
        let (nodes, backend) = try Self.nodes(proxies: 1)
        let request = HTTPRequest(url: backend.url(of: "a") + ClusterNodes.proxyMark)
        let asked = try nodes.authorize(request)
        #expect(asked.url.hasPrefix("http://10.0.0.1/v1"))
        #expect(!asked.url.contains("#"))
        let target = try origin(nodes, HTTPRequest(url: backend.url(of: "a")))
        nodes.unreachable(asked, TransportError(.connect, url: target + "/v1/objects/data/a", message: "no"))
        #expect(try origin(nodes, HTTPRequest(url: backend.url(of: "a"))) == "http://10.0.0.1")
    }

    @Test func whenAllAreSilentTheOneDownLongestIsTried() throws {
        let box = ClockBox()
        let (nodes, backend) = try Self.nodes(proxies: 2, now: { box.now })
        for _ in 0..<2 {
            let asked = try nodes.authorize(backend.bucketRequest())
            nodes.unreachable(asked, TransportError(.connect, url: URLText.redacted(asked.url), message: "no"))
            box.now += 1
        }
        let next = try origin(nodes, backend.bucketRequest())
        nodes.unreachable(
            try nodes.authorize(backend.bucketRequest()), TransportError(.connect, url: next, message: "no"))
        #expect(try origin(nodes, backend.bucketRequest()) != next)
    }

    @Test func aTargetsRefusalSendsTheRunToProxies() throws {
        let (nodes, backend) = try Self.nodes()
        let request = HTTPRequest(url: backend.url(of: "a"))
        let asked = try nodes.authorize(request)
        #expect(nodes.renew(after: asked))
        let again = try nodes.authorize(request)
        #expect(Self.origins(nodes.map.proxies).contains(URLText.origin(of: again.url)))
        #expect(!nodes.renew(after: again))
        // Another lane's request that was under way to a target may be asked again too.
        #expect(nodes.renew(after: asked))
    }

    @Test func theTokenIsSecretAndReplacesNothing() throws {
        let (nodes, backend) = try Self.nodes(token: "geheim")
        let asked = try nodes.authorize(backend.listRequest(ListQuery()))
        let field = try #require(asked.headers.first { $0.name == "Authorization" })
        #expect(field.value == "Bearer geheim" && field.isSecret)
        #expect(asked.headers.contains { $0.name == "Content-Type" })
    }

    @Test func aMapWithoutProxiesIsRefused() throws {
        let (nodes, backend) = try Self.nodes(proxies: 0)
        #expect(throws: BackendError.self) { try nodes.authorize(backend.bucketRequest()) }
    }
}

/// A clock that a test sets.
private final class ClockBox: Sendable {
    private let value = Mutex(0.0)
    var now: Double {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}
