import Foundation
import Glibc
import TestSupport
import Testing

/// Runs that nobody watches: metrics, rotation and history, windows and jitter, one line for syslog.
struct UnattendedTests {
    private func mixedScene() throws -> (Scene, good: String, mixed: String) {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 4)
        try scene.remove(shard(2))
        try scene.put(shard(3), "<html>no</html>")
        return (scene, scene.url("train-{000000..000001}.tar"), scene.url("train-{000000..000003}.tar"))
    }

    // MARK: Metrics

    @Test func metricsTellOfEachRunAndKeepTheLastSuccess() throws {
        let (scene, good, mixed) = try mixedScene()
        let file = "\(scene.scratch.path)/aismove.prom"
        #expect(try scene.onStore("prefetch", good, "--to", "ais://b", "--metrics", file).status == 0)
        let first = try Metrics(file: file)
        #expect(first.value("aismove_run_objects", ["outcome": "moved"]) == 2)
        #expect(first.value("aismove_run_exit_code") == 0)
        #expect(first.value("aismove_bmd_version") == 2)
        let success = try #require(first.value("aismove_last_success_timestamp_seconds"))
        #expect(abs(success - Date().timeIntervalSince1970) < 300)
        usleep(1_100_000)
        #expect(try scene.onStore("prefetch", mixed, "--to", "ais://b", "--metrics", file).status == 3)
        let second = try Metrics(file: file)
        #expect(second.value("aismove_last_success_timestamp_seconds") == success)
        #expect(second.value("aismove_last_run_timestamp_seconds") ?? 0 > success)
        #expect(second.value("aismove_run_exit_code") == 3)
        #expect(second.value("aismove_run_objects", ["outcome": "present"]) == 2)
        #expect(second.value("aismove_run_failures", ["class": "wrong-content"]) == 1)
    }

    /// A store that is not there is what a night without its disks looks like.
    @Test func metricsAndReportTellOfARunThatNeverBegan() throws {
        let (scene, good, _) = try mixedScene()
        let (file, report) = ("\(scene.scratch.path)/aismove.prom", "\(scene.scratch.path)/never.json")
        let run = try scene.aismove([
            "prefetch", good, "--to", "ais://b", "--store", "\(scene.scratch.path)/gone", "--metrics", file,
            "--report", report,
        ])
        #expect(run.status == 6, "\(run.err)")
        let metrics = try Metrics(file: file)
        #expect(metrics.value("aismove_run_exit_code") == 6)
        #expect(metrics.families["aismove_bmd_version"] == nil)
        let told = try Report.decode(Data(contentsOf: URL(fileURLWithPath: report)))
        #expect(told.summary.exitCode == 6 && told.summary.stopped?.contains("is not a store") == true)
        let retry = try scene.onStore("prefetch", "--from-report", report)
        #expect(retry.status == 2 && retry.err.contains("names no store"), "\(retry.err)")
    }

    @Test func metricsTellOfAnInterruptedRun() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 2, members: 4, bytes: 1 << 20)
        let file = "\(scene.scratch.path)/aismove.prom"
        let running = try scene.start(
            "prefetch", scene.url("train-{000000..000001}.tar", fault: "slow"), "--to", "ais://b", "--metrics", file)
        #expect(eventually { scene.workfiles().count == 2 })
        running.send(SIGTERM)
        #expect(try running.wait().status == 130)
        let metrics = try Metrics(file: file)
        #expect(metrics.value("aismove_run_exit_code") == 130)
        #expect(metrics.value("aismove_run_left_objects") == 2)
    }

    @Test func metricsThatCannotBeWrittenAreAUsageErrorBeforeAnythingMoves() throws {
        let (scene, good, _) = try mixedScene()
        let run = try scene.onStore("prefetch", good, "--to", "ais://b", "--metrics", "/nonexistent/a.prom")
        #expect(run.status == 2)
        #expect(run.err.contains("/nonexistent/a.prom"), "\(run.err)")
        #expect(try scene.requests() == [])
    }

    // MARK: Reports

    @Test func reportsRotateAndTheirHistoryIsShown() throws {
        let (scene, good, mixed) = try mixedScene()
        let folder = "\(scene.scratch.path)/reports"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let kept = ["other-20200101T000000Z.json", "prefetch-20200101T000000Z.json.old"]
        for name in kept + ["prefetch-20200101T000000Z.json", "prefetch-20200102T000000Z.json"] {
            _ = try scene.scratch.write("reports/\(name)", "not a report")
        }
        let pattern = "\(folder)/{job}-{time}.json"
        let runs = [(good, Int32(0)), (mixed, 3)]
        for (url, status) in runs {
            let run = try scene.onStore(
                "prefetch", url, "--to", "ais://b", "--report", pattern, "--report-keep", "3")
            #expect(run.status == status, "\(run.err)")
            usleep(1_100_000)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.count == 5 && Set(kept).isSubset(of: names), "\(names.sorted())")
        #expect(names.contains("prefetch-20200102T000000Z.json"), "the newest of the old ones")

        let history = try scene.aismove(["job", "history", "\(folder)/prefetch-{time}.json"])
        #expect(history.status == 0, "\(history.err)")
        #expect(history.err.contains("prefetch-20200102T000000Z.json is not a report"), "\(history.err)")
        let lines = history.out.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
        #expect(
            lines.map { $0.prefix(8).dropFirst() } == [
                ["exit", "moved", "resumed", "updated", "present", "missing", "failed"],
                ["0", "2", "0", "0", "0", "0", "0"],
                ["3", "0", "0", "0", "2", "1", "1"],
            ], "\(history.out)")
        let json = try scene.aismove(["job", "history", pattern, "--json"]).out.split(separator: "\n")
        #expect(json.count == 2 && json[1].contains("\"exit_code\":3"), "\(json)")
        #expect(try scene.aismove(["job", "history", pattern]).out.contains(" job "))
    }

    @Test(arguments: [
        (["--report-keep", "3"], "{time}"), (["--report", "x.json", "--report-keep", "3"], "{time}"),
        (["--report", "{date}.json"], "{date}"), (["--report", "{time}/x.json"], "{time}"),
        (["--report", "{time}.json", "--report-keep", "0"], "--report-keep"), (["--window", "10-12"], "10-12"),
        (["--jitter", "soon"], "soon"),
    ])
    func wrongFlagsAreExplained(flags: [String], needle: String) throws {
        let scene = try Scene(mountpaths: 1)
        let run = try scene.aismove(
            ["prefetch", scene.url("x.bin"), "--to", "ais://b", "--store", scene.store] + flags)
        #expect(run.status == 2, "\(run.err)")
        #expect(run.err.contains(needle), "\(run.err)")
    }

    // MARK: When

    /// A window in UTC from and to these seconds from now.
    private func window(_ from: Double, _ to: Double) -> String {
        [from, to].map { seconds in
            let time = Date().addingTimeInterval(seconds).formatted(.iso8601)
            return String(time.split(separator: "T")[1].prefix(5))
        }.joined(separator: "-")
    }

    @Test func outsideItsWindowARunEndsAtOnce() throws {
        let (scene, good, _) = try mixedScene()
        scene.environment["TZ"] = "UTC"
        let (report, metrics) = ("\(scene.scratch.path)/r.json", "\(scene.scratch.path)/m.prom")
        let window = window(7200, 10_800)
        let run = try scene.onStore(
            "prefetch", good, "--to", "ais://b", "--window", window, "--jitter", "1h", "--report", report, "--metrics",
            metrics)
        #expect(run.status == 9, "\(run.err)")
        #expect(run.err.split(separator: "\n").count == 1 && run.err.contains("opens at"), "\(run.err)")
        #expect(run.err.contains("T\(window.prefix(5)):00"), "\(run.err)")
        #expect(try scene.requests() == [])
        for file in [report, metrics] { #expect(!FileManager.default.fileExists(atPath: file)) }
        let inside = try scene.onStore(
            "prefetch", good, "--to", "ais://b", "--window", self.window(-3600, 3600), "--jitter", "300ms")
        #expect(inside.status == 0, "\(inside.err)")
        scene.environment["TZ"] = "Asia/Kolkata"
        let elsewhere = try scene.onStore("prefetch", good, "--to", "ais://b", "--window", self.window(-3600, 3600))
        #expect(elsewhere.status == 9, "it is another time of day there: \(elsewhere.err)")
    }

    /// Takes up to a minute: windows have minutes.
    @Test func theEndOfAWindowStopsARunThatGoesOnLater() throws {
        let scene = try Scene(mountpaths: 1)
        scene.environment["TZ"] = "UTC"
        try scene.put("big.bin", Scene.bytes(8 << 20))
        let url = scene.url("big.bin")
        let second = Date().timeIntervalSince1970.truncatingRemainder(dividingBy: 60)
        let end = second > 50 ? 120.0 : 60.0
        let report = "\(scene.scratch.path)/r.json"
        let run = try scene.onStore(
            "prefetch", url, "--to", "ais://b", "--limit-rate", "40KiB", "--window", window(-3600, end - second + 5),
            "--report", report)
        #expect(run.status == 9, "\(run.out)\(run.err)")
        let told = try Report.decode(Data(contentsOf: URL(fileURLWithPath: report)))
        #expect(told.summary.stopped?.contains("window") == true && told.summary.left == 1)
        #expect(Date().timeIntervalSince1970.truncatingRemainder(dividingBy: 60) < 20)
        let next = try scene.prefetch(url, "--to", "ais://b")
        #expect(next.counts == ["resumed": 1], next.said)
        try scene.expectStored(["big.bin": "big.bin"])
    }

    @Test func aSignalEndsTheJitter() throws {
        let (scene, good, _) = try mixedScene()
        let report = "\(scene.scratch.path)/r.json"
        let running = try scene.start(
            "prefetch", good, "--to", "ais://b", "--jitter", "24h", "--deadline", "1ms", "--report", report)
        #expect(eventually { running.errSoFar.contains("--jitter") })
        usleep(300_000)
        #expect(running.isRunning, "the deadline counts from the start of the run itself")
        running.send(SIGTERM)
        #expect(eventually { !running.isRunning })
        #expect(try running.wait().status == 130)
        let told = try Report.decode(Data(contentsOf: URL(fileURLWithPath: report)))
        #expect(told.summary.exitCode == 130 && told.summary.stopped == "interrupted")
        #expect(try scene.requests() == [])
    }

    // MARK: Words

    /// `key=value` pairs of the one line that `--quiet` prints.
    private func pairs(_ err: String) throws -> [Substring: Substring] {
        let line = try #require(err.split(separator: "\n").last { $0.hasPrefix("aismove ") }, "\(err)")
        return Dictionary(
            uniqueKeysWithValues: try line.split(separator: " ").dropFirst().prefix(16).map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1)
                return (parts[0], try #require(parts.last))
            })
    }

    @Test func quietHasOneLineForSyslogWhenSomethingIsWrong() throws {
        let (scene, good, mixed) = try mixedScene()
        let well = try scene.onStore("prefetch", good, "--to", "ais://b", "--quiet")
        #expect(well.status == 0 && well.out == "" && well.err == "", "\(well.out)\(well.err)")
        let wrong = try scene.onStore("prefetch", mixed, "--to", "ais://b", "--quiet")
        #expect(wrong.status == 3 && wrong.out == "")
        let told = try pairs(wrong.err)
        #expect(told["exit"] == "3" && told["present"] == "2" && told["missing"] == "1" && told["failed"] == "1")
        #expect(told["command"] == "prefetch" && told["skipped"] == "0")
        // A new ht:// bucket comes with a notice, and a notice is not nothing.
        let notice = try scene.onStore("prefetch", good, "--quiet")
        #expect(notice.status == 0 && notice.err.contains("ht://"), "\(notice.err)")
        #expect(try pairs(notice.err)["exit"] == "0")
    }

    @Test func aSkippedRunIsToldInOneLineEverywhere() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("big.bin", Scene.bytes(3 << 20))
        let url = scene.url("big.bin", fault: "slow")
        let holder = try scene.start("prefetch", url, "--to", "ais://b")
        #expect(eventually { !scene.workfiles().isEmpty })
        let metrics = "\(scene.scratch.path)/m.prom"
        let skipped = try scene.onStore(
            "prefetch", url, "--to", "ais://b", "--on-locked", "skip", "--quiet", "--metrics", metrics)
        #expect(skipped.status == 0 && skipped.out == "")
        #expect(skipped.err.split(separator: "\n").count == 1, "\(skipped.err)")
        #expect(try pairs(skipped.err)["skipped"] == "1")
        let told = try Metrics(file: metrics)
        #expect(told.value("aismove_run_skipped") == 1 && told.value("aismove_run_exit_code") == 0)
        #expect(told.families["aismove_last_success_timestamp_seconds"] == nil)
        let waited = try scene.onStore("prefetch", url, "--to", "ais://b", "--deadline", "300ms", "--quiet")
        #expect(waited.status == 9, "the deadline bounds the wait: \(waited.err)")
        #expect(try pairs(waited.err)["skipped"] == "0")
        #expect(try holder.wait().status == 0)
    }
}
