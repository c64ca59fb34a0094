import Foundation
import TestSupport
import Testing

/// `plan --lock` and `prefetch --locked` on a web server.
struct LockTests {
    private let scene: Scene
    private let range: String

    init() throws {
        scene = try Scene()
        try scene.putShards(count: 4)
        range = scene.url("train-{000000..000003}.tar")
    }

    private func locked(_ more: String...) throws -> Scene.Run {
        try scene.reported("prefetch", ["--locked", scene.lockPath] + more)
    }

    private func names(_ numbers: Range<Int>) -> [String: String] {
        Dictionary(uniqueKeysWithValues: numbers.map { ("train/" + shard($0), shard($0)) })
    }

    @Test func aLockSaysTheStateOfEachShardAndItsDigestNamesIt() throws {
        let plan = try scene.onStore("plan", range, "--to", "ais://im/train", "--lock", scene.lockPath)
        #expect(plan.status == 0, "\(plan.err)")
        let lock = try LockFile(scene.lockPath)
        #expect(lock.shards.map(\.object) == (0..<4).map { "ais://im/train/\(shard($0))" })
        #expect(lock.shards.map(\.url) == (0..<4).map { scene.url(shard($0)) })
        #expect(try lock.shards.map(\.size) == (0..<4).map { try scene.original(shard($0)).count })
        #expect(lock.shards.allSatisfy { $0.etag?.isEmpty == false })
        let sum = try TestSupport.runChecked("sha256sum", [scene.lockPath]).out.prefix(64)
        #expect(plan.out.split(separator: "\n").last?.hasSuffix("sha256 \(sum)") == true, "\(plan.out)")
        let json = try scene.onStore(
            "plan", range, "--to", "ais://im/train", "--lock", scene.lockPath, "--totals", "--json")
        let last = try #require(json.out.split(separator: "\n").last)
        #expect(last.contains("\"sha256\":\"\(sum)\""), "the same file once more: \(last)")
        #expect(try scene.disk().objects.isEmpty, "a plan moves nothing")
    }

    @Test func movesExactlyWhatIsLockedAndAsksForNothingTwice() throws {
        _ = try scene.lock(range, "--to", "ais://im/train")
        try scene.putShards(first: 4, count: 1)
        let first = try locked()
        #expect(first.status == 0, first.said)
        #expect(first.counts == ["moved": 4], first.said)
        try scene.expectStored(names(0..<4))
        let before = try scene.requests(8).count
        let again = try locked()
        #expect(again.counts == ["present": 4], again.said)
        #expect(try scene.requests().count == before, "what is present costs no request")
    }

    /// They would be left out of account silently.
    @Test(arguments: [["--to", "ais://other"], ["--include", "x*"], ["--missing", "allow"]])
    func flagsOfSourcesWithoutSourcesAreRefused(flags: [String]) throws {
        _ = try scene.lock(range, "--to", "ais://im/train")
        let run = try scene.reported("prefetch", ["--locked", scene.lockPath] + flags)
        #expect(run.status == 2 && run.err.contains("leave out --to"), run.said)
        #expect(try scene.disk().objects.isEmpty)
    }

    @Test func whatHasChangedIsNamedAndNotMoved() throws {
        // Three shards of 3 MiB, so that a body would be streamed.
        for number in 0..<3 { try scene.put("big-\(number)", Scene.bytes(3 << 20, seed: UInt64(number + 1))) }
        let lock = try scene.lock(scene.url("big-{0..2}"), "--to", "ais://im")
        try scene.put("big-1", Scene.bytes(3 << 20, seed: 9))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000)], ofItemAtPath: scene.served("big-1"))
        try scene.remove("big-2")
        let run = try locked()
        #expect(run.status == 3, run.said)
        #expect(run.counts == ["moved": 1, "failed": 1, "missing": 1], run.said)
        let changed = try #require(run.record("big-1"))
        #expect(changed.class == "wrong-content")
        let then = try #require(lock.shard("big-1")?.etag)
        #expect(changed.reason?.contains("locked 3145728 bytes, ETag \"\(then)\"") == true, run.said)
        #expect(changed.reason?.contains("now 3145728 bytes, ETag \"") == true, run.said)
        let gone = try #require(run.record("big-2"))
        #expect(gone.reason?.hasSuffix("now 404") == true, run.said)
        let received = try #require(run.report?.summary.receivedBytes)
        #expect(received < (3 << 20) + 1000, "no byte of another state was used")
        #expect(try scene.disk().names == ["big-0"])
    }

    @Test func anOlderObjectInTheStoreIsReplacedByTheLockedOne() throws {
        #expect(try scene.prefetch(range, "--to", "ais://im/train").status == 0)
        try scene.putShards(first: 2, count: 1, members: 7)
        _ = try scene.lock(range, "--to", "ais://im/train")
        #expect(try scene.onStore("prefetch", "--locked", scene.lockPath, "--offline").status == 4)
        let run = try locked()
        #expect(run.counts == ["present": 3, "updated": 1], run.said)
        try scene.expectStored(names(0..<4))
    }

    @Test func digestsComeFromListsAndFromTheStoreAndStay() throws {
        let sums = try TestSupport.runChecked(
            "sha256sum", (0..<4).map { shard($0) }, directory: scene.served(""))
        try scene.put("SHA256SUMS", sums.out)
        let words = [range, "--to", "ais://im/train", "--digests", scene.url("SHA256SUMS")]
        let fromList = try scene.lock(words[0], words[1], words[2], words[3], words[4])
        for line in sums.out.split(separator: "\n") {
            #expect(fromList.shard(String(line.suffix(16)))?.digests == ["sha256": String(line.prefix(64))])
        }
        let run = try locked()
        #expect(run.record(shard(0))?.verifiedBy == "sha256 (dataset.lock)", run.said)
        let fromStore = try scene.lock(range, "--to", "ais://im/train")
        let disk = try scene.disk()
        for object in disk.objects {
            let digests = fromStore.shard(object.name)?.digests
            #expect(digests?["xxhash"] == object.checksum.split(separator: ":").last.map(String.init))
            #expect(digests?["sha256"] != nil, "what the lock before knew of the same state stays")
        }
        let empty = try Scene()
        let elsewhere = try empty.aismove(
            ["plan", range, "--to", "ais://im/train", "--lock", scene.lockPath, "--store", empty.store])
        #expect(elsewhere.status == 0)
        #expect(try LockFile(scene.lockPath).text == fromStore.text, "an unchanged source, the same file")
    }

    @Test func aHTBucketIsLockedByItsURLs() throws {
        let lock = try scene.lock(range)
        #expect(lock.shards.allSatisfy { $0.object.hasPrefix("ht://") })
        #expect(try locked().counts == ["moved": 4])
        #expect(try locked("--offline").counts == ["present": 4])
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(disk.names == (0..<4).map { shard($0) })
    }

    @Test func secretsAreNotKeptAndMustBeGivenAgain() throws {
        let secret = "signature=s3cr3t"
        let lock = try scene.lock("\(range)?\(secret)", "--to", "ais://im/train")
        #expect(!lock.text.contains("s3cr3t"))
        let without = try locked()
        #expect(without.status == 2, without.said)
        #expect(without.err.contains("give all sources again"), without.said)
        let with = try locked("\(range)?\(secret)", "--to", "ais://im/train")
        #expect(with.counts == ["moved": 4], with.said)
        let gets = try scene.requests(8).filter { $0.method == "GET" }
        #expect(gets.allSatisfy { $0.target.hasSuffix("?\(secret)") })
        #expect(try locked("--offline").status == 0, "offline needs no URL")
    }

    @Test func holesAreNoPartOfALockOrKeepItFromBeingWritten() throws {
        try scene.remove(shard(2))
        let plan = try scene.onStore("plan", range, "--to", "ais://im/train", "--lock", scene.lockPath)
        #expect(plan.status == 4)
        #expect(plan.err.contains("train/\(shard(2)): is missing"), "\(plan.err)")
        #expect(!FileManager.default.fileExists(atPath: scene.lockPath))
        let lock = try scene.lock(range, "--to", "ais://im/train", "--known-missing", "2")
        #expect(lock.shards.count == 3)
        #expect(try locked().counts == ["moved": 3])
    }

    @Test func anotherFileIsNotOverwritten() throws {
        try FileManager.default.copyItem(atPath: scene.served(shard(0)), toPath: scene.lockPath)
        let plan = try scene.onStore("plan", range, "--to", "ais://im/train", "--lock", scene.lockPath)
        #expect(plan.status == 2)
        #expect(plan.err.contains("is not overwritten"), "\(plan.err)")
        #expect(FileManager.default.contentsEqual(atPath: scene.lockPath, andPath: scene.served(shard(0))))
    }

    @Test(arguments: [["--latest"], ["--digest-mismatch", "log"], ["https://127.0.0.1:1/other.tar"]])
    func whatContradictsALockIsUsage(words: [String]) throws {
        _ = try scene.lock(range, "--to", "ais://im/train")
        let run = try scene.reported("prefetch", ["--locked", scene.lockPath] + words)
        #expect(run.status == 2, run.said)
        #expect(try scene.disk().objects.isEmpty)
    }

    @Test func aLockThatWasCutShortIsRefused() throws {
        let lock = try scene.lock(range, "--to", "ais://im/train")
        let cut = lock.text.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
        try cut.write(toFile: scene.lockPath, atomically: true, encoding: .utf8)
        let run = try locked()
        #expect(run.status == 2, run.said)
        #expect(run.err.contains("cut short"), run.said)
    }
}

/// Sources that say nothing of their state but the bytes.
struct BareLockTests {
    private let scene: Scene
    private let server: ResponderServer
    private static let body = Array("what it was".utf8)

    init() throws {
        scene = try Scene()
        server = try ResponderServer { _ in .init(200, [], body: Self.body) }
    }

    @Test func theBytesTellWhetherTheStoreHasTheLockedOne() throws {
        let sum = try TestSupport.run("sha256sum", ["-"], input: Data(Self.body)).out.prefix(64)
        let list = try scene.scratch.write("SUMS", "\(sum)  x.bin\n")
        let url = "\(server.origin)/x.bin"
        let lock = try scene.lock(url, "--to", "ais://im", "--digests", list)
        #expect(lock.shards.first?.digests == ["sha256": String(sum)])
        #expect(lock.shards.first?.etag == nil && lock.shards.first?.modified == nil)
        #expect(try scene.prefetch("--locked", scene.lockPath).counts == ["moved": 1])
        let asked = server.requests.count
        #expect(try scene.prefetch("--locked", scene.lockPath).counts == ["present": 1])
        #expect(server.requests.count == asked)
        // A lock of other bytes: the store's do not pass for them, and the source's are refused.
        let other = String(repeating: "ab", count: 32)
        try lock.text.replacing(sum, with: other).write(toFile: scene.lockPath, atomically: true, encoding: .utf8)
        #expect(try scene.onStore("prefetch", "--locked", scene.lockPath, "--offline").status == 4)
        let run = try scene.prefetch("--locked", scene.lockPath)
        #expect(run.status == 3, run.said)
        #expect(run.record("x.bin")?.class == "digest", run.said)
        #expect(try scene.onStore("cat", "ais://im/x.bin").out == "what it was", "the store keeps what it had")
    }

    @Test func aShardKnownByItsLengthAloneIsTold() throws {
        let plan = try scene.onStore("plan", "\(server.origin)/x.bin", "--to", "ais://im", "--lock", scene.lockPath)
        #expect(plan.status == 0)
        #expect(plan.err.contains("1 shards are known by their length alone"), "\(plan.err)")
    }
}
