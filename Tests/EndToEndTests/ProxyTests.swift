import Foundation
import TestSupport
import Testing

/// Forward proxies, by flag and by environment.
struct ProxyTests {
    private func scene() throws -> Scene {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", Scene.bytes(2000))
        return scene
    }

    @Test func httpGoesThroughTheProxy() throws {
        let scene = try scene()
        let proxy = try TinyProxy(connectPorts: [])
        let run = try scene.prefetch(
            scene.url("x.bin"), "--to", "ais://b", "--proxy", "http://127.0.0.1:\(proxy.port)")
        #expect(run.status == 0, run.said)
        #expect(proxy.log().contains(scene.folder))
        try scene.expectStored(["x.bin": "x.bin"])
    }

    @Test func httpsGoesThroughATunnel() throws {
        let scene = try scene()
        let port = scene.site.portNumber(.https)
        let proxy = try TinyProxy(login: "puser ppass", connectPorts: [port])
        let flags = ["--to", "ais://b", "--cacert", scene.site.pki.caFile]
        let url = scene.url("x.bin", at: .https)
        let refused = try scene.reported("prefetch", [url, "--proxy", "http://127.0.0.1:\(proxy.port)"] + flags)
        #expect(refused.status != 0 && refused.err.contains("407"), refused.said)
        let late = try scene.reported(
            "prefetch", [url, "--proxy", "http://127.0.0.1:\(proxy.port)", "--skip-lookup"] + flags)
        #expect(late.status == 5 && late.report?.summary.retries == 0, late.said)
        let run = try scene.reported(
            "prefetch", [url, "--proxy", "http://puser:ppass@127.0.0.1:\(proxy.port)"] + flags)
        #expect(run.status == 0, run.said)
        #expect(proxy.log().contains("CONNECT"))
        #expect(!(refused.err + run.err + run.result.out).contains("ppass"))
    }

    @Test func theEnvironmentNamesAProxyAndItsExceptions() throws {
        let scene = try scene()
        let proxy = try TinyProxy(connectPorts: [])
        scene.environment["http_proxy"] = "http://127.0.0.1:\(proxy.port)"
        scene.environment["no_proxy"] = "127.0.0.0/8"
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://direct").status == 0)
        #expect(!proxy.log().contains(scene.folder))
        scene.environment["no_proxy"] = "example.org"
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://through").status == 0)
        #expect(proxy.log().contains(scene.folder))
    }

    @Test func noproxyWinsOverProxy() throws {
        let scene = try scene()
        let proxy = try TinyProxy(connectPorts: [])
        let run = try scene.prefetch(
            scene.url("x.bin"), "--to", "ais://b", "--proxy", "http://127.0.0.1:\(proxy.port)", "--noproxy", "127.0.0.1"
        )
        #expect(run.status == 0, run.said)
        #expect(!proxy.log().contains(scene.folder))
    }
}
