import Foundation
import TestSupport
import Testing

/// What a job file says of running unattended.
struct JobScheduleTests {
    private func job(_ scene: Scene, _ more: String = "") throws -> String {
        for name in ["log", "prom"] {
            try FileManager.default.createDirectory(
                atPath: "\(scene.scratch.path)/\(name)", withIntermediateDirectories: true)
        }
        return try scene.scratch.write(
            "nightly.yaml",
            """
            job: nightly
            store: \(scene.store)
            sources:
              - url: \(scene.url("train-{000000..000002}.tar"))
                to: ais://b/train
            report: {file: "\(scene.scratch.path)/log/{job}-{time}.json", keep: 2}
            metrics: \(scene.scratch.path)/prom/nightly.prom
            on-locked: skip
            \(more)
            """)
    }

    @Test func reportsMetricsHistoryAndRetryOfAJob() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 3)
        let held = try scene.original(shard(2))
        try scene.remove(shard(2))
        let file = try job(scene, "transfer: {jitter: 200ms, deadline: 1h}")
        #expect(try scene.aismove(["prefetch", file]).status == 4)
        let metrics = "\(scene.scratch.path)/prom/nightly.prom"
        let first = try Metrics(file: metrics)
        #expect(first.jobs == ["nightly"])
        #expect(first.value("aismove_run_exit_code") == 4)

        let reports = { try FileManager.default.contentsOfDirectory(atPath: "\(scene.scratch.path)/log").sorted() }
        let report = try #require(try reports().first)
        #expect(report.hasPrefix("nightly-20") && report.hasSuffix("Z.json"))
        try scene.put(shard(2), held)
        let retry = try scene.prefetch("--from-report", "\(scene.scratch.path)/log/\(report)")
        #expect(retry.counts == ["moved": 1], retry.said)
        let tags = Set(try scene.disk().objects.map { $0.custom["aismove_src"] })
        #expect(tags.count == 1 && tags.first != .some(nil), "the job has placed them all: \(tags)")

        for _ in 0..<3 {
            usleep(1_100_000)
            #expect(try scene.aismove(["prefetch", file]).status == 0)
        }
        #expect(try Metrics(file: metrics).value("aismove_run_objects", ["outcome": "present"]) == 3)
        #expect(try reports().count == 2)
        let history = try scene.aismove(["job", "history", file])
        #expect(history.status == 0 && history.out.split(separator: "\n").count == 3, "\(history.out)\(history.err)")
        #expect(!history.out.contains(" job "), "one job needs no column")
    }

    @Test func aJobsWindowAndAFlagInItsPlace() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 3)
        scene.environment["TZ"] = "UTC"
        let clock = { (seconds: Double) in
            String(Date().addingTimeInterval(seconds).formatted(.iso8601).split(separator: "T")[1].prefix(5))
        }
        let file = try job(scene, "transfer: {window: \"\(clock(7200))-\(clock(10_800))\"}")
        #expect(try scene.aismove(["prefetch", file]).status == 9)
        let run = try scene.aismove(["prefetch", file, "--window", "\(clock(-3600))-\(clock(3600))", "--quiet"])
        #expect(run.status == 0 && run.err == "", "\(run.err)")
    }

    @Test func aJobWithoutReportsHasNoHistory() throws {
        let scene = try Scene(mountpaths: 1)
        let file = try scene.scratch.write(
            "bare.yaml", "job: bare\nsources:\n  - url: \(scene.url("x.bin"))\n    to: ais://b\n")
        let history = try scene.aismove(["job", "history", file])
        #expect(history.status == 2 && history.err.contains("report:"), "\(history.err)")
    }
}
