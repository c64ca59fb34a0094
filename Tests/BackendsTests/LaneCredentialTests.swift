import Foundation
import TestSupport
import Testing

@testable import Backends

@Suite struct LaneCredentialTests {
    @Test func userinfo() throws {
        let nginx = try LaneServer.nginx
        let lane = try CurlLane.test()
        #expect(lane.fetch(nginx.url(.http, "basic/small.bin")).head?.status == 401)
        let url = nginx.url(.http, "basic/small.bin").replacing("http://", with: "http://user:p%61ss@")
        let fetched = lane.fetch(url)
        #expect(fetched.body == LaneServer.smallBytes)
        #expect(fetched.head?.url == nginx.url(.http, "basic/small.bin"))
        #expect(lane.fetch(url).head?.status == 200)
        #expect(lane.fetch(nginx.url(.http, "basic/small.bin")).head?.status == 401, "logins are not remembered")
    }

    @Test func netrc() throws {
        let nginx = try LaneServer.nginx
        let scratch = try TestSupport.scratch("netrc")
        let file = try scratch.write(
            "netrc", "machine 127.0.0.1\n  login user password pass\nmachine localhost login user password no\n")
        chmod(file, 0o600)
        let lane = try CurlLane.test { $0.netrcFile = file }
        #expect(lane.fetch(nginx.url(.http, "basic/small.bin")).body == LaneServer.smallBytes)
        #expect(lane.fetch(nginx.url(.http, "basic/small.bin", host: "localhost")).head?.status == 401)
        chmod(file, 0o644)
        let open = try CurlLane.test { $0.netrcFile = file }.fetch(nginx.url(.http, "basic/small.bin"))
        #expect(open.error?.message.contains("chmod 600") == true)
        let missing = try CurlLane.test { $0.netrcFile = file + ".no" }.fetch(nginx.url(.http, "small.bin"))
        #expect(missing.error?.message.contains("does not exist") == true)
    }

    @Test func netrcStaysAtHome() throws {
        let nginx = try LaneServer.nginx
        let scratch = try TestSupport.scratch("netrc")
        let file = try scratch.write("netrc", "default login user password pass\n")
        chmod(file, 0o600)
        let lane = try CurlLane.test { $0.netrcFile = file }
        let crossed = lane.fetch(nginx.url(.http, "redirhost/small.bin"))
        #expect(crossed.head?.status == 200)
        #expect(crossed.head?.headers["X-Saw-Auth"] ?? "" == "")
        #expect(lane.fetch(nginx.url(.https, "redirhost/small.bin")).error?.kind == .badRedirect)
    }

    @Test func bearer() throws {
        let nginx = try LaneServer.nginx
        let lane = try CurlLane.test { options in
            options.headers = [HTTPHeader("Authorization", "Bearer tok123", isSecret: true)]
        }
        #expect(lane.fetch(nginx.url(.http, "bearer/small.bin")).body == LaneServer.smallBytes)
        #expect(try CurlLane.test().fetch(nginx.url(.http, "bearer/small.bin")).head?.status == 401)
    }

    @Test func netrcIsReadAsOthersReadIt() {
        let netrc = NetRC(
            parsing: """
                # comment
                machine One login a password "p w\\"x"
                macdef init
                  machine two login evil password evil

                machine two login b
                  password c account d
                machine two login e password f
                default login anonymous password me@here
                """)
        #expect(netrc.entry(host: "one", login: nil)?.password == "p w\"x")
        #expect(netrc.entry(host: "two", login: nil)?.login == "b")
        #expect(netrc.entry(host: "two", login: nil)?.password == "c")
        #expect(netrc.entry(host: "two", login: "e")?.password == "f")
        #expect(netrc.entry(host: "three", login: nil)?.login == "anonymous")
        #expect(NetRC(parsing: "machine").entry(host: "x", login: nil) == nil)
        #expect(NetRC(parsing: "login x password y").entries.isEmpty)
    }

    @Test func headerLines() throws {
        var options = NetworkOptions()
        try options.addHeader("X-Key:  some value ")
        #expect(options.headers == [HTTPHeader("X-Key", "some value", isSecret: true)])
        for bad in [
            "no colon", ": x", "A B: x", "X: a\r\nY: b", "X: \u{0}", "Range: bytes=0-1", "accept-encoding: gzip",
        ] {
            #expect(throws: CredentialError.self, "\(bad)") { try options.addHeader(bad) }
        }
        let scratch = try TestSupport.scratch("headers")
        let file = try scratch.write("headers", "# comment\nAuthorization: Bearer x\r\n\nX-Other: y\n")
        chmod(file, 0o600)
        try options.addHeaders(file: file)
        #expect(options.headers.map(\.name) == ["X-Key", "Authorization", "X-Other"])
        #expect(options.headers[1].value == "Bearer x")
        chmod(file, 0o640)
        let error = #expect(throws: CredentialError.self) { try options.addHeaders(file: file) }
        #expect(error?.description.contains("chmod 600") == true)
        #expect(throws: CredentialError.self) { try options.addHeaders(file: file + ".no") }
    }
}
