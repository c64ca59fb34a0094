import Foundation
import TestSupport
import Testing

/// Standard output and standard error that the caller has closed, or that lead to a full disk.
@Suite struct StandardStreamTests {
    private func scene() throws -> Scene {
        let scene = try Scene()
        try scene.putShards(count: 6)
        try scene.remove(shard(4))
        return scene
    }

    /// Runs the program with its streams as the shell's `redirections` say.
    private func run(_ scene: Scene, _ redirections: String, _ arguments: String...) throws -> ProcessResult {
        try TestSupport.run(
            "sh",
            ["-c", "exec timeout 60 \"$0\" \"$@\" \(redirections)", Program.path] + arguments
                + ["--store", scene.store], environment: scene.environment)
    }

    @Test(arguments: [">&-", "2>&-", "<&- >&- 2>&-"])
    func messagesNeverGoIntoFiles(_ closed: String) throws {
        let scene = try scene()
        let report = "\(scene.scratch.path)/report.json"
        let result = try run(
            scene, closed, "prefetch", scene.url("train-{000000..000005}.tar"), "--to", "ais://b", "--json", "--report",
            report)
        #expect(result.status == 4)
        #expect(try Report.decode(Data(contentsOf: URL(fileURLWithPath: report))).shards.count == 6)
        let good = [0, 1, 2, 3, 5].map { shard($0) }
        try scene.expectStored(Dictionary(uniqueKeysWithValues: good.map { ($0, $0) }))
    }

    /// The writer keeps standard input open and says nothing more.
    @Test(arguments: [["--from", "-"], ["http://127.0.0.1:1/{0..9}.bin", "--digests", "-"]], [SIGINT, SIGTERM])
    func aListThatDoesNotComeIsNotWaitedFor(_ sources: [String], signal: Int32) throws {
        let scene = try Scene(mountpaths: 1)
        let silent = Pipe()
        let running = try Running(
            ["prefetch"] + sources + ["--to", "ais://b", "--store", scene.store], environment: scene.environment,
            scratch: scene.scratch, input: silent)
        try silent.fileHandleForWriting.write(contentsOf: Data("http://127.0.0.1:1/x.bin\n".utf8))
        // Once it no longer ends by the signal itself, it reads.
        #expect(eventually { running.catches(signal) })
        usleep(300_000)
        #expect(running.isRunning)
        running.send(signal)
        let ended = try running.wait()
        #expect(ended.status == 130, "\(ended.err)")
        #expect(try scene.disk().bmd.allSatisfy { $0.buckets.isEmpty })
        try silent.fileHandleForWriting.close()
    }

    @Test func aListOnStandardInputHasABound() throws {
        let scene = try Scene(mountpaths: 1)
        let list = try scene.scratch.write("list", "")
        #expect(truncate(list, (64 << 20) + 1) == 0)
        let result = try run(scene, "<'\(list)'", "prefetch", "--from", "-", "--to", "ais://b")
        #expect(result.status == 2, "\(result.err)")
        #expect(result.err.contains("standard input: has more than 64 MiB"), "\(result.err)")
    }

    @Test func whatAFullDiskSwallowsIsAnError() throws {
        let scene = try scene()
        let url = scene.url("train-{000000..000003}.tar")
        let moved = try run(scene, ">/dev/full", "prefetch", url, "--to", "ais://b", "--json")
        #expect(moved.status == 6)
        #expect(moved.err.contains("standard output: No space left on device"), "\(moved.err)")
        #expect(try run(scene, ">/dev/full", "ls", "ais://b").status == 6)
        #expect(try run(scene, ">/dev/full", "plan", url, "--to", "ais://b").status == 6)
        #expect(try run(scene, ">/dev/full", "prefetch", url, "--to", "ais://b", "--quiet").status == 0)
        #expect(try run(scene, "| head -c 1", "ls", "ais://b").status == 0)
    }

    @Test func aPlanEndsWithItsReader() throws {
        let scene = try Scene(mountpaths: 1)
        let script = "{ timeout 60 \"$0\" \"$@\"; echo $? >&2; } | head -n 1"
        let result = try TestSupport.run(
            "sh",
            ["-c", script, Program.path, "plan", "http://127.0.0.1/x-{0..999999999}", "--to", "ais://b"]
                + ["--store", scene.store], environment: scene.environment)
        #expect(result.out.split(separator: "\n").count == 1)
        #expect(result.err.hasSuffix("\n0\n"), "124 would be the timeout's")
    }
}
