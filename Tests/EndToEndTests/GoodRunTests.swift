import Foundation
import TestSupport
import Testing

/// The main job on real input: a range with a hole and a damaged shard, again and again until all is well.
struct GoodRunTests {
    private static let count = 22
    private static let hole = 17
    private static let damaged = 9

    /// 22 names: 20 good shards, one hole, one shard with a damaged second header.
    private func makeSource(_ scene: Scene) throws {
        try scene.putShards(count: Self.count)
        try scene.remove(shard(Self.hole))
        var data = try scene.original(shard(Self.damaged))
        data[5632 + 100] ^= 0x01
        try scene.put(shard(Self.damaged), data)
    }

    private func names(without: Set<Int>) -> [String: String] {
        let numbers = (0..<Self.count).filter { !without.contains($0) }
        return Dictionary(uniqueKeysWithValues: numbers.map { ("train/" + shard($0), shard($0)) })
    }

    @Test func movesWhatIsGoodAndTellsTheRest() throws {
        let scene = try Scene()
        try makeSource(scene)
        let range = scene.url("train-{000000..000021}.tar")

        let first = try scene.prefetch(range, "--to", "ais://imagenet/train")
        #expect(first.status == 3, first.said)
        #expect(first.counts == ["moved": 20, "missing": 1, "failed": 1], first.said)
        let report = try #require(first.report)
        #expect(report.shards.count == Self.count)
        #expect(report.summary.failures == ["tar": 1])
        #expect(report.summary.missing.values.sorted() == ["17"])
        let failed = try #require(first.record(shard(Self.damaged)))
        #expect(failed.class == "tar")
        #expect(failed.reason?.contains("5632") == true, "\(failed.reason ?? "")")
        let moved = try #require(first.record(shard(3)))
        #expect(moved.object == "ais://imagenet/train/\(shard(3))")
        #expect(moved.source == scene.url(shard(3)))
        #expect(moved.tarMembers == 8)
        #expect(moved.size == Int64(try scene.original(shard(3)).count))
        #expect(scene.hosts.contains(moved.mountpath ?? ""))
        try scene.expectStored(names(without: [Self.hole, Self.damaged]))
        let damagedGets = try scene.requests(24).filter {
            $0.method == "GET" && $0.target.hasSuffix(shard(Self.damaged))
        }
        #expect(damagedGets.count == 2, "fetched once more before it is reported")

        let before = try scene.requests().count
        let second = try scene.prefetch(range, "--to", "ais://imagenet/train")
        #expect(second.status == 3, second.said)
        #expect(second.counts == ["present": 20, "missing": 1, "failed": 1], second.said)
        let asked = Set(try scene.requests(before + 3).dropFirst(before).map { String($0.target.suffix(16)) })
        #expect(asked == [shard(Self.hole), shard(Self.damaged)])

        try scene.putShards(first: Self.damaged, count: 1)
        let third = try scene.prefetch(range, "--to", "ais://imagenet/train")
        #expect(third.status == 4, third.said)
        #expect(third.counts == ["moved": 1, "present": 20, "missing": 1], third.said)
        #expect(third.record(shard(Self.damaged))?.outcome == "moved")

        try scene.putShards(first: Self.hole, count: 1)
        let fourth = try scene.prefetch(range, "--to", "ais://imagenet/train")
        #expect(fourth.status == 0, fourth.said)
        try scene.expectStored(names(without: []))
    }

    @Test func aSecondRunAsksNothing() throws {
        let scene = try Scene()
        try scene.putShards(count: 12)
        let range = scene.url("train-{000000..000011}.tar")
        #expect(try scene.prefetch(range).status == 0)
        let before = try scene.requests(12).count
        let disk = try scene.disk()
        let second = try scene.prefetch(range)
        #expect(second.status == 0, second.said)
        #expect(second.counts == ["present": 12])
        #expect(try scene.requests().count == before)
        #expect(second.report?.summary.receivedBytes == 0)
        let bmdAfter = try scene.disk().bmd.map(\.version)
        #expect(bmdAfter == disk.bmd.map(\.version))
    }

    @Test func planWritesNothing() throws {
        let scene = try Scene()
        try scene.putShards(count: 5)
        let before = try scene.disk()
        let plan = try scene.onStore("plan", scene.url("train-{000000..000004}.tar"), "--to", "ais://b")
        #expect(plan.status == 0, "\(plan.err)")
        for number in 0..<5 { #expect(plan.out.contains(shard(number))) }
        let again = try scene.onStore("plan", scene.url("train-{000000..000004}.tar"), "--to", "ais://b")
        #expect(again.out == plan.out, "the same plan, byte by byte (ARCHITECTURE.md, invariant 3)")
        let after = try scene.disk()
        #expect(after.bmd.map(\.version) == before.bmd.map(\.version))
        #expect(after.names == [])
        #expect(after.problems == [])
        #expect(try scene.requests().filter { $0.bodyBytes > 0 && $0.method == "GET" } == [])
        let sizes = try scene.onStore("plan", scene.url("train-{000000..000004}.tar"), "--to", "ais://b", "--sizes")
        #expect(sizes.status == 0, "\(sizes.err)")
        #expect(try scene.requests(5).filter { $0.method == "HEAD" }.count >= 5)
    }

    @Test func aReportIsWholeAndSmallObjectsBatchWell() throws {
        let scene = try Scene()
        for number in 0..<300 { try scene.put("o/\(number).bin", Scene.bytes(100 + number, seed: UInt64(number + 1))) }
        let run = try scene.prefetch(scene.url("o/{0..299}.bin"), "--to", "ais://small")
        #expect(run.status == 0, run.said)
        #expect(run.counts == ["moved": 300])
        #expect(Set(run.report?.shards.map(\.object) ?? []).count == 300)
        #expect(run.report?.summary.command == "prefetch")
        #expect(run.report?.summary.exitCode == 0)
        #expect(run.report?.summary.committedBytes == (0..<300).reduce(0) { $0 + Int64(100 + $1) })
        #expect(run.report?.summary.left == nil)
        try scene.expectStored(Dictionary(uniqueKeysWithValues: (0..<300).map { ("\($0).bin", "o/\($0).bin") }))
    }

    @Test(arguments: ["tar.gz", "tar.zst", "tar.xz", "tar.bz2", "tar.lz4"])
    func compressedShardsAreChecked(_ suffix: String) throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 1, members: 3, bytes: 70000)
        let tool =
            ["tar.gz": "gzip", "tar.zst": "zstd", "tar.xz": "xz", "tar.bz2": "bzip2", "tar.lz4": "lz4"][suffix] ?? ""
        let tar = scene.served(shard(0))
        let packed = try Compressor.run(tool, tar)
        try scene.put("good.\(suffix)", packed)
        try scene.put("cut.\(suffix)", packed.prefix(packed.count - 40))
        let run = try scene.prefetch(
            scene.url("good.\(suffix)"), scene.url("cut.\(suffix)"), "--to", "ais://b")
        #expect(run.status == 3, run.said)
        #expect(run.record("good.\(suffix)")?.tarMembers == 6, run.said)
        #expect(run.record("cut.\(suffix)")?.class == "tar", run.said)
        try scene.expectStored(["good.\(suffix)": "good.\(suffix)"])
    }
}

/// Compresses a file by Python's or PyPI's codecs where the tool itself is not installed.
enum Compressor {
    static func run(_ tool: String, _ file: String) throws -> Data {
        let code: String
        switch tool {
        case "gzip": code = "import gzip; out = gzip.compress(data)"
        case "xz": code = "import lzma; out = lzma.compress(data)"
        case "bzip2": code = "import bz2; out = bz2.compress(data)"
        case "lz4": code = "import lz4.frame; out = lz4.frame.compress(data)"
        default:
            // Into a file: to a pipe bsdtar pads what it writes.
            try TestSupport.runChecked("bsdtar", ["--zstd", "-cf", "\(file).zst", "@\(file)"])
            return try Data(contentsOf: URL(fileURLWithPath: "\(file).zst"))
        }
        let script = "import sys; data = open(sys.argv[1], 'rb').read(); \(code); sys.stdout.buffer.write(out)"
        return try TestSupport.runChecked(TestSupport.python, ["-c", script, file]).stdout
    }
}
