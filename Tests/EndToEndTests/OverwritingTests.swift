import Foundation
import TestSupport
import Testing

/// Files that tell of a run never take the place of each other, of what the run reads, or of something in its store.
struct OverwritingTests {
    /// `DIR/` stands for the test's scratch directory, which `LINK/` names too.
    static let pairs: [[String]] = [
        ["--report", "DIR/told", "--metrics", "DIR/told"],
        ["--report", "DIR/told", "--junit", "LINK/told"],
        ["--metrics", "DIR/told", "--summary", "DIR/./log/../told"],
        ["--junit", "DIR//told", "--summary", "DIR/told"],
        ["--report", "DIR/{job}.json", "--metrics", "DIR/prefetch.json"],
        ["--report", "DIR/alias", "--summary", "DIR/there"],
    ]

    @Test(arguments: pairs)
    func twoInOnePlaceAreRefused(_ pair: [String]) throws {
        let (scene, directory) = try world()
        let run = try self.run(scene, pair)
        #expect(run.status == 2 && run.err.contains("\(pair[0]) and \(pair[2])"), "\(run.err)")
        try expectUntouched(scene, directory)
    }

    /// What else is given, the flag, where it points, and what that is.
    static let targets: [(flags: [String], flag: String, target: String, what: String)] = [
        (["--from", "DIR/list"], "--report", "DIR/list", "the list of a source"),
        (["--digests", "DIR/sums"], "--metrics", "LINK/sums", "a list of digests"),
        (["--locked", "DIR/lock"], "--junit", "DIR/lock", "the lock"),
        ([], "--report", "DIR/store/aismove-store.json", "the store's description"),
        ([], "--summary", "LINK/store/aismove-store.json", "the store's description"),
        ([], "--metrics", "DIR/d1/told", "a mountpath"),
        ([], "--report", "LINK/d1/.aismove/{time}", "a mountpath"),
    ]

    @Test(arguments: targets.indices)
    func whatTheRunNeedsIsLeftAlone(_ index: Int) throws {
        let (scene, directory) = try world()
        let (flags, flag, target, what) = Self.targets[index]
        let run = try self.run(scene, flags + [flag, target])
        #expect(run.status == 2 && run.err.contains("\(flag) \(directory)"), "\(run.err)")
        #expect(run.err.contains(what), "\(run.err)")
        try expectUntouched(scene, directory)
    }

    @Test(arguments: ["prefetch", "sync"])
    func aJobFileIsLeftAlone(_ command: String) throws {
        let (scene, directory) = try world()
        let sources = "sources: [{url: \"\(scene.url("x.bin"))\", to: ais://b}]"
        let cases = [
            ("", ["--report", "\(directory)/job.yaml"], "--report \(directory)/job.yaml: is the job file"),
            ("summary: \(directory)/job.yaml", [], "summary: \(directory)/job.yaml: is the job file"),
            ("report: {file: \(directory)/told}", ["--junit", "\(directory)/told"], "report: and --junit"),
            ("metrics: \(directory)/d1/told", [], "metrics: \(directory)/d1/told: lies in"),
        ]
        for (keys, flags, needle) in cases {
            let text = "job: night\nstore: \(scene.store)\n\(sources)\n\(keys)\n"
            let file = try scene.scratch.write("job.yaml", text)
            let run = try scene.aismove([command, file] + flags)
            #expect(run.status == 2 && run.err.contains(needle), "\(run.err)")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
            try FileManager.default.removeItem(atPath: file)
            try expectUntouched(scene, directory)
        }
    }

    @Test func otherCommandsAreAsCareful() throws {
        let (scene, directory) = try world()
        let description = "\(scene.store)/aismove-store.json"
        for command in [["verify"], ["evict", "ais://b"], ["export", "ais://b", "--to", "\(directory)/out"]] {
            #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://b").status == 0)
            let before = try Data(contentsOf: URL(fileURLWithPath: description))
            let run = try scene.aismove(command + ["--store", scene.store, "--report", description])
            #expect(run.status == 2 && run.err.contains("the store's description"), "\(command): \(run.err)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: description)) == before)
        }
    }

    /// Streams take what several have to say.
    @Test func streamsAreNoFiles() throws {
        let (scene, _) = try world()
        let run = try self.run(
            scene, ["--quiet", "--report", "/dev/stdout", "--junit", "/dev/null", "--summary", "/dev/stdout"])
        #expect(run.status == 0 && run.out.contains("\"summary\"") && run.out.contains("### "), "\(run.err)")
        let null = try self.run(scene, ["--report", "/dev/null", "--junit", "/dev/null", "--summary", "/dev/null"])
        #expect(null.status == 0, "\(null.err)")
    }

    private func world() throws -> (scene: Scene, directory: String) {
        let scene = try Scene(mountpaths: 1)
        let directory = scene.scratch.path
        try scene.put("x.bin", "x")
        for name in ["list", "sums", "lock", "there"] { _ = try scene.scratch.write(name, "kept") }
        try FileManager.default.createDirectory(atPath: "\(directory)/log", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(directory)/link", withDestinationPath: directory)
        try FileManager.default.createSymbolicLink(atPath: "\(directory)/alias", withDestinationPath: "there")
        return (scene, directory)
    }

    private func run(_ scene: Scene, _ flags: [String]) throws -> ProcessResult {
        let flags = flags.map {
            $0.replacing("DIR/", with: "\(scene.scratch.path)/").replacing("LINK/", with: "\(scene.scratch.path)/link/")
        }
        let sources =
            flags.contains { $0 == "--from" || $0 == "--locked" } ? [] : [scene.url("x.bin"), "--to", "ais://b"]
        return try scene.aismove(["prefetch"] + sources + flags + ["--store", scene.store])
    }

    private func expectUntouched(_ scene: Scene, _ directory: String) throws {
        for name in ["list", "sums", "lock", "there"] {
            #expect(try String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8) == "kept")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { !$0.hasPrefix(".") }
        #expect(Set(names) == ["alias", "d1", "link", "list", "lock", "log", "store", "sums", "there"])
        #expect(try scene.disk().bmd.allSatisfy { $0.buckets.isEmpty })
        #expect(try scene.aismove(["store", "show", "--store", scene.store]).status == 0)
    }
}
