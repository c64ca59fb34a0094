import Foundation
import Glibc
import TestSupport
import Testing

/// `jobs/cron` under a real cron, in a mount namespace of its own: neither reads nor writes the machine's crontabs.
struct CronTests {
    /// Takes up to a minute: cron starts jobs when the minute turns.
    @Test func theExampleRunsUnderCron() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 3)
        let folder = scene.scratch.path
        for name in ["cron.d", "log", "prom"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        let output = "\(folder)/output"
        let job = try scene.scratch.write(
            "imagenet.yaml",
            try adapted(
                [
                    "/srv/aismove": scene.store, "22:00-06:00": window(), "10m": "1s",
                    "/var/log/aismove/": "\(folder)/log/",
                    "https://data.example.org/imagenet/train-{000000..001281}.tar": scene.url(
                        "train-{000000..000002}.tar"),
                    "/var/lib/prometheus/node-exporter/": "\(folder)/prom/",
                ], in: "jobs/cron/imagenet.yaml"))
        let entry = try adapted(
            [
                "PATH=/usr/local/bin": "PATH=\(URL(fileURLWithPath: Program.path).deletingLastPathComponent().path)",
                "0 22 * * *": "* * * * *", "/etc/aismove/imagenet.yaml": job,
            ], in: "jobs/cron/aismove")
        let file = try scene.scratch.write("cron.d/aismove", entry.dropLast() + " >>\(output) 2>&1\n")
        #expect(chmod(file, 0o644) == 0)
        let cron = try Cron(entries: "\(folder)/cron.d")
        defer { cron.stop() }

        let metrics = "\(folder)/prom/imagenet.prom"
        #expect(waitForMinute { FileManager.default.fileExists(atPath: metrics) }, "\(cron.errors)")
        cron.stop()
        let read = try Metrics(file: metrics)
        #expect(read.value("aismove_run_exit_code") == 0)
        #expect(read.value("aismove_run_objects", ["outcome": "moved"]) == 3)
        #expect(
            try String(contentsOfFile: output, encoding: .utf8) == "", "nothing is wrong, so cron has no mail to send")
        let history = try scene.aismove(["job", "history", job])
        #expect(history.out.split(separator: "\n").count == 2, "\(history.out)\(history.err)")
        let names = (0..<3).map { shard($0) }
        try scene.expectStored(Dictionary(uniqueKeysWithValues: names.map { ("train/\($0)", $0) }))
    }

    /// From an hour ago until in an hour, by the clock that cron goes by.
    private func window() -> String {
        [-3600.0, 3600.0].map { seconds in
            let style = Date.ISO8601FormatStyle(timeZone: .current)
            return String(Date().addingTimeInterval(seconds).formatted(style).split(separator: "T")[1].prefix(5))
        }.joined(separator: "-")
    }

    private func waitForMinute(_ condition: () -> Bool) -> Bool {
        for _ in 0..<750 {
            if condition() { return true }
            usleep(100_000)
        }
        return false
    }
}

/// A file of the repository with paths of this test in place of the example's; each must be there.
func adapted(_ replacements: [String: String], in file: String) throws -> String {
    var text = try String(contentsOfFile: "\(TestSupport.repositoryRoot)/\(file)", encoding: .utf8)
    for (example, own) in replacements {
        guard text.contains(example) else { throw TestSupportError("\(file) has no \(example)") }
        text = text.replacing(example, with: own)
    }
    return text
}

/// Debian's cron in the foreground, which sees only the entries given. Needs root, as in CI.
private final class Cron {
    private let process = Process()
    private let log: String
    private let scratch: ScratchDirectory

    init(entries: String) throws {
        scratch = try TestSupport.scratch("cron")
        log = try scratch.write("log", "")
        let script = """
            set -e
            mount --bind "$1" /etc/cron.d
            mount -t tmpfs tmpfs /var/spool/cron/crontabs
            mount -t tmpfs tmpfs /run
            mount --bind /dev/null /etc/crontab
            exec cron -f
            """
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        process.arguments = ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "cron", entries]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle(forWritingAtPath: log)
        try process.run()
    }

    var errors: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    func stop() {
        guard process.isRunning else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit { stop() }
}
