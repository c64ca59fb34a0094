import Foundation
import TestSupport
import Testing

@testable import Backends

@Suite struct LaneRedirectTests {
    private static func redirect(to location: String, status: Int = 302) -> String {
        "HTTP/1.1 \(status) Moved\r\nContent-Length: 2\r\nLocation: \(location)\r\n\r\nhi"
    }

    private static let secretHeaders = [
        HTTPHeader("Authorization", "Bearer tok123", isSecret: true), HTTPHeader("Cookie", "session=1", isSecret: true),
        HTTPHeader("X-Api-Key", "key", isSecret: true),
    ]

    @Test(arguments: ["redir/small.bin", "redir308/small.bin", "redirhttps/small.bin", "redir/large.bin"])
    func redirectsAreFollowed(_ path: String) throws {
        let nginx = try LaneServer.nginx
        let fetched = try CurlLane.test().fetch(nginx.url(.http, path))
        #expect(fetched.error == nil)
        #expect(fetched.head?.redirects == 1)
        let name = String(path.drop { $0 != "/" }.dropFirst())
        #expect(fetched.head?.url == nginx.url(path.hasPrefix("redirhttps") ? .https : .http, name))
        #expect(fetched.body == (name == "small.bin" ? LaneServer.smallBytes : LaneServer.largeBytes))
    }

    @Test func relativeLocationsAreResolved() throws {
        let server = try ScriptedServer([
            [.request, .send(Self.redirect(to: "../c?d=1"))],
            [.request, .send(Self.redirect(to: "//127.0.0.1:PORT/e"))],
            [.request, .send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")],
        ])
        let fetched = try CurlLane.test().fetch(server.url("a/b/x"))
        #expect(server.requests.first?.hasPrefix("GET /a/b/x ") == true)
        #expect(server.requests.dropFirst().first?.hasPrefix("GET /a/c?d=1 ") == true)
        #expect(fetched.error?.kind == .badRedirect, "PORT is no port")
    }

    @Test func aCircleIsNamed() throws {
        let nginx = try LaneServer.nginx
        let fetched = try CurlLane.test().fetch(nginx.url(.http, "redirloop/x"))
        #expect(fetched.error?.kind == .redirectLoop(nginx.url(.http, "redirloop/again")))
        #expect(fetched.error?.isRetryable == false)
    }

    @Test func tenHopsAndNoMore() throws {
        let hops = (0..<12).map { [ScriptedServer.Step.request, .send(Self.redirect(to: "/\($0)"))] }
        let server = try ScriptedServer(hops)
        #expect(try CurlLane.test().fetch(server.url("start")).error?.kind == .tooManyRedirects)
        #expect(server.requests.count == 11)
        let good = ScriptedServer.Step.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let ten = try ScriptedServer(Array(hops[..<10]) + [[.request, good]])
        let fetched = try CurlLane.test().fetch(ten.url("start"))
        #expect(fetched.error == nil)
        #expect(fetched.head?.redirects == 10)
    }

    @Test func nothingSecretCrossesAnOrigin() throws {
        let nginx = try LaneServer.nginx
        let lane = try CurlLane.test { $0.headers = Self.secretHeaders }
        let direct = lane.fetch(nginx.url(.otherHost, "small.bin"))
        #expect(direct.head?.headers["X-Saw-Auth"] == "Bearer tok123")
        let crossed = lane.fetch(nginx.url(.http, "redirhost/small.bin"))
        #expect(crossed.head?.status == 200)
        #expect(crossed.head?.headers["X-Saw-Auth"] ?? "" == "")
        let login = try CurlLane.test().fetch(
            nginx.url(.http, "redirhost/small.bin").replacing("http://", with: "http://user:pass@"))
        #expect(login.head?.headers["X-Saw-Auth"] ?? "" == "")
    }

    @Test func noHeaderOfOursReachesTheOtherOrigin() throws {
        let other = try ScriptedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let home = try ScriptedServer(answer: Self.redirect(to: "http://evil:pw@localhost:\(other.port)/y"))
        let lane = try CurlLane.test { $0.headers = Self.secretHeaders }
        let request = HTTPRequest(
            url: "http://user:pass@127.0.0.1:\(home.port)/x",
            headers: [HTTPHeader("If-Match", "\"1\""), HTTPHeader("X-Signature", "s", isSecret: true)])
        #expect(lane.fetch(request).head?.status == 200)
        let sent = try #require(home.requests.first)
        #expect(sent.contains("X-Api-Key: key") && sent.contains("Cookie: ") && sent.contains("X-Signature: s"))
        let seen = try #require(other.requests.first).lowercased()
        for secret in ["authorization", "cookie", "x-api-key", "x-signature", "user", "evil"] {
            #expect(!seen.replacing("user-agent", with: "").contains(secret), "\(secret)")
        }
        #expect(seen.contains("if-match: \"1\""))
    }

    @Test func aWayHomeIsHomeAgain() throws {
        let nginx = try LaneServer.nginx
        let away = try ScriptedServer(answer: Self.redirect(to: nginx.url(.otherHost, "small.bin")))
        let lane = try CurlLane.test { $0.headers = Self.secretHeaders }
        #expect(lane.fetch(away.url("x")).head?.headers["X-Saw-Auth"] ?? "" == "", "not the source's origin")
    }

    @Test func withCredentialsNeverFromHTTPSToHTTP() throws {
        let nginx = try LaneServer.nginx
        let url = nginx.url(.https, "redirhost/small.bin")
        let lane = try CurlLane.test { $0.headers = Self.secretHeaders }
        #expect(lane.fetch(url).error?.kind == .badRedirect)
        #expect(try CurlLane.test().fetch(url).head?.status == 200, "without credentials it may")
        let login = try CurlLane.test().fetch(url.replacing("https://", with: "https://user:pass@"))
        #expect(login.error?.kind == .badRedirect)
        #expect(login.error?.description.contains("pass") == false)
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://", "gopher://127.0.0.1:1/x"])
    func onlyHTTPIsALocation(_ location: String) throws {
        let server = try ScriptedServer(answer: Self.redirect(to: location))
        #expect(try CurlLane.test().fetch(server.url("x")).error?.kind == .badRedirect)
    }

    @Test func anEndlessRedirectBodyIsNotRead() throws {
        let good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        let server = try ScriptedServer([
            [
                .request, .send("HTTP/1.1 302 Found\r\nLocation: /y\r\n\r\n"),
                .flood("aaaaaaaaaaaaaaaa", times: 1 << 22),
            ],
            [.request, .send(good)],
        ])
        #expect(try CurlLane.test().fetch(server.url("x")).body == Array("ok".utf8))
    }

    @Test func aRedirectWithoutALocationIsAnAnswer() throws {
        let server = try ScriptedServer(answer: "HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nhi")
        let fetched = try CurlLane.test().fetch(server.url("x"))
        #expect(fetched.error == nil)
        #expect(fetched.head?.status == 302)
    }
}
