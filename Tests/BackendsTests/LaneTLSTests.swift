import Foundation
import TestSupport
import Testing

@testable import Backends

@Suite struct LaneTLSTests {
    private static let unverified = "--insecure-host 127.0.0.1 takes it unverified"

    @Test(arguments: ["small.bin", "large.bin", "chunked/large.bin"])
    func http2OverTLS(_ path: String) throws {
        let nginx = try LaneServer.nginx
        let lane = try CurlLane.test()
        let fetched = lane.fetch(nginx.url(.https, path + "?h2"))
        #expect(fetched.error == nil)
        #expect(fetched.head?.httpVersion == "2")
        #expect(fetched.body == (path == "small.bin" ? LaneServer.smallBytes : LaneServer.largeBytes))
        #expect(lane.fetch(nginx.url(.https, "small.bin?h2again=\(path)")).error == nil)
        #expect(lane.fetch(nginx.url(.https, "small.bin?h2again=\(path)")).error == nil)
        let lines = try nginx.accessLog(marker: "h2again=\(path)", count: 2)
        #expect(Set(lines.map(\.connection)).count == 1)
        #expect(lines.first?.version == "HTTP/2.0")
    }

    @Test func aCutBodyOverHTTP2() throws {
        let fetched = try CurlLane.test().fetch(LaneServer.nginx.url(.https, "cut/2000000/large.bin"))
        #expect(fetched.error?.isRetryable == true)
        #expect(fetched.body.count <= 2_000_000)
        #expect(fetched.body == Array(LaneServer.largeBytes[..<fetched.body.count]))
    }

    @Test func anUnknownAuthority() throws {
        let fetched = try CurlLane.test { $0.caFile = nil }.fetch(LaneServer.nginx.url(.https, "small.bin"))
        #expect(fetched.error?.kind == .tls)
        #expect(fetched.error?.message.contains("--cacert FILE") == true)
        #expect(fetched.error?.isRetryable == false)
    }

    @Test func anExpiredCertificate() throws {
        let fetched = try CurlLane.test().fetch(LaneServer.nginx.url(.expired, "small.bin"))
        #expect(fetched.error?.kind == .tls)
        #expect(
            fetched.error?.message
                == "the certificate of 127.0.0.1 has expired: check this machine's clock; \(Self.unverified)")
    }

    @Test func aCertificateOfAnotherHost() throws {
        let fetched = try CurlLane.test().fetch(LaneServer.nginx.url(.wrongHost, "small.bin"))
        #expect(fetched.error?.kind == .tls)
        #expect(
            fetched.error?.message
                == "the certificate of 127.0.0.1 is for another host: ask for the host that it names; \(Self.unverified)"
        )
    }

    @Test func insecureHostsAreNamedOneByOne() throws {
        let nginx = try LaneServer.nginx
        let lane = try CurlLane.test { $0.insecureHosts = ["LocalHost"] }
        #expect(lane.fetch(nginx.url(.wrongHost, "small.bin", host: "localhost")).body == LaneServer.smallBytes)
        #expect(lane.fetch(nginx.url(.expired, "small.bin", host: "localhost")).error == nil)
        #expect(lane.fetch(nginx.url(.wrongHost, "small.bin")).error?.kind == .tls)
        #expect(lane.fetch(nginx.url(.wrongHost, "small.bin", host: "localhost")).error == nil)
    }

    @Test func insecureHostsAreJudgedAgainAtEachHop() throws {
        let nginx = try LaneServer.nginx
        let server = try ScriptedServer(
            answer: "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: \(nginx.url(.wrongHost, "small.bin"))\r\n\r\n"
        )
        let lane = try CurlLane.test { $0.insecureHosts = ["localhost"] }
        let fetched = lane.fetch("http://localhost:\(server.port)/x")
        #expect(fetched.error?.kind == .tls)
    }

    @Test func clientCertificates() throws {
        let nginx = try LaneServer.nginx
        let pki = nginx.pki
        #expect(try CurlLane.test().fetch(nginx.url(.mtls, "small.bin")).head?.status == 400)
        let lane = try CurlLane.test {
            $0.certificateFile = pki.clientCertificate
            $0.keyFile = pki.clientKey
        }
        #expect(lane.fetch(nginx.url(.mtls, "small.bin")).body == LaneServer.smallBytes)
        let server = try ScriptedServer(
            answer: "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: \(nginx.url(.mtls, "small.bin"))\r\n\r\n")
        #expect(lane.fetch(server.url("x")).head?.status == 400, "another origin does not get the certificate")
        let broken = try CurlLane.test { $0.certificateFile = "/dev/null" }
        let error = broken.fetch(nginx.url(.mtls, "small.bin")).error
        #expect(error?.kind == .tls)
        #expect(error?.message.contains("--cert") == true)
    }

    @Test func aMissingCAFile() throws {
        let error = try CurlLane.test { $0.caFile = "/nowhere/ca.pem" }.fetch(LaneServer.nginx.url(.https, "x")).error
        #expect(error?.kind == .tls)
        #expect(error?.message.contains("--cacert") == true)
    }

    @Test func plainTextWhereTLSIsExpected() throws {
        let server = try ScriptedServer([[.send("HTTP/1.1 200 OK\r\n\r\n")]])
        let error = try CurlLane.test().fetch("https://127.0.0.1:\(server.port)/x").error
        #expect(error?.kind == .tls)
    }
}
