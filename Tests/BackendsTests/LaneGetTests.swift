import Foundation
import ObjectModel
import TestSupport
import Testing

@testable import Backends

@Suite struct LaneGetTests {
    @Test func smallAnswersComeWhole() throws {
        let fetched = try CurlLane.test().fetch(LaneServer.nginx.url(.http, "small.bin"))
        #expect(fetched.error == nil)
        #expect(!fetched.wasLarge)
        #expect(fetched.head?.status == 200)
        #expect(fetched.head?.contentLength == 16 << 10)
        #expect(fetched.head?.httpVersion == "1.1")
        #expect(fetched.head?.headers["etag"] != nil)
        #expect(fetched.body == LaneServer.smallBytes)
    }

    @Test(arguments: ["large.bin", "chunked/large.bin", "chunked/small.bin", "slow8/large.bin"])
    func largeOrUnknownLengthsArePulled(_ path: String) throws {
        let fetched = try CurlLane.test().fetch(LaneServer.nginx.url(.http, path))
        #expect(fetched.error == nil)
        #expect(fetched.wasLarge)
        #expect(fetched.body == (path.hasSuffix("small.bin") ? LaneServer.smallBytes : LaneServer.largeBytes))
        if path.hasPrefix("chunked") { #expect(fetched.head?.contentLength == nil) }
    }

    @Test func anEmptyBodyIsAWholeAnswer() throws {
        let fetched = try CurlLane.test().fetch(LaneServer.nginx.url(.http, "empty.bin"))
        #expect(fetched.error == nil)
        #expect(fetched.body.isEmpty && !fetched.wasLarge)
        #expect(fetched.head?.contentLength == 0)
    }

    @Test func connectionsAreKept() throws {
        let nginx = try LaneServer.nginx
        let lane = try CurlLane.test()
        for index in 0..<5 { #expect(lane.fetch(nginx.url(.http, "small.bin?keep=\(index)")).error == nil) }
        #expect(lane.fetch(nginx.url(.http, "large.bin?keep=5")).error == nil)
        #expect(lane.fetch(nginx.url(.http, "404?keep=6")).head?.status == 404)
        #expect(lane.fetch(nginx.url(.http, "redir/small.bin?keep=7")).error == nil)
        #expect(lane.fetch(nginx.url(.http, "chunked/large.bin?keep=8")).error == nil)
        let lines = try nginx.accessLog(marker: "keep=", count: 10)
        #expect(lines.count == 10)
        #expect(Set(lines.map(\.connection)).count == 1)
    }

    @Test(arguments: [NginxServer.Port.closesAfterThree, .closesAlways, .goaway])
    func connectionsThatEndAreReplaced(_ port: NginxServer.Port) throws {
        let lane = try CurlLane.test()
        for index in 0..<8 {
            let fetched = try lane.fetch(LaneServer.nginx.url(port, index % 2 == 0 ? "small.bin" : "large.bin"))
            #expect(fetched.error == nil)
            #expect(fetched.body == (index % 2 == 0 ? LaneServer.smallBytes : LaneServer.largeBytes))
        }
    }

    @Test func rangesAreAnswers() throws {
        let nginx = try LaneServer.nginx
        let lane = try CurlLane.test()
        let part = lane.fetch(HTTPRequest(url: nginx.url(.http, "small.bin"), range: .init(first: 100, last: 199)))
        #expect(part.head?.status == 206)
        #expect(part.head?.contentRange == .init(first: 100, last: 199, total: 16 << 10))
        #expect(part.body == Array(LaneServer.smallBytes[100..<200]))
        let tail = lane.fetch(HTTPRequest(url: nginx.url(.http, "large.bin"), range: .init(first: 1 << 20)))
        #expect(tail.head?.status == 206 && tail.wasLarge)
        #expect(tail.body == Array(LaneServer.largeBytes[(1 << 20)...]))
        let ignored = lane.fetch(HTTPRequest(url: nginx.url(.http, "norange/small.bin"), range: .init(first: 100)))
        #expect(ignored.head?.status == 200)
        #expect(ignored.body == LaneServer.smallBytes)
        let beyond = lane.fetch(HTTPRequest(url: nginx.url(.http, "small.bin"), range: .init(first: 1 << 30)))
        #expect(beyond.head?.status == 416)
    }

    @Test func conditionsAreSentAndNotModifiedIsAnAnswer() throws {
        let nginx = try LaneServer.nginx
        let lane = try CurlLane.test()
        let etag = try #require(lane.fetch(nginx.url(.http, "small.bin")).head?.headers["ETag"])
        let again = lane.fetch(
            HTTPRequest(url: nginx.url(.http, "small.bin"), headers: [HTTPHeader("If-None-Match", etag)]))
        #expect(again.error == nil)
        #expect(again.head?.status == 304)
        #expect(again.body.isEmpty)
    }

    @Test func headsHaveNoBodyToWaitFor() throws {
        let lane = try CurlLane.test()
        let answer = try lane.perform(HTTPRequest(.head, url: LaneServer.nginx.url(.http, "large.bin")), bodyLimit: 0)
        #expect(answer.head.status == 200)
        #expect(answer.head.contentLength == Int64(LaneServer.largeBytes.count))
        #expect(answer.body.count == 0)
        let event = try lane.fetch(HTTPRequest(.head, url: LaneServer.nginx.url(.http, "large.bin")))
        #expect(event.error == nil && !event.wasLarge)
    }

    @Test func performCollectsUpToItsLimit() throws {
        let nginx = try LaneServer.nginx
        let lane = try CurlLane.test()
        for path in ["large.bin", "chunked/large.bin"] {
            let whole = try lane.perform(HTTPRequest(url: nginx.url(.http, path)), bodyLimit: 8 << 20)
            #expect(whole.body.bytes == LaneServer.largeBytes)
            let error = #expect(throws: TransportError.self) {
                try lane.perform(HTTPRequest(url: nginx.url(.http, path)), bodyLimit: 1 << 20)
            }
            #expect(error?.kind == .tooLarge)
        }
        #expect(lane.active == 0)
    }

    @Test(arguments: [("403/", 403), ("401/", 401), ("nothing-here", 404), ("503/", 503)])
    func refusalsAreAnswersWithALittleBody(_ path: String, _ status: Int) throws {
        let fetched = try CurlLane.test().fetch(LaneServer.nginx.url(.http, path))
        #expect(fetched.error == nil)
        #expect(fetched.head?.status == status)
        #expect(!fetched.body.isEmpty && fetched.body.count <= 16 << 10)
    }

    @Test func twoHundredTransfersOverTwoLanes() async throws {
        let nginx = try LaneServer.nginx
        let urls = (0..<200).map { nginx.url(.http, "many/\($0).bin") }
        let bodies = try await withThrowingTaskGroup(of: [Int: [UInt8]].self) { group in
            for part in 0..<2 {
                group.addTask { try Self.fetchAll(urls, where: { $0 % 2 == part }) }
            }
            return try await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
        }
        #expect(bodies.count == 200)
        for (index, body) in bodies { #expect(body == LaneData.bytes(16 << 10, seed: UInt64(index))) }
    }

    private static func fetchAll(_ urls: [String], where isMine: (Int) -> Bool) throws -> [Int: [UInt8]] {
        let lane = try CurlLane.test()
        var left = urls.indices.filter(isMine)[...]
        var bodies: [Int: [UInt8]] = [:]
        while !left.isEmpty || lane.active > 0 {
            while lane.active < 100, let index = left.popFirst() {
                lane.begin(HTTPRequest(url: urls[index]), tag: index, inlineLimit: 1 << 20)
            }
            for case .finished(let tag, _, let body) in lane.poll(maxWait: 5) {
                bodies[tag] = body.bytes
                lane.recycle(body)
            }
        }
        return bodies
    }

    @Test(arguments: [NginxServer.Port.http, .https], [16 << 10, 100_000, 2 << 20])
    func anyBufferWillDo(_ port: NginxServer.Port, _ capacity: Int) throws {
        let lane = try CurlLane.test()
        for path in ["large.bin", "chunked/large.bin"] {
            lane.begin(HTTPRequest(url: try LaneServer.nginx.url(port, path)), tag: 1, inlineLimit: 0)
            while lane.poll(maxWait: 5).isEmpty {}
            let buffer = TransferBuffer(capacity: capacity)
            var body: [UInt8] = []
            while try lane.read(tag: 1, into: buffer) > 0 {
                body += buffer.bytes
                buffer.removeAll()
            }
            #expect(body == LaneServer.largeBytes)
        }
    }

    @Test(arguments: [NginxServer.Port.http, .https])
    func smallOnesGoOnWhileLargeOnesArePulled(_ port: NginxServer.Port) throws {
        let nginx = try LaneServer.nginx
        let lane = try CurlLane.test()
        for tag in 0..<3 { lane.begin(HTTPRequest(url: nginx.url(port, "large.bin")), tag: tag, inlineLimit: 1 << 20) }
        for tag in 3..<10 { lane.begin(HTTPRequest(url: nginx.url(port, "small.bin")), tag: tag, inlineLimit: 1 << 20) }
        var waiting: [Int] = []
        var whole = 0
        while waiting.count + whole < 10 {
            for event in lane.poll(maxWait: 5) {
                if case .large(let tag, _) = event { waiting.append(tag) }
                if case .finished(_, _, let body) = event, body.bytes == LaneServer.smallBytes { whole += 1 }
                if case .failed(_, let error, _, _) = event { throw error }
            }
        }
        #expect(waiting.sorted() == [0, 1, 2])
        let buffer = TransferBuffer(capacity: 512 << 10)
        for tag in waiting.reversed() {
            var body: [UInt8] = []
            while try lane.read(tag: tag, into: buffer) > 0 {
                body += buffer.bytes
                buffer.removeAll()
            }
            #expect(body == LaneServer.largeBytes)
        }
        #expect(lane.active == 0)
    }
}
