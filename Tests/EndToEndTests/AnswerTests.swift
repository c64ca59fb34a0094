import Foundation
import TestSupport
import Testing

/// Answers other than the object: holes, refusals, throttles, redirects, error pages.
struct AnswerTests {
    private static let holes: Set<Int> = [3, 4, 5, 17, 20, 28, 29]

    private func withHoles() throws -> Scene {
        let scene = try Scene()
        try scene.putShards(count: 30, members: 1, bytes: 100)
        for number in Self.holes { try scene.remove(shard(number)) }
        return scene
    }

    @Test func holesAreReportedAsCompactRanges() throws {
        let scene = try withHoles()
        let run = try scene.prefetch(scene.url("train-{000000..000029}.tar"), "--to", "ais://b")
        #expect(run.status == 4, run.said)
        #expect(run.counts == ["moved": 23, "missing": 7])
        #expect(run.report?.summary.missing.values.first == "3-5, 17, 20, 28, 29")
        #expect(run.report?.summary.missing.count == 1)
        #expect(run.result.out.contains("3-5, 17, 20, 28, 29"), run.said)
    }

    @Test(arguments: [
        (["--missing", "allow"], Int32(0), 7), (["--known-missing", "3-5, 17, 20, 28, 29"], 0, 7),
        (["--known-missing", "17,20"], 4, 2),
    ])
    func admittedHolesAreNoFailure(_ flags: [String], status: Int32, allowed: Int) throws {
        let scene = try withHoles()
        let run = try scene.reported(
            "prefetch", [scene.url("train-{000000..000029}.tar"), "--to", "ais://b"] + flags)
        #expect(run.status == status, run.said)
        #expect(run.counts["missing"] == 7)
        #expect(run.report?.shards.filter { $0.allowed == true }.count == allowed)
    }

    @Test(arguments: ["401", "403"], [[], ["--skip-lookup"]] as [[String]])
    func aRefusalIsExit5(_ location: String, flags: [String]) throws {
        let scene = try Scene()
        try scene.put("x.tar", "x")
        let run = try scene.reported(
            "prefetch", [scene.url("x.tar", fault: location), "--to", "ais://b"] + flags)
        #expect(run.status == 5, run.said)
        let told = run.err + (run.record("x.tar")?.reason ?? "")
        #expect(told.contains(location), run.said)
        if flags.isEmpty {
            #expect(try scene.disk().bmd.allSatisfy { $0.buckets.isEmpty }, "not registered without access")
        } else {
            #expect(run.record("x.tar")?.class == "refused")
        }
    }

    @Test(arguments: [
        ("<!DOCTYPE html><html><body>Sign in</body></html>", "x.tar"), ("{\"error\": \"not yours\"}", "x.tar"),
        ("<html>Busy</html>", "x.tar.gz"),
        ("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "x.tar"),
    ])
    func anErrorPageIsNoShard(_ page: String, name: String) throws {
        let scene = try Scene()
        try scene.put(name, page)
        let run = try scene.prefetch(scene.url(name), "--to", "ais://b")
        #expect(run.status == 3, run.said)
        #expect(run.record(name)?.class == "wrong-content", run.said)
        #expect(try scene.disk().names == [])
    }

    @Test(arguments: ["503", "503date"])
    func retryAfterIsObeyed(_ location: String) throws {
        let scene = try Scene()
        try scene.put("x.bin", "x")
        let run = try scene.prefetch(
            scene.url("x.bin", fault: location), "--to", "ais://b", "--skip-lookup", "--retries", "2")
        #expect(run.status == 1, run.said)
        #expect(try scene.requests(3).count == 3)
        #expect(run.report?.summary.throttles ?? 0 >= 1)
        // Two waits of two seconds; an HTTP date has whole seconds only.
        #expect(run.report?.summary.seconds ?? 0 >= (location == "503" ? 4 : 2))
    }

    @Test(arguments: [false, true])
    func aCoolDownHoldsForAllLanes(asDate: Bool) throws {
        let scene = try Scene()
        let when = asDate ? HTTPDate.text(Date().addingTimeInterval(9)) : "4"
        let busy =
            "HTTP/1.1 429 Too Many Requests\r\nRetry-After: \(when)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
        let server = try ScriptedServer([[.request, .send(busy)], [.request, .send(fine)]])
        let running = try scene.start(
            "prefetch", server.url("{000..199}.bin"), "--to", "ais://b", "--skip-lookup", "--lanes", "2")
        #expect(eventually { server.requests.count > 0 })
        usleep(1_500_000)
        // Two lanes of eight had their requests out before the first answer came.
        #expect(server.requests.count <= 2 * 8 + 4)
        let result = try running.wait()
        #expect(result.status == 0, "\(result.err)")
        #expect(server.requests.count == 201)
    }

    @Test func burstsOf503AreRiddenOut() throws {
        let scene = try Scene()
        for number in 0..<60 { try scene.put("\(number).bin", Scene.bytes(500, seed: UInt64(number + 1))) }
        let run = try scene.prefetch(
            scene.url("{0..59}.bin", fault: "flaky20"), "--to", "ais://b", "--retries", "20")
        #expect(run.status == 0, run.said)
        #expect(run.counts == ["moved": 60])
        #expect((run.report?.summary.retries ?? 0) > 0)
    }

    @Test(arguments: [408, 429, 500, 502, 503, 504])
    func retryableStatusesAreRetried(_ status: Int) throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        let url = scene.url("x.bin?fail=\(status)&id=\(scene.folder)", fault: "failn/2")
        let run = try scene.prefetch(url, "--to", "ais://b", "--skip-lookup")
        #expect(run.status == 0, run.said)
        #expect(run.record("x.bin")?.retries == 2)
        try scene.expectStored(["x.bin": "x.bin"])
    }

    @Test(arguments: [
        (NginxServer.Port.http, "redir"), (.http, "redir308"), (.http, "redirhost"), (.http, "redirhttps"),
    ])
    func redirectsAreFollowed(_ port: NginxServer.Port, location: String) throws {
        let scene = try Scene()
        try scene.putShards(count: 1)
        let run = try scene.prefetch(
            scene.url(shard(0), at: port, fault: location), "--to", "ais://b", "--cacert", scene.site.pki.caFile)
        #expect(run.status == 0, run.said)
        let disk = try scene.expectStored([shard(0): shard(0)])
        #expect(disk.objects.first?.custom["orig_url"] == scene.url(shard(0), at: port, fault: location))
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1:1/x", ""])
    func aRedirectOutOfTheWebIsNotFollowed(_ location: String) throws {
        let scene = try Scene(mountpaths: 1)
        let server = try ScriptedServer(
            answer: "HTTP/1.1 302 Found\r\nLocation: \(location)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        let run = try scene.prefetch(server.url("x.bin"), "--to", "ais://b", "--skip-lookup", "--retries", "1")
        #expect(run.status == 1, run.said)
        #expect(run.record("x.bin")?.class == "transfer", run.said)
        #expect(try scene.disk().names == [])
    }

    @Test func aDeadlineEndsALongCoolDown() throws {
        let scene = try Scene(mountpaths: 1)
        let server = try ScriptedServer(
            answer: "HTTP/1.1 503 Busy\r\nRetry-After: 500\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        let run = try scene.prefetch(
            server.url("{0..9}.bin"), "--to", "ais://b", "--skip-lookup", "--deadline", "1s", "--lanes", "1")
        #expect(run.status == 9, run.said)
        #expect(run.report?.summary.left == 10)
        #expect(server.requests.count <= 8)
    }

    @Test func aLastingFaultIsNotToBeTriedLater() throws {
        let scene = try Scene(mountpaths: 1)
        let circle = try scene.prefetch(scene.url("x.bin", fault: "redirloop"), "--to", "ais://b")
        #expect(circle.status == 1, circle.said)
        #expect(circle.err.contains("could not be confirmed"), circle.said)
        #expect(circle.err.contains("check the URL"), circle.said)
        #expect(!circle.err.contains("later"), circle.said)
        #expect(!circle.err.contains("--skip-lookup"), circle.said)
        let busy = try ScriptedServer(
            answer: "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        let url = busy.url("x.bin")
        let run = try scene.prefetch(url, "--to", "ais://b", "--retries", "0")
        #expect(run.status == 1, run.said)
        #expect(run.err.contains("\(url): the server answered 503; run again later, or use --skip-lookup"), run.said)
    }

    /// `https://host/set` leads to `https://host/set/`: its page is no object.
    @Test(arguments: ["", "?a=1"])
    func aDirectoryWithoutItsSlashIsNoObject(_ query: String) throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("set/a.bin", "some bytes")
        let run = try scene.prefetch(scene.url("set") + query, "--to", "ais://b")
        #expect(run.status == 3 && run.record("set")?.class == "wrong-content", run.said)
        #expect(run.record("set")?.reason?.hasSuffix("write \(scene.url("set/"))") == true, run.said)
        #expect(try scene.disk().names == [])
    }

    @Test func aRedirectLoopIsNamed() throws {
        let scene = try Scene()
        let run = try scene.prefetch(scene.url("x.bin", fault: "redirloop"), "--to", "ais://b", "--skip-lookup")
        #expect(run.status == 1, run.said)
        let reason = try #require(run.record("x.bin")?.reason)
        #expect(reason.contains("/redirloop/again"), "\(reason)")
        #expect(try scene.site.accessLog(marker: "redirloop/again", count: 1).count < 30)
    }
}

enum HTTPDate {
    /// IMF-fixdate.
    static func text(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.string(from: date)
    }
}
