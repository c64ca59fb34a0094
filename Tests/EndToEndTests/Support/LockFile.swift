import Foundation

/// A lock as docs/lock.md describes it, read without aismove's own code.
struct LockFile {
    struct Shard: Decodable {
        var object: String
        var source: Int
        var url: String
        var size: Int
        var etag: String?
        var version: String?
        var modified: String?
        var digests: [String: String]?
    }

    let path: String
    let text: String
    let shards: [Shard]

    init(_ path: String) throws {
        self.path = path
        text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n")
        shards = try lines.filter { $0.contains("\"object\":") }.map {
            try JSONDecoder().decode(Shard.self, from: Data($0.utf8))
        }
    }

    func shard(_ suffix: String) -> Shard? { shards.first { $0.object.hasSuffix(suffix) } }
}

extension Scene {
    /// Where this test's lock is.
    var lockPath: String { "\(scratch.path)/dataset.lock" }

    /// Plans with a lock, and reads it.
    func lock(_ arguments: String...) throws -> LockFile {
        let plan = try aismove(["plan"] + arguments + ["--lock", lockPath, "--store", store])
        guard plan.status == 0 else { throw LockFailure(said: "exit \(plan.status): \(plan.out)\(plan.err)") }
        return try LockFile(lockPath)
    }

    struct LockFailure: Error {
        let said: String
    }
}
