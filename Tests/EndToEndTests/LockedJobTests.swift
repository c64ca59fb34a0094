import Foundation
import TestSupport
import Testing

/// `jobs/ci-staging.yaml`: a job that a lock rules.
struct LockedJobTests {
    private let scene: Scene
    private let work: String
    private let job: String

    init() throws {
        scene = try Scene()
        work = "\(scene.scratch.path)/work"
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        // The paths of a job are those beside it.
        job = "\(work)/ci-staging.yaml"
        try FileManager.default.copyItem(
            atPath: "\(TestSupport.repositoryRoot)/jobs/ci-staging.yaml", toPath: job)
        try scene.putShards(count: 3)
        scene.environment["AISMOVE_STORE"] = scene.store
        scene.environment["DATASET_URL"] = String(scene.url().dropLast())
        scene.environment["GITHUB_STEP_SUMMARY"] = "\(work)/summary.md"
    }

    private func run(_ command: String, _ more: String...) throws -> ProcessResult {
        try TestSupport.run(
            Program.path, [command, job] + more, environment: scene.environment, directory: work)
    }

    @Test func theJobMovesWhatItsLockNamesAndNothingElse() throws {
        let without = try run("prefetch")
        #expect(without.status == 2, "\(without.err)")
        #expect(without.err.contains("dataset.lock: cannot be read; 'aismove plan"), "\(without.err)")
        let plan = try run("plan", "--lock", "dataset.lock")
        #expect(plan.status == 0, "\(plan.err)")
        let lock = try LockFile("\(work)/dataset.lock")
        #expect(lock.text.contains("\"source\":\"${DATASET_URL}/train-{000000..000002}.tar\""), "as written")
        #expect(try run("prefetch", "--offline").status == 4)
        let first = try run("prefetch")
        #expect(first.status == 0, "\(first.out)\(first.err)")
        #expect(try scene.disk().names == (0..<3).map { "train/\(shard($0))" })
        #expect(try run("prefetch", "--offline").status == 0)
        #expect(try String(contentsOfFile: "\(work)/dataset.xml", encoding: .utf8).contains("tests=\"3\""))
        let summary = try String(contentsOfFile: "\(work)/summary.md", encoding: .utf8)
        #expect(summary.components(separatedBy: "### ").count == 5, "one for each run: \(summary)")

        try scene.putShards(first: 1, count: 1, members: 9)
        #expect(try scene.onStore("evict", "ais://dataset").status == 0)
        let moved = try run("prefetch")
        #expect(moved.status == 3, "\(moved.out)\(moved.err)")
        #expect(moved.err.contains("the source has moved"), "\(moved.err)")
        #expect(try scene.disk().names == [0, 2].map { "train/\(shard($0))" })
    }
}
