import Foundation
import TestSupport
import Testing

/// How a `sync` of a job file tells what it did: metrics, reports, JUnit and Markdown, and what a dry run leaves alone.
struct SyncTellingTests {
    private let bucket: MadeUpBucket
    private let scene: Scene
    private var folder: String { "\(scene.scratch.path)/told" }

    init() throws {
        bucket = try MadeUpBucket(keys: 30)
        scene = try Scene(bucket)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func job(_ more: String = "") throws -> String {
        try scene.scratch.write(
            "nightly.yaml",
            """
            job: nightly
            store: \(scene.store)
            sources: [{bucket: "s3://big/k/", to: "ais://m"}]
            sync: {delete: true}
            report: {file: "told/{time}.json", keep: 1}
            metrics: told/m.prom
            summary: told/s.md
            junit: told/j.xml
            \(more)
            """)
    }

    private func told(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    @Test func aBrakeIsInTheSummaryAndAnErrorInJUnit() throws {
        let file = try job()
        #expect(try scene.aismove(["sync", file, "--quiet"]).status == 0)
        #expect(try told("s.md").contains("aismove sync: exit 0"))
        #expect(try told("j.xml").contains("tests=\"30\""))
        bucket.show(keys: 0)
        #expect(try scene.aismove(["sync", file, "--quiet", "--missing", "allow"]).status == 10)
        #expect(try told("s.md").contains("Nothing was evicted: "))
        #expect(try told("j.xml").contains("<error type=\"exit 10\" message=\"s3://big/k/ lists nothing"))
        #expect(try told("m.prom").contains("aismove_run_exit_code{job=\"nightly\"} 10"))
    }

    @Test func aDryRunIsNoneOfTheJobsRuns() throws {
        // A window that is shut whatever the time is: of one minute, twelve hours from now.
        scene.environment["TZ"] = "UTC"
        let file = try job()
        #expect(try scene.aismove(["sync", file, "--quiet"]).status == 0)
        let names = { try FileManager.default.contentsOfDirectory(atPath: self.folder).sorted() }
        let before = try names()
        let contents = try before.map(told)
        bucket.show(keys: 29)
        let times = [43_200.0, 43_260].map {
            Date().addingTimeInterval($0).formatted(.iso8601).split(separator: "T")[1].prefix(5)
        }
        let later = try job("transfer: {window: \"\(times[0])-\(times[1])\", jitter: 24h}")
        usleep(1_100_000)
        let dry = try scene.aismove(["sync", later, "--max-delete", "10%", "--dry-run"])
        #expect(dry.status == 0 && dry.out.contains("would be evicted: ais://m/00000029"), "\(dry.out)\(dry.err)")
        #expect(try names() == before)
        #expect(try before.map(told) == contents)
        let asked = try scene.reported("sync", [later, "--max-delete", "10%", "--dry-run"])
        #expect(asked.counts == ["present": 29, "evicted": 1], asked.said)
        let metrics = try scene.aismove(["sync", file, "--dry-run", "--metrics", "\(folder)/m.prom"])
        #expect(metrics.status == 2 && metrics.err.contains("--dry-run"), "\(metrics.err)")
    }

    /// While it prepares, too.
    @Test func aDeadlineIsTold() throws {
        let plain = try scene.onStore("sync", "s3://big/k/", "--deadline", "1ms")
        #expect(plain.status == 9 && (plain.out + plain.err).contains("the deadline was reached"), "\(plain)")
        let quiet = try scene.onStore("sync", "s3://big/k/", "--deadline", "1ms", "--quiet")
        let line = quiet.err.split(separator: "\n").last ?? ""
        #expect(quiet.status == 9 && line.hasPrefix("aismove command=sync exit=9 "), "\(quiet.err)")
        let gone = try scene.aismove(["sync", "s3://big/k/", "--store", "\(folder)/gone", "--quiet"])
        let lines = gone.err.split(separator: "\n")
        #expect(gone.status == 6 && lines.count == 2 && lines[0].contains("is not a store"), "\(gone.err)")
        #expect(lines.last?.hasPrefix("aismove command=sync exit=6 ") == true, "\(gone.err)")
    }

    @Test func aLockAndASyncContradictEachOther() throws {
        let run = try scene.aismove(["sync", try job("lock: x.lock")])
        #expect(run.status == 2 && run.err.contains("lock:") && run.err.contains("prefetch"), "\(run.err)")
        #expect(try scene.disk().objects.isEmpty)
    }

    /// What a large source has must not make room for the loss of a small one.
    @Test func maxDeleteHoldsForEachSource() throws {
        let small = "n-{00..02}.bin"
        for number in 0..<3 { try scene.put("n-0\(number).bin", "\(number)") }
        bucket.show(keys: 1000)
        let words = ["s3://big/k/", scene.url(small), "--to", "ais://m", "--delete", "--no-sync"]
        #expect(try scene.reported("sync", words).counts == ["moved": 1003])
        for number in 0..<3 { try scene.remove("n-0\(number).bin") }
        let run = try scene.reported("sync", words)
        #expect(run.status == 10 && run.counts == ["present": 1000, "missing": 3], "\(run.status) \(run.counts)")
        #expect(run.report?.summary.brake?.contains("3 of 3 objects from \(scene.url(small))") == true)
    }
}
