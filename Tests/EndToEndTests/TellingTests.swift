import Foundation
import Glibc
import TestSupport
import Testing

/// How a run ends early, and how it tells what it did.
struct TellingTests {
    /// Four slow shards of 4 MiB: none is done within a second.
    private func slowScene() throws -> (Scene, String) {
        let scene = try Scene()
        try scene.putShards(count: 4, members: 4, bytes: 1 << 20)
        return (scene, scene.url("train-{000000..000003}.tar", fault: "slow"))
    }

    private func all() -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<4).map { (shard($0), shard($0)) })
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aSignalIs130AndResumable(_ signal: Int32) throws {
        let (scene, url) = try slowScene()
        let report = "\(scene.scratch.path)/interrupted.json"
        let running = try scene.start("prefetch", url, "--to", "ais://b", "--report", report)
        #expect(eventually { scene.workfiles().count == 4 })
        usleep(800_000)
        running.send(signal)
        let result = try running.wait()
        #expect(result.status == 130, "\(result.out)\(result.err)")
        let told = try Report.decode(Data(contentsOf: URL(fileURLWithPath: report)))
        #expect(told.summary.exitCode == 130)
        #expect(told.summary.left == 4)
        #expect(told.summary.stopped?.isEmpty == false)
        let found = try scene.disk()
        #expect(found.problems == [])
        #expect(found.names == [])

        let next = try scene.prefetch(url, "--to", "ais://b")
        #expect(next.status == 0, next.said)
        #expect(next.counts == ["resumed": 4], next.said)
        #expect(try scene.requests().filter { $0.status == 206 }.count == 4)
        try scene.expectStored(all())
    }

    @Test(arguments: [[], ["--skip-lookup"]] as [[String]])
    func aSignalEndsAHangingRequest(_ flags: [String]) throws {
        let scene = try Scene(mountpaths: 1)
        let server = try ScriptedServer([[.request, .pause(60)]])
        let running = try Running(
            ["prefetch", server.url("x.bin"), "--to", "ais://b", "--store", scene.store] + flags,
            environment: scene.environment, scratch: scene.scratch)
        #expect(eventually { !server.requests.isEmpty })
        running.send(SIGINT)
        #expect(eventually { !running.isRunning }, "within seconds, not at the stall timeout")
        let ended = try running.wait()
        #expect(ended.status == 130, "\(ended.err)")
        server.stop()
    }

    @Test func aDeadlineIs9AndResumable() throws {
        let (scene, url) = try slowScene()
        let run = try scene.prefetch(url, "--to", "ais://b", "--deadline", "1s")
        #expect(run.status == 9, run.said)
        #expect(run.report?.summary.left == 4)
        #expect(run.report?.summary.stopped?.isEmpty == false)
        let next = try scene.prefetch(url, "--to", "ais://b")
        #expect(next.status == 0, next.said)
        try scene.expectStored(all())
    }

    private func mixedScene() throws -> (Scene, String) {
        let scene = try Scene()
        try scene.putShards(count: 6)
        try scene.remove(shard(4))
        try scene.put(shard(5), "<html>no</html>")
        return (scene, scene.url("train-{000000..000005}.tar"))
    }

    @Test func jsonIsOnlyJSONLines() throws {
        let (scene, url) = try mixedScene()
        let run = try scene.prefetch(url, "--to", "ais://b", "--json")
        #expect(run.status == 3, run.said)
        let events = try run.result.out.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
        let kinds = events.compactMap { $0["event"] as? String }
        #expect(kinds.count == events.count)
        #expect(kinds.filter { $0 == "shard" }.count == 6)
        #expect(kinds.last == "summary")
        #expect(kinds.filter { $0 == "summary" }.count == 1)
        #expect(events.last?["exit_code"] as? Int == 3)
        let failed = try #require(events.first { $0["outcome"] as? String == "failed" })
        #expect(failed["class"] as? String == "wrong-content")
        #expect((failed["object"] as? String)?.hasSuffix(shard(5)) == true)
    }

    /// A run that waits for its lookup says so; a quiet one only if it fails.
    @Test(arguments: ["--json", "--quiet", "--verbose"])
    func aLookupThatIsAskedAgainIsTold(_ flag: String) throws {
        let scene = try Scene(mountpaths: 1)
        let busy = "HTTP/1.1 503 Later\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
        let server = try ScriptedServer([
            [.request, .send(busy)], [.request, .send(good)], [.request, .send(good + "ok")],
        ])
        defer { server.stop() }
        let run = try scene.prefetch(server.url("x.bin"), "--to", "ais://b", flag)
        #expect(run.status == 0, run.said)
        let told = "\(server.url("x.bin")): the server answers 503; asking again in 1 s (1 of 8)"
        switch flag {
        case "--json":
            let first = try #require(run.result.out.split(separator: "\n").first)
            let event = try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: String]
            #expect(event == ["event": "retry", "text": told])
        case "--quiet": #expect(run.result.out == "" && run.err == "", run.said)
        default: #expect(run.err.hasPrefix(told), run.said)
        }
    }

    @Test func quietSaysNothingWhenNothingIsWrong() throws {
        let (scene, url) = try mixedScene()
        let good = scene.url("train-{000000..000003}.tar")
        let quiet = try scene.prefetch(good, "--to", "ais://b", "--quiet")
        #expect(quiet.status == 0)
        #expect(quiet.result.out == "" && quiet.err == "", quiet.said)
        let wrong = try scene.prefetch(url, "--to", "ais://b", "--quiet")
        #expect(wrong.status == 3)
        #expect(wrong.result.out == "")
        #expect(wrong.err.contains(shard(5)), wrong.said)
    }

    @Test func thePlainSummaryNamesWhatIsWrong() throws {
        let (scene, url) = try mixedScene()
        let run = try scene.prefetch(url, "--to", "ais://b")
        #expect(run.err.contains("\u{1b}") == false, "no control sequences without a terminal")
        let told = run.result.out + run.err
        #expect(told.contains("4 moved") && told.contains("1 missing") && told.contains("1 failed"), run.said)
        #expect(told.contains(shard(5)) && told.contains("wrong-content"), run.said)
    }

    @Test func everyShardIsInTheReportOnce() throws {
        let (scene, url) = try mixedScene()
        let run = try scene.prefetch(url, "--to", "ais://b")
        let report = try #require(run.report)
        #expect(report.version == 1)
        #expect(report.shards.count == 6)
        #expect(Set(report.shards.map(\.object)).count == 6)
        #expect(report.summary.outcomes.values.reduce(0, +) == 6)
        #expect(
            report.summary.outcomes.keys.sorted() == [
                "evicted", "failed", "missing", "moved", "present", "resumed", "updated",
            ])
        #expect(report.summary.bmdVersion == 2)
        #expect(report.summary.skipped == false)
        #expect(report.summary.started.hasSuffix("Z"))
        for record in report.shards where record.outcome == "moved" {
            #expect(record.size != nil && record.mountpath != nil && record.verifiedBy != nil)
        }
    }

    /// How many shards a list has is known once it has been read.
    @Test(arguments: [false, true])
    func aTerminalShowsALiveBlock(ofAList: Bool) throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 2, members: 2, bytes: 1 << 20)
        let list = try scene.scratch.write(
            "list", (0..<2).map { "\(scene.url(shard($0), fault: "slow"))\n" }.joined())
        let code = """
            import os, pty, sys
            chunks = []
            def read(fd):
                data = os.read(fd, 4096); chunks.append(data); return data
            status = pty.spawn(sys.argv[1:], read)
            sys.exit(os.waitstatus_to_exitcode(status))
            """
        let source = ofAList ? ["--from", list] : [scene.url("train-{000000..000001}.tar", fault: "slow")]
        let arguments = ["prefetch"] + source + ["--to", "ais://b", "--store", scene.store]
        let result = try TestSupport.run(
            TestSupport.python, ["-c", code, Program.path] + arguments, environment: scene.environment)
        #expect(result.status == 0, "\(result.out)\(result.err)")
        #expect(result.out.contains("\u{1b}[1A"), "it is redrawn in place")
        #expect(result.out.contains("shards 0 / 2") && result.out.contains(shard(1)), "\(result.out)")
        #expect(result.out.contains("2 moved"))
    }

    @Test func aReportIsNeverPutInPlaceOfAPipeOrALink() throws {
        let (scene, url) = try mixedScene()
        let link = "\(scene.scratch.path)/latest.json"
        let file = try scene.scratch.write("real.json", String(repeating: "old ", count: 10_000))
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
        #expect(try scene.onStore("prefetch", url, "--to", "ais://b", "--report", link).status == 3)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == file)
        #expect(try Report.decode(Data(contentsOf: URL(fileURLWithPath: file))).shards.count == 6)

        let pipe = "\(scene.scratch.path)/pipe"
        try TestSupport.runChecked("mkfifo", [pipe])
        let script = "timeout 30 cat '\(pipe)' & \"$0\" \"$@\" --report '\(pipe)' >/dev/null 2>&1; wait"
        let read = try TestSupport.run(
            "sh", ["-c", script, Program.path, "prefetch", url, "--to", "ais://b", "--store", scene.store],
            environment: scene.environment)
        #expect(try Report.decode(read.stdout).shards.count == 6)
    }

    @Test func limitsHold() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("big.bin", Scene.bytes(2 << 20))
        for number in 0..<8 { try scene.put("\(number).bin", "x") }
        let rate = try scene.prefetch(scene.url("big.bin"), "--to", "ais://b", "--limit-rate", "1MiB")
        #expect(rate.status == 0, rate.said)
        #expect(rate.report?.summary.seconds ?? 0 > 0.8)
        let requests = try scene.prefetch(
            scene.url("{0..7}.bin"), "--to", "ais://b", "--limit-requests", "4")
        #expect(requests.status == 0, requests.said)
        #expect(requests.report?.summary.seconds ?? 0 > 0.8)
    }
}
