import Foundation
import TestSupport
import Testing

/// The examples of `jobs/ci`: their shell, taken out of the YAML, runs in a scratch clone against an S3 server.
struct CIJobTests {
    private let scene: Scene
    private let clone: String
    private let bucket = CloudSite.name()
    private let server: S3Server

    private struct Script: Decodable {
        var shell: [String]
        var variables: [String: String]
    }

    init() throws {
        server = try CloudSite.seaweed()
        scene = try Scene(cloud: server)
        clone = "\(scene.scratch.path)/clone"
        try FileManager.default.createDirectory(atPath: "\(clone)/bin", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(clone)/bin/aismove", withDestinationPath: Program.path)
        try scene.putShards(count: 3)
        var objects: [String: Data] = [:]
        for number in 0..<3 { objects["digits/\(shard(number))"] = try scene.original(shard(number)) }
        try scene.seed(Seed(bucket, objects), at: server)
        // As the comment at the head of both files says.
        try shell("mkdir -p l/d1; aismove store init l/store --mountpath $PWD/l/d1; git init -q")
        try shell("aismove plan s3://\(bucket)/digits/ --to ais://dataset --lock dataset.lock --store l/store")
        try shell("git add dataset.lock; git -c user.name=t -c user.email=t@t commit -q -m lock")
    }

    private func script(_ file: String, _ job: String, _ cache: String) throws -> Script {
        let root = TestSupport.repositoryRoot
        let read = try TestSupport.runChecked(
            TestSupport.python, ["\(root)/Tests/Tools/ci_steps.py", "\(root)/jobs/ci/\(file)", job, cache])
        return try JSONDecoder().decode(Script.self, from: read.stdout)
    }

    /// As runners do it: each step by a shell of its own that ends at the first failure.
    @discardableResult
    private func shell(_ text: String, variables: [String: String] = [:], isolated: Bool = false) throws -> String {
        var environment = scene.environment
        environment.merge(variables) { $1 }
        environment["PATH"] = "\(clone)/bin:\(environment["PATH"] ?? "")"
        environment["GITHUB_STEP_SUMMARY"] = "\(clone)/step-summary.md"
        if variables["DATASET"] != nil { environment["DATASET"] = "s3://\(bucket)/digits/" }
        let words = (isolated ? ["unshare", "--net"] : []) + ["bash", "-e", "-c", text]
        let result = try TestSupport.run(
            words[0], Array(words.dropFirst()), environment: environment, directory: clone)
        guard result.status == 0 else {
            throw TestSupportError("exit \(result.status) of:\n\(text)\n\(result.out)\(result.err)")
        }
        return result.out
    }

    private func expectData() throws {
        for number in 0..<3 {
            let compared = try TestSupport.run(
                "cmp", ["\(clone)/data/\(shard(number))", scene.served(shard(number))])
            #expect(compared.status == 0, "\(compared.out)\(compared.err)")
        }
    }

    /// What a runner keeps from one run to the next: the repository and the cache.
    private func forget() throws {
        try shell("rm -rf stage data dataset.xml")
    }

    @Test func theStepsForGitHubFetchOnceAndThenNeedNoNetwork() throws {
        let first = try script("github.yml", "test", "miss")
        #expect(first.shell.count == 5)
        for step in first.shell { try shell(step, variables: first.variables) }
        try expectData()
        try forget()
        let second = try script("github.yml", "test", "hit")
        #expect(second.shell.count == 4)
        for step in second.shell { try shell(step, variables: second.variables, isolated: true) }
        try expectData()
        let summary = try String(contentsOfFile: "\(clone)/step-summary.md", encoding: .utf8)
        #expect(summary.contains("| moved | 3 |") && summary.contains("| present | 3 |"), "\(summary)")
        #expect(try String(contentsOfFile: "\(clone)/dataset.xml", encoding: .utf8).contains("tests=\"3\""))
    }

    @Test func theWatchTellsWhenTheSourceHasMoved() throws {
        let watch = try script("github.yml", "watch", "miss")
        let text = try watch.shell.map { try shell($0, variables: watch.variables) }.joined()
        let sum = try TestSupport.runChecked("sha256sum", ["\(clone)/dataset.lock"]).out.prefix(64)
        #expect(text.components(separatedBy: sum).count == 3, "plan and sha256sum say the same key: \(text)")
        try scene.seed(Seed(bucket, ["digits/\(shard(1))": Data("another".utf8)]), at: server)
        try shell("rm -rf watch")
        #expect(throws: TestSupportError.self) {
            for step in watch.shell { try shell(step, variables: watch.variables) }
        }
        try shell("git checkout -q dataset.lock")
        let first = try script("github.yml", "test", "miss")
        let error = #expect(throws: TestSupportError.self) {
            for step in first.shell { try shell(step, variables: first.variables) }
        }
        #expect("\(String(describing: error))".contains("the source has moved"), "\(String(describing: error))")
    }

    @Test func theScriptForGitLabDoesTheSame() throws {
        let script = try script("gitlab.yml", "dataset", "miss")
        for isolated in [false, true] {
            for step in script.shell { try shell(step, variables: script.variables, isolated: isolated) }
            try expectData()
            try forget()
        }
        let watch = try self.script("gitlab.yml", "watch", "miss")
        for step in watch.shell { try shell(step, variables: watch.variables) }
    }
}
