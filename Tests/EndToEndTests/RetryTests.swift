import Foundation
import TestSupport
import Testing

/// `--from-report`: what failed in an earlier run, and nothing else.
struct RetryTests {
    private func file(_ scene: Scene, _ name: String = "first.json") -> String { "\(scene.scratch.path)/\(name)" }

    /// Six shards of which one is missing and one is an HTML page, moved with a report; then both are put right.
    private func failedScene(_ flags: [String] = []) throws -> (scene: Scene, report: String) {
        let scene = try Scene()
        try scene.putShards(count: 6)
        let (missing, page) = (try scene.original(shard(4)), try scene.original(shard(5)))
        try scene.remove(shard(4))
        try scene.put(shard(5), "<html>no</html>")
        let report = file(scene)
        let url = scene.url("train-{000000..000005}.tar")
        let first = try scene.aismove(
            ["prefetch", url, "--to", "ais://b/sub", "--report", report, "--store", scene.store] + flags)
        #expect(first.status == 3, "\(first.out)\(first.err)")
        try scene.put(shard(4), missing)
        try scene.put(shard(5), page)
        return (scene, report)
    }

    @Test func onlyWhatFailedIsAskedForAgain() throws {
        let (scene, report) = try failedScene()
        let before = try scene.requests().count
        let retry = try scene.prefetch("--from-report", report)
        #expect(retry.status == 0, retry.said)
        #expect(retry.counts == ["moved": 2], retry.said)
        let asked = try scene.requests(before + 2).dropFirst(before)
        #expect(Set(asked.map { String($0.target.suffix(16)) }) == [shard(4), shard(5)])
        #expect(asked.count == 2)
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(disk.names == (0..<6).map { "sub/\(shard($0))" })
        let tags = Set(disk.objects.map { $0.custom["aismove_src"] })
        #expect(tags.count == 1 && tags.first != .some(nil), "the same source has placed them: \(tags)")
    }

    @Test func whatFailsAgainCanBeRetriedAgain() throws {
        let (scene, report) = try failedScene()
        let (missing, page) = (try scene.original(shard(4)), try scene.original(shard(5)))
        try scene.remove(shard(4))
        try scene.put(shard(5), "<html>still no</html>")
        let second = file(scene, "second.json")
        let again = try scene.onStore("prefetch", "--from-report", report, "--report", second)
        #expect(again.status == 3, "\(again.out)\(again.err)")
        try scene.put(shard(4), missing)
        try scene.put(shard(5), page)
        let third = try scene.prefetch("--from-report", second)
        #expect(third.status == 0, third.said)
        #expect(third.counts == ["moved": 2], third.said)
        #expect(try scene.prefetch("--from-report", report).counts == ["present": 2], "they are there by now")
    }

    /// A shard that stands in the store and could not be updated is not taken for right because it is there.
    @Test func whatCouldNotBeUpdatedIsUpdated() throws {
        let scene = try Scene()
        try scene.put("x.tar", try tar(scene, seed: 1))
        let url = scene.url("x.tar")
        #expect(try scene.prefetch(url, "--to", "ais://b").status == 0)
        usleep(1_100_000)
        try scene.put("x.tar", "<html>no</html>")
        let report = file(scene)
        #expect(try scene.onStore("prefetch", url, "--to", "ais://b", "--latest", "--report", report).status == 3)
        usleep(1_100_000)
        try scene.put("x.tar", try tar(scene, seed: 2))
        let retry = try scene.prefetch("--from-report", report)
        #expect(retry.counts == ["updated": 1], retry.said)
        try scene.expectStored(["x.tar": "x.tar"])
    }

    private func tar(_ scene: Scene, seed: UInt64) throws -> Data {
        let name = try scene.scratch.write("member-\(seed)", Scene.bytes(3000, seed: seed))
        return try TestSupport.runChecked("tar", ["-cf", "-", "-P", name]).stdout
    }

    @Test func digestsOfListsStillCount() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 2)
        let sums = try TestSupport.runChecked("sha256sum", [shard(0), shard(1)], directory: scene.served("")).out
        let list = try scene.scratch.write("SHA256SUMS", sums)
        let right = try scene.original(shard(1))
        try scene.putShards("other-", count: 1, members: 5)
        try scene.put(shard(1), try scene.original(shard(0, "other-")))
        let report = file(scene)
        let url = scene.url("train-{000000..000001}.tar")
        let first = try scene.onStore("prefetch", url, "--to", "ais://b", "--digests", list, "--report", report)
        #expect(first.status == 3, "\(first.out)\(first.err)")
        #expect(try scene.prefetch("--from-report", report).record(shard(1))?.class == "digest", "still another one")
        try scene.put(shard(1), right)
        let retry = try scene.prefetch("--from-report", report)
        #expect(retry.status == 0, retry.said)
        #expect(retry.record(shard(1))?.verifiedBy == "sha256 (SHA256SUMS)", retry.said)
    }

    @Test func admittedHolesAreNotAskedForAndStayAllowed() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 3)
        try scene.remove(shard(1))
        try scene.put(shard(2), "<html>no</html>")
        let report = file(scene)
        let url = scene.url("train-{000000..000002}.tar")
        let first = try scene.onStore(
            "prefetch", url, "--to", "ais://b", "--known-missing", "1,2", "--report", report)
        #expect(first.status == 3, "\(first.out)\(first.err)")
        try scene.remove(shard(2))
        let retry = try scene.prefetch("--from-report", report)
        #expect(retry.status == 0, "the publisher admits that 2 may be missing: \(retry.said)")
        #expect(retry.report?.shards.map(\.allowed) == [true])
    }

    @Test func conflictsAreToldAgainAndNeverResolvedByChance() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("a/x.bin", "a")
        try scene.put("b/x.bin", "b")
        let list = try scene.scratch.write("list", "\(scene.url("a/x.bin"))\n\(scene.url("b/x.bin"))\n")
        let report = file(scene)
        #expect(try scene.onStore("prefetch", "--from", list, "--to", "ais://b", "--report", report).status == 1)
        let before = try scene.requests().count
        let retry = try scene.prefetch("--from-report", report)
        #expect(retry.status == 1, retry.said)
        #expect(retry.record("x.bin")?.class == "conflict")
        #expect(try scene.requests().count == before)
        #expect(try scene.onStore("cat", "ais://b/x.bin").out == "a")
    }

    @Test func directoriesAsBucketsOfTheirOwn() throws {
        let scene = try Scene()
        try scene.put("d1/x-1.bin", "1")
        try scene.put("d2/x-2.bin", "2")
        let report = file(scene)
        let first = try scene.onStore("prefetch", scene.url("d{1..2}/x-{1..2}.bin"), "--report", report)
        #expect(first.status == 4, "\(first.out)\(first.err)")
        try scene.put("d1/x-2.bin", "12")
        try scene.put("d2/x-1.bin", "21")
        let retry = try scene.prefetch("--from-report", report)
        #expect(retry.counts == ["moved": 2], retry.said)
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(disk.names == ["x-1.bin", "x-1.bin", "x-2.bin", "x-2.bin"])
        #expect(Set(disk.objects.map(\.bucket)).count == 2)
    }

    @Test func objectsOfBuckets() throws {
        let server = try CloudSite.shared()
        let scene = try Scene(cloud: server)
        let bucket = CloudSite.name()
        try scene.putShards(count: 2)
        let good = try (0..<2).map { try scene.original(shard($0)) }
        try scene.seed(
            Seed(bucket, ["in/\(shard(0))": good[0], "in/\(shard(1))": Data("no tar".utf8), "t/a": Data("a".utf8)]))
        let report = file(scene)
        let first = try scene.onStore(
            "prefetch", "s3://\(bucket)/in/", "s3://\(bucket)/t/{0..1}", "--to", "ais://mine/sub", "--report", report)
        #expect(first.status == 3, "\(first.out)\(first.err)")
        try scene.seed(Seed(bucket, ["in/\(shard(1))": good[1], "t/0": Data("0".utf8), "t/1": Data("1".utf8)]))
        let retry = try scene.prefetch("--from-report", report)
        #expect(retry.status == 0, retry.said)
        #expect(retry.counts == ["moved": 3], retry.said)
        let disk = try scene.disk()
        #expect(disk.problems == [])
        #expect(disk.names == ["sub/0", "sub/1", "sub/\(shard(0))", "sub/\(shard(1))"])
        #expect(Set(disk.objects.map { $0.custom["source"] }).count == 1)
    }

    @Test func aStoppedRunSaysWhatIsLeft() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 4, members: 4, bytes: 1 << 20)
        let report = file(scene)
        let url = scene.url("train-{000000..000003}.tar", fault: "slow")
        let first = try scene.onStore("prefetch", url, "--to", "ais://b", "--deadline", "1s", "--report", report)
        #expect(first.status == 9)
        let retry = try scene.prefetch("--from-report", report)
        #expect(retry.status == 0, retry.said)
        #expect(retry.err.contains("4 shards had no outcome"), retry.said)
        #expect(try scene.disk().names == [])
    }

    // MARK: What is refused

    @Test func sourcesBesideAReportAreAUsageError() throws {
        let (scene, report) = try failedScene()
        for words in [
            ["s3://b"], ["--from", "list"], ["--to", "ais://c"], ["--include", "*"], ["--missing", "allow"],
        ] {
            let result = try scene.aismove(["prefetch", "--from-report", report, "--store", scene.store] + words)
            #expect(result.status == 2, "\(words)")
            #expect(result.err.contains("--from-report"), "\(result.err)")
        }
    }

    @Test func anotherStoresReportIsRefused() throws {
        let (scene, report) = try failedScene()
        defer { withExtendedLifetime(scene) {} }
        let other = try Scene(mountpaths: 1)
        let result = try other.onStore("prefetch", "--from-report", report)
        #expect(result.status == 2)
        #expect(result.err.contains("another store"), "\(result.err)")
    }

    @Test func reportsOfVerifyAndURLsWithSecretsAreRefused() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        let report = file(scene)
        let first = try scene.onStore(
            "prefetch", scene.url("y.bin") + "?token=s3cret", "--to", "ais://b", "--report", report)
        #expect(first.status == 4)
        #expect(try String(contentsOfFile: report, encoding: .utf8).contains("s3cret") == false)
        let withheld = try scene.onStore("prefetch", "--from-report", report)
        #expect(withheld.status == 2)
        #expect(withheld.err.contains("query") && withheld.err.contains("y.bin"), "\(withheld.err)")
        #expect(try scene.onStore("verify", "--report", report).status == 0)
        let verified = try scene.onStore("prefetch", "--from-report", report)
        #expect(verified.status == 2)
        #expect(verified.err.contains("verify"), "\(verified.err)")
    }

    /// What happens to the text of a good report, and what the message has.
    struct Spoilt: Sendable, CustomTestStringConvertible {
        var what: String
        var needle: String
        var spoil: @Sendable (String) -> String
        var testDescription: String { what }
    }

    static let spoilt: [Spoilt] = [
        .init(what: "empty", needle: "empty") { _ in "" },
        .init(what: "no report", needle: "not a report") { _ in "hello\n" },
        .init(what: "a later version", needle: "version 2") { $0.replacing("\"version\":1", with: "\"version\":2") },
        .init(what: "an old one", needle: "older aismove") { "{\"version\":1,\"shards\":[" + $0.drop { $0 != "\n" } },
        .init(what: "cut short", needle: "cut short") { String($0.split(separator: "\n")[0]) + "\n" },
        .init(what: "a record that is none", needle: ":2: is not a record") {
            $0.replacing("\"outcome\":\"moved\"", with: "\"outcome\":\"lost\"")
                .replacing("\"outcome\":\"failed\"", with: "\"outcome\":7")
                .replacing("\"outcome\":\"missing\"", with: "\"outcome\":null")
        },
        .init(what: "another source", needle: "which source") {
            $0.replacing("\"retry\":{\"source\":0}", with: "\"retry\":{\"source\":7}")
        },
        .init(what: "another bucket", needle: "destination") {
            $0.replacing("\"object\":\"ais://b/", with: "\"object\":\"ais://c/")
        },
        .init(what: "a name upwards", needle: "..") { $0.replacing("ais://b/sub/", with: "ais://b/sub/../") },
        .init(what: "a long line", needle: "too long") {
            $0.replacing("\"reason\":\"", with: "\"reason\":\"" + String(repeating: "x", count: 17 << 20))
        },
    ]

    @Test(arguments: spoilt)
    func whatIsNotAGoodReportIsRefused(_ spoilt: Spoilt) throws {
        let (scene, report) = try failedScene()
        let text = try String(contentsOfFile: report, encoding: .utf8)
        let damaged = try scene.scratch.write("spoilt.json", spoilt.spoil(text))
        let before = try scene.requests().count
        let result = try scene.onStore("prefetch", "--from-report", damaged)
        #expect(result.status == 2, "\(result.out)\(result.err)")
        #expect(result.err.contains(spoilt.needle), "\(result.err)")
        #expect(try scene.disk().names.count == 4)
        #expect(try scene.requests().count == before)
    }
}
