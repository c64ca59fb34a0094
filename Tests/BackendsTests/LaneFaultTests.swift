import Foundation
import ObjectModel
import Synchronization
import TestSupport
import Testing

@testable import Backends

@Suite struct LaneFaultTests {
    @Test func aCutBodyIsShort() throws {
        let nginx = try LaneServer.nginx
        let lane = try CurlLane.test()
        let large = lane.fetch(nginx.url(.http, "cut/2000000/large.bin"))
        #expect(large.error?.kind == .shortBody)
        #expect(large.body == Array(LaneServer.largeBytes[..<2_000_000]), "what came is handed over first")
        let small = lane.fetch(nginx.url(.http, "cut/5000/small.bin"))
        #expect(small.error?.kind == .shortBody)
        #expect(small.head?.status == 200)
        #expect(small.received == 5000)
        #expect(small.error?.message == "the body ended after 5000 of 16384 bytes")
        let again = lane.fetch(nginx.url(.http, "small.bin"))
        #expect(again.body == LaneServer.smallBytes, "the lane works on")
    }

    @Test(arguments: ["stall/5000/small.bin", "stall/2000000/large.bin", "hang/"])
    func silenceIsAStall(_ path: String) throws {
        let fetched = try CurlLane.test { $0.stallTimeout = 1 }.fetch(LaneServer.nginx.url(.http, path))
        #expect(fetched.error?.kind == .stalled)
        #expect(fetched.error?.isRetryable == true)
    }

    @Test func aSlowConsumerIsNoStall() throws {
        let lane = try CurlLane.test { $0.stallTimeout = 0.5 }
        lane.begin(HTTPRequest(url: try LaneServer.nginx.url(.http, "large.bin")), tag: 1, inlineLimit: 1000)
        while lane.poll(maxWait: 5).isEmpty {}
        let other = try lane.fetch(LaneServer.nginx.url(.http, "delay/300/small.bin"))
        #expect(other.error == nil)
        usleep(1_000_000)
        let buffer = TransferBuffer(capacity: 512 << 10)
        var total = 0
        while try lane.read(tag: 1, into: buffer) > 0 {
            total += buffer.count
            buffer.removeAll()
            if total < 2 << 20 { usleep(300_000) }
        }
        #expect(total == LaneServer.largeBytes.count)
    }

    @Test func theTotalTimeoutEndsATransfer() throws {
        let fetched = try CurlLane.test { $0.timeout = 0.5 }.fetch(LaneServer.nginx.url(.http, "slow/large.bin"))
        #expect(fetched.error?.kind == .timeout)
        #expect(fetched.error?.message.contains("--timeout") == true)
    }

    @Test func theHookCancels() throws {
        final class Box: Sendable {
            let flag = Mutex(false)
        }
        let box = Box()
        let lane = try CurlLane.test()
        lane.cancelled = { box.flag.withLock { $0 } }
        let nginx = try LaneServer.nginx
        lane.begin(HTTPRequest(url: nginx.url(.http, "slow/large.bin")), tag: 1, inlineLimit: 1000)
        while lane.poll(maxWait: 5).isEmpty {}
        lane.begin(HTTPRequest(url: nginx.url(.http, "hang/")), tag: 2, inlineLimit: 1000)
        box.flag.withLock { $0 = true }
        let buffer = TransferBuffer(capacity: 512 << 10)
        let error = #expect(throws: TransportError.self) {
            while try lane.read(tag: 1, into: buffer) > 0 { buffer.removeAll() }
        }
        #expect(error?.kind == .cancelled)
        var kinds: [TransportError.Kind] = []
        for case .failed(2, let error, _, _) in lane.poll(maxWait: 1) { kinds.append(error.kind) }
        #expect(kinds == [.cancelled])
        #expect(lane.active == 0)
    }

    @Test func oneTransferCanBeCancelled() throws {
        let nginx = try LaneServer.nginx
        let lane = try CurlLane.test()
        lane.begin(HTTPRequest(url: nginx.url(.http, "slow/large.bin")), tag: 1, inlineLimit: 1000)
        while lane.poll(maxWait: 5).isEmpty {}
        let buffer = TransferBuffer(capacity: 512 << 10)
        #expect(try lane.read(tag: 1, into: buffer) > 0)
        lane.cancel(tag: 1)
        #expect(lane.active == 0)
        #expect(lane.fetch(nginx.url(.http, "small.bin")).body == LaneServer.smallBytes)
    }

    @Test func nobodyListens() throws {
        let lane = try CurlLane.test()
        let refused = lane.fetch("http://user:secret@127.0.0.1:1/x?token=abc")
        #expect(refused.error?.kind == .connect)
        #expect(refused.error?.url == "http://127.0.0.1:1/x")
        #expect(refused.error?.description.contains("secret") == false)
        let unknown = lane.fetch("http://no-such-host.invalid/x")
        #expect(unknown.error?.kind == .resolve)
        #expect(try lane.fetch(LaneServer.nginx.url(.relayToNobody, "x")).error?.kind == .reset)
    }

    @Test(arguments: [
        "ftp://127.0.0.1/x", "file:///etc/passwd", "127.0.0.1/x", "http://", "http://a b/", "http://h/\u{0}x", "",
    ])
    func whatIsNoHTTPURLIsRefused(_ url: String) throws {
        let fetched = try CurlLane.test().fetch(url)
        #expect(fetched.error?.kind == .badURL)
    }
}
