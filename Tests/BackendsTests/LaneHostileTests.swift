import Foundation
import TestSupport
import Testing

@testable import Backends

@Suite struct LaneHostileTests {
    private func fetch(_ script: [ScriptedServer.Step], limit: Int = 1 << 20) throws -> Fetched {
        let server = try ScriptedServer([script])
        let fetched = try CurlLane.test { $0.stallTimeout = 5 }.fetch(server.url("x"), inlineLimit: limit)
        server.stop()
        return fetched
    }

    @Test(arguments: [
        "garbage\r\n\r\n", "HTTP/1.1\r\n\r\n", "\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: lots\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello!!",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nhello",
    ])
    func nonsenseIsNoAnswer(_ answer: String) throws {
        let fetched = try fetch([.request, .send(answer)])
        let kind = try #require(fetched.error?.kind)
        #expect([.protocolError, .reset, .shortBody].contains(kind), "\(kind)")
        #expect(fetched.error?.isRetryable == true)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    ])
    func aBodyThatStopsIsShort(_ answer: String) throws {
        let fetched = try fetch([.request, .send(answer)])
        #expect(fetched.error?.kind == .shortBody)
    }

    @Test func closingInTheHeadersIsNoAnswer() throws {
        let fetched = try fetch([.request, .send("HTTP/1.1 200 OK\r\nContent-Le")])
        #expect(fetched.error != nil)
        #expect(fetched.error?.isRetryable == true)
        #expect(try fetch([.request, .reset]).error?.kind == .reset)
        #expect(try fetch([.request]).error?.kind == .reset)
    }

    @Test func endlessHeadersAreCut() throws {
        let many = try fetch([
            .request, .send("HTTP/1.1 200 OK\r\n"), .flood("X-Pad: aaaaaaaaaaaaaaaa\r\n", times: 1 << 20),
        ])
        #expect(many.error?.kind == .protocolError)
        let long = try fetch([
            .request, .send("HTTP/1.1 200 OK\r\nX-Pad: "), .flood("aaaaaaaaaaaaaaaa", times: 1 << 20),
        ])
        #expect(long.error != nil)
        let interim = try fetch([.request, .flood("HTTP/1.1 100 Continue\r\nX-Pad: aaaa\r\n\r\n", times: 1 << 20)])
        #expect(interim.error?.kind == .protocolError)
    }

    @Test func anEndlessErrorPageIsCut() throws {
        let page = try fetch([.request, .send("HTTP/1.1 500 Oops\r\n\r\n"), .flood("<p>sorry</p>", times: 1 << 22)])
        #expect(page.error == nil)
        #expect(page.head?.status == 500)
        #expect(page.body.count == 16 << 10)
        let announced = "HTTP/1.1 404 Gone\r\nContent-Length: 9000000000\r\n\r\n"
        let long = try fetch([.request, .send(announced), .flood("<p>sorry</p>", times: 1 << 22)])
        #expect(long.head?.status == 404)
        #expect(long.body.count == 16 << 10)
    }

    @Test func bytesBeyondTheLengthAreNobodys() throws {
        let fetched = try fetch([
            .request, .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\nevil"),
        ])
        #expect(fetched.error == nil)
        #expect(fetched.body == Array("hello".utf8))
    }

    @Test func theEncodingRulesOverTheLength() throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        let fetched = try fetch([.request, .send(answer)])
        #expect(fetched.error == nil)
        #expect(fetched.head?.contentLength == nil)
        #expect(fetched.body == Array("hello".utf8))
    }

    @Test func headersAreTakenAsTheyAre() throws {
        let answer =
            "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-One:   a b  \r\nx-one: c\r\nBad Name: x\r\nX-Fold: d\r\n  e\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Trailer: t\r\n\r\n"
        let head = try #require(try fetch([.request, .send(answer)]).head)
        #expect(head.headers.all("X-One") == ["a b", "c"])
        #expect(head.headers["x-fold"] == "d e")
        #expect(head.headers["X-Early"] == nil)
        #expect(head.headers["X-Trailer"] == nil)
        #expect(head.headers["Bad Name"] == nil)
    }

    @Test func contentEncodingsAreNeitherAskedForNorUndone() throws {
        let server = try ScriptedServer(
            answer: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello")
        let fetched = try CurlLane.test().fetch(server.url("x"))
        #expect(fetched.body == Array("hello".utf8))
        #expect(server.requests.first?.lowercased().contains("accept-encoding") == false)
    }

    @Test func aClosedConnectionEndsABodyWithoutALength() throws {
        let fetched = try fetch([.request, .send("HTTP/1.0 200 OK\r\n\r\nhello")])
        #expect(fetched.error == nil && fetched.wasLarge)
        #expect(fetched.body == Array("hello".utf8))
    }

    @Test func lineBreaksCannotBeSmuggledIntoARequest() throws {
        let server = try ScriptedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let lane = try CurlLane.test()
        #expect(lane.fetch(server.url("x\r\nX-Evil: 1")).error?.kind == .badURL)
        let request = HTTPRequest(url: server.url("x"), headers: [HTTPHeader("If-Match", "a\r\nX-Evil: 1")])
        #expect(lane.fetch(request).error?.kind == .badURL)
        #expect(lane.fetch(server.url("a b/\u{e9}?q=#fragment")).error == nil)
        #expect(server.requests.count == 1)
        #expect(server.requests.first?.hasPrefix("GET /a%20b/%c3%a9?q= HTTP/1.1\r\n") == true)
    }

    @Test func aReusedConnectionThatDiesIsAskedAgain() throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        let server = try ScriptedServer([[.request, .send(answer), .request, .reset]])
        let lane = try CurlLane.test()
        for index in 0..<20 { #expect(lane.fetch(server.url("\(index)")).error == nil, "\(index)") }
        #expect(server.requests.count == 39, "each but the first is asked on a kept connection first")
    }
}
