import Foundation
import TestSupport
import Testing

@testable import Backends

@Suite struct LaneProxyTests {
    @Test func throughAProxyAndAroundIt() throws {
        let nginx = try LaneServer.nginx
        let proxy = try TinyProxy(connectPorts: [nginx.portNumber(.https)])
        let through = try CurlLane.test { $0.proxy = "http://127.0.0.1:\(proxy.port)" }
        #expect(through.fetch(nginx.url(.http, "small.bin")).body == LaneServer.smallBytes)
        #expect(proxy.log().contains("GET http://127.0.0.1"))
        #expect(through.fetch(nginx.url(.https, "large.bin")).body == LaneServer.largeBytes)
        #expect(proxy.log().contains("CONNECT 127.0.0.1"))
        let refused = through.fetch(nginx.url(.expired, "small.bin"))
        #expect(refused.error?.kind == .proxyRefused, "CONNECT to that port is not allowed")
        #expect(refused.error?.isRetryable == false)
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.0/8", "localhost,127.0.0.1"])
    func someHostsGoAround(_ noProxy: String) throws {
        let lane = try CurlLane.test {
            $0.proxy = "http://127.0.0.1:1"
            $0.noProxy = noProxy.split(separator: ",").map(String.init)
        }
        #expect(try lane.fetch(LaneServer.nginx.url(.http, "small.bin")).body == LaneServer.smallBytes)
    }

    @Test func aProxyMayWantALogin() throws {
        let nginx = try LaneServer.nginx
        let proxy = try TinyProxy(login: "puser ppass", connectPorts: [nginx.portNumber(.https)])
        let without = try CurlLane.test { $0.proxy = "http://127.0.0.1:\(proxy.port)" }
        for port in [NginxServer.Port.http, .https] {
            let error = without.fetch(nginx.url(port, "small.bin")).error
            #expect(error?.kind == .proxyRefused)
            #expect(error?.message.contains("407") == true)
        }
        let with = try CurlLane.test { $0.proxy = "http://puser:ppass@127.0.0.1:\(proxy.port)" }
        #expect(with.fetch(nginx.url(.https, "small.bin")).body == LaneServer.smallBytes)
        #expect(with.fetch(nginx.url(.http, "small.bin")).body == LaneServer.smallBytes)
    }

    @Test(arguments: [
        ("http://host:3128", true), ("host:3128", true), ("host", true), ("https://u:p@host", true),
        ("socks5h://[::1]:1080", true), ("HTTP://host", true), ("", true), ("http://host:port", false),
        ("http://ho st", false), ("http://host:99999", false), ("ftp://host", false), ("http://", false),
        ("http://user:geheim@host:port", false),
    ])
    func aProxyThatIsNoneIsFoundBeforehand(_ text: String, isOne: Bool) {
        var options = NetworkOptions()
        options.proxy = text
        do throws(CredentialError) {
            try options.check()
            #expect(isOne)
        } catch {
            #expect(!isOne && error.description.contains("--proxy") && !error.description.contains("geheim"))
        }
    }

    @Test func headersAreNotTheProxys() throws {
        let nginx = try LaneServer.nginx
        let proxy = try ScriptedServer(answer: "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
        let lane = try CurlLane.test {
            $0.proxy = "http://127.0.0.1:\(proxy.port)"
            $0.headers = [HTTPHeader("X-Api-Key", "key", isSecret: true)]
        }
        let error = lane.fetch(nginx.url(.https, "small.bin")).error
        #expect(error?.kind == .proxyRefused)
        #expect(error?.message.contains("403") == true)
        #expect(proxy.requests.first?.contains("X-Api-Key") == false)
    }
}
