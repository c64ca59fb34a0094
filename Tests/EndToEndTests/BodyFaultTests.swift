import Foundation
import TestSupport
import Testing

/// Bodies that break: each is continued where that is safe, else started over, and never stored in part.
struct BodyFaultTests {
    private static let size = 3 << 20

    private func text(_ letter: Character, _ count: Int = size) -> String { String(repeating: letter, count: count) }

    private func head(_ length: Int, etag: String?, status: String = "200 OK", extra: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(length)\r\n" + (etag.map { "ETag: \($0)\r\n" } ?? "") + extra + "\r\n"
    }

    /// Moves `x.bin` from a scripted server and returns the run with the server's requests.
    private func run(
        _ scene: Scene, _ scripts: [[ScriptedServer.Step]], _ flags: String...
    ) throws -> (run: Scene.Run, requests: [String]) {
        let server = try ScriptedServer(scripts)
        let run = try scene.reported(
            "prefetch", [server.url("x.bin"), "--to", "ais://b", "--skip-lookup", "--lanes", "1"] + flags)
        return (run, server.requests)
    }

    private func field(_ name: String, in request: String) -> String? {
        request.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }.map {
            $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
        }
    }

    @Test func aCutBodyGoesOnWithRange() throws {
        let scene = try Scene()
        try scene.put("x.bin", Scene.bytes(Self.size))
        let run = try scene.prefetch(
            scene.url("x.bin", fault: "cutn/2/1500000"), "--to", "ais://b", "--skip-lookup")
        #expect(run.status == 0, run.said)
        #expect(run.counts == ["moved": 1])
        #expect((run.record("x.bin")?.retries ?? 0) >= 2)
        try scene.expectStored(["x.bin": "x.bin"])
        let requests = try scene.requests(3)
        #expect(requests.map(\.range) == ["", "bytes=1500000-", "bytes=3000000-"])
        #expect(requests.map(\.status) == [200, 206, 206])
    }

    @Test func aContinuationCarriesIfRange() throws {
        let scene = try Scene()
        let body = text("a", Self.size / 2) + text("b", Self.size / 2)
        let rest = head(
            Self.size / 2, etag: "\"v1\"", status: "206 Partial Content",
            extra: "Content-Range: bytes \(Self.size / 2)-\(Self.size - 1)/\(Self.size)\r\n")
        let (run, requests) = try run(
            scene,
            [
                [.request, .send(head(Self.size, etag: "\"v1\"") + text("a", Self.size / 2))],
                [.request, .send(rest + text("b", Self.size / 2))],
            ])
        #expect(run.status == 0, run.said)
        #expect(requests.count == 2)
        #expect(requests.first.flatMap { field("Range", in: $0) } == nil)
        #expect(requests.last.flatMap { field("Range", in: $0) } == "bytes=\(Self.size / 2)-")
        #expect(requests.last.flatMap { field("If-Range", in: $0) } == "\"v1\"")
        try scene.put("x.bin", body)
        try scene.expectStored(["x.bin": "x.bin"])
    }

    /// How a server can answer the request for the rest when it should not be believed.
    enum Rest: String, CaseIterable, CustomTestStringConvertible {
        case wrongRange, noContentRange, otherETag, wholeOther, unsatisfiable
        var testDescription: String { rawValue }
    }

    @Test(arguments: Rest.allCases)
    func aRestThatDoesNotFitStartsOver(_ rest: Rest) throws {
        let scene = try Scene()
        let half = Self.size / 2
        let range = "Content-Range: bytes \(half)-\(Self.size - 1)/\(Self.size)\r\n"
        let partial = "206 Partial Content"
        let answer: String
        switch rest {
        case .wrongRange:
            answer = head(10, etag: "\"v1\"", status: partial, extra: "Content-Range: bytes 0-9/10\r\n") + text("x", 10)
        case .noContentRange: answer = head(half, etag: "\"v1\"", status: partial) + text("x", half)
        case .otherETag: answer = head(half, etag: "\"v2\"", status: partial, extra: range) + text("x", half)
        case .wholeOther: answer = head(Self.size, etag: "\"v2\"") + text("b")
        case .unsatisfiable:
            answer = head(
                0, etag: nil, status: "416 Range Not Satisfiable", extra: "Content-Range: bytes */\(Self.size)\r\n")
        }
        let whole: [ScriptedServer.Step] = [.request, .send(head(Self.size, etag: "\"v2\"") + text("b"))]
        let (run, requests) = try run(
            scene,
            [
                [.request, .send(head(Self.size, etag: "\"v1\"") + text("a", half))], [.request, .send(answer)], whole,
            ])
        #expect(run.status == 0, run.said)
        #expect(requests.count <= 4)
        if rest != .wholeOther { #expect(requests.last.flatMap { field("Range", in: $0) } == nil) }
        try scene.put("x.bin", text("b"))
        let disk = try scene.expectStored(["x.bin": "x.bin"])
        #expect(disk.object("x.bin")?.custom["ETag"] == "v2")
    }

    @Test(arguments: [nil, "W/\"weak\""] as [String?])
    func withoutAStrongValidatorItStartsOver(_ etag: String?) throws {
        let scene = try Scene()
        let (run, requests) = try run(
            scene,
            [
                [.request, .send(head(Self.size, etag: etag) + text("a", Self.size / 2))],
                [.request, .send(head(Self.size, etag: etag) + text("b"))],
            ])
        #expect(run.status == 0, run.said)
        #expect(requests.count == 2)
        #expect(requests.allSatisfy { field("Range", in: $0) == nil })
        try scene.put("x.bin", text("b"))
        let disk = try scene.expectStored(["x.bin": "x.bin"])
        #expect(disk.object("x.bin")?.custom["ETag"] == nil, "a weak ETag is not kept")
    }

    @Test func aStallIsNoticedAndContinued() throws {
        let scene = try Scene()
        let half = Self.size / 2
        let rest = head(
            half, etag: "\"v1\"", status: "206 Partial Content",
            extra: "Content-Range: bytes \(half)-\(Self.size - 1)/\(Self.size)\r\n")
        let (run, requests) = try run(
            scene,
            [
                [.request, .send(head(Self.size, etag: "\"v1\"") + text("a", half)), .pause(60)],
                [.request, .send(rest + text("a", half))],
            ], "--stall-timeout", "1s")
        #expect(run.status == 0, run.said)
        #expect(requests.count == 2)
        try scene.put("x.bin", text("a"))
        try scene.expectStored(["x.bin": "x.bin"])
    }

    @Test(arguments: ["stall/1200000", "stall/2000", "hang"])
    func aServerThatGoesSilentFailsTheShard(_ fault: String) throws {
        let scene = try Scene()
        try scene.put("x.bin", Scene.bytes(Self.size))
        let run = try scene.prefetch(
            scene.url("x.bin", fault: fault), "--to", "ais://b", "--skip-lookup", "--stall-timeout", "1s", "--retries",
            "1")
        #expect(run.status == 1, run.said)
        #expect(run.record("x.bin")?.class == "transfer", run.said)
        #expect(run.record("x.bin")?.reason?.isEmpty == false)
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(disk.names == [])
    }

    @Test func aTimeoutEndsATransferThatCrawls() throws {
        let scene = try Scene()
        try scene.put("x.bin", Scene.bytes(8 << 20))
        let run = try scene.prefetch(
            scene.url("x.bin", fault: "slow"), "--to", "ais://b", "--timeout", "1s", "--retries", "0")
        #expect(run.status == 1, run.said)
        #expect(run.record("x.bin")?.class == "transfer", run.said)
        #expect(try scene.disk().names == [])
    }

    @Test(arguments: ["chunked", "noetag", "nolm", "norange", "changing", "gzip"])
    func oddButHonestServersAreFine(_ location: String) throws {
        let scene = try Scene()
        try scene.putShards(count: 2, bytes: 500_000)
        let run = try scene.prefetch(
            scene.url("train-{000000..000001}.tar", fault: location), "--to", "ais://b")
        #expect(run.status == 0, run.said)
        try scene.expectStored([shard(0): shard(0), shard(1): shard(1)])
    }

    @Test func aChunkedBodyWithoutItsEndIsNotStored() throws {
        let scene = try Scene()
        let start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n\(text("a", 1 << 21))\r\n"
        let (run, requests) = try run(
            scene, [[.request, .send(start)], [.request, .send(start + "0\r\n\r\n")]])
        #expect(run.status == 0, run.said)
        #expect(requests.count == 2)
        try scene.put("x.bin", text("a", 1 << 21))
        try scene.expectStored(["x.bin": "x.bin"])
    }

    @Test func aSmallBodyCutShortIsFetchedAgain() throws {
        let scene = try Scene()
        let (run, _) = try run(
            scene,
            [
                [.request, .send(head(1000, etag: "\"v1\"") + text("a", 500))],
                [.request, .reset],
                [.request, .send(head(1000, etag: "\"v1\"") + text("a", 1000))],
            ])
        #expect(run.status == 0, run.said)
        try scene.put("x.bin", text("a", 1000))
        try scene.expectStored(["x.bin": "x.bin"])
    }
}
