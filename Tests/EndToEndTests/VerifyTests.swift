import Foundation
import Glibc
import TestSupport
import Testing

/// `verify` finds every kind of damage, and `--repair` fetches exactly that again.
struct VerifyTests {
    private static let count = 6
    private static let victim = 3

    /// - Parameter isHT: into the `ht://` bucket of the directory, whose URL the BMD knows, else into `ais://b`.
    private func makeScene(isHT: Bool = false) throws -> Scene {
        let scene = try Scene()
        try scene.putShards(count: Self.count)
        let to = isHT ? [] : ["--to", "ais://b"]
        let run = try scene.reported("prefetch", [scene.url("train-{000000..000005}.tar")] + to)
        guard run.status == 0 else { throw TestSupportError("\(run.said)") }
        return scene
    }

    private func all() -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<Self.count).map { (shard($0), shard($0)) })
    }

    enum Damage: String, CaseIterable, CustomTestStringConvertible {
        case flippedByte, flippedHeader, truncated, grown, emptied, noMetadata, corruptMetadata, otherBucketsMetadata
        case misplaced
        var testDescription: String { rawValue }

        /// Whether the object itself still says where it came from.
        var keepsMetadata: Bool {
            switch self {
            case .noMetadata, .corruptMetadata, .otherBucketsMetadata: false
            default: true
            }
        }
    }

    private func damage(_ scene: Scene, _ kind: Damage) throws {
        let path = try #require(try scene.disk().object(shard(Self.victim))).path
        let code: String
        switch kind {
        case .flippedByte:
            code = "f = open(p, 'r+b'); f.seek(3000); b = f.read(1); f.seek(3000); f.write(bytes([b[0] ^ 4]))"
        case .flippedHeader: code = "f = open(p, 'r+b'); f.seek(100); f.write(b'9')"
        case .truncated: code = "os.truncate(p, 7000)"
        case .grown: code = "open(p, 'ab').write(b'more')"
        case .emptied: code = "os.truncate(p, 0)"
        case .noMetadata: code = "os.removexattr(p, a)"
        case .corruptMetadata:
            code = "x = bytearray(os.getxattr(p, a)); x[20] ^= 1; os.setxattr(p, a, bytes(x))"
        case .otherBucketsMetadata:
            code = """
                u = aisdisk.lom_unpack(os.getxattr(p, a))
                os.setxattr(p, a, aisdisk.lom_pack(u['size'], (u['cksum_type'], u['cksum_value']), u.get('version'),
                                                   u['custom'], lid=(1 << 63) | 77))
                """
        case .misplaced:
            let hosts = scene.hosts
            let here = hosts.first { path.hasPrefix($0 + "/") } ?? ""
            let there = hosts.first { $0 != here } ?? ""
            let target = there + path.dropFirst(here.count)
            code = "os.makedirs(os.path.dirname('\(target)'), exist_ok=True); os.rename(p, '\(target)')"
        }
        let tools = "\(TestSupport.repositoryRoot)/Tests/Tools"
        let start =
            "import os, sys; sys.path.insert(0, '\(tools)'); import aisdisk; p, a = sys.argv[1], 'user.ais.lom'\n"
        try TestSupport.runChecked(TestSupport.python, ["-B", "-c", start + code, path])
    }

    @Test func aSoundStoreVerifies() throws {
        let scene = try makeScene()
        let before = try scene.requests(Self.count).count
        for selection in [[], ["ais://b"], ["ais://b/train-00000"]] {
            let run = try scene.reported("verify", selection)
            #expect(run.status == 0, run.said)
            #expect(run.counts == ["present": Self.count], run.said)
        }
        #expect(try scene.verify("ais://b/\(shard(2))").counts == ["present": 1])
        #expect(try scene.requests().count == before, "verify asks no source")
    }

    @Test(arguments: Damage.allCases, [false, true])
    func damageIsFoundAndRepaired(_ kind: Damage, isHT: Bool) throws {
        let scene = try makeScene(isHT: isHT)
        try damage(scene, kind)
        let found = try scene.verify()
        #expect(found.status == 3, found.said)
        let failed = found.report?.shards.filter { $0.outcome == "failed" }
        #expect(failed?.count == 1)
        #expect(failed?.first?.object.hasSuffix("/" + shard(Self.victim)) == true)
        #expect(failed?.first?.reason?.isEmpty == false)

        let before = try scene.requests(Self.count).count
        let repaired = try scene.verify("--repair")
        guard isHT || kind.keepsMetadata else {
            #expect(repaired.status == 3, "nothing says where it came from: \(repaired.said)")
            return
        }
        #expect([0, 3].contains(repaired.status), repaired.said)
        try scene.expectStored(all())
        let gets = try scene.requests(before + 1).dropFirst(before).filter { $0.method == "GET" }
        #expect(gets.map { String($0.target.suffix(16)) } == [shard(Self.victim)], "exactly that one again")
        let again = try scene.verify()
        #expect(again.status == 0, again.said)
    }

    @Test(arguments: [Damage.truncated, .noMetadata, .corruptMetadata, .otherBucketsMetadata])
    func aPrefetchReplacesWhatItSeesIsDamaged(_ kind: Damage) throws {
        let scene = try makeScene()
        try damage(scene, kind)
        let run = try scene.prefetch(scene.url("train-{000000..000005}.tar"), "--to", "ais://b")
        #expect(run.status == 0, run.said)
        #expect(run.counts["present"] == Self.count - 1)
        try scene.expectStored(all())
    }

    @Test func damageThatTheSourceCannotMendStays3() throws {
        let scene = try makeScene()
        try damage(scene, .flippedByte)
        try scene.remove(shard(Self.victim))
        let run = try scene.verify("--repair")
        #expect(run.status == 3, run.said)
        #expect(run.record(shard(Self.victim))?.reason == "damaged, and the source answers 404", run.said)
    }

    /// What comes again has to be what was there: the metadata knows its checksum.
    @Test(arguments: [Damage.flippedByte, .truncated])
    func anotherObjectUnderTheSameURLIsNoRepair(_ kind: Damage) throws {
        let scene = try makeScene()
        try damage(scene, kind)
        let before = try #require(try scene.disk().object(shard(Self.victim)))
        try FileManager.default.removeItem(atPath: scene.served(shard(Self.victim)))
        try FileManager.default.copyItem(atPath: scene.served(shard(0)), toPath: scene.served(shard(Self.victim)))
        let run = try scene.verify("--repair")
        #expect(run.status == 3, run.said)
        let record = try #require(run.record(shard(Self.victim)))
        #expect(record.class == "digest" && record.reason?.contains("the object's metadata promises") == true, run.said)
        let after = try #require(try scene.disk().object(shard(Self.victim)))
        #expect(after.sha256 == before.sha256 && after.custom == before.custom)
    }

    @Test func aRepairedObjectKeepsWhatVerifiedIt() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: Self.count)
        let sums = try TestSupport.runChecked(
            "/usr/bin/sha256sum", (0..<Self.count).map { shard($0) }, directory: scene.served(""))
        let list = try scene.scratch.write("SHA256SUMS", sums.out)
        let run = try scene.prefetch(scene.url("train-{000000..000005}.tar"), "--to", "ais://b", "--digests", list)
        #expect(run.status == 0, run.said)
        try damage(scene, .flippedByte)
        let repaired = try scene.verify("--repair")
        #expect(repaired.status == 0, repaired.said)
        #expect(repaired.record(shard(Self.victim))?.verifiedBy == "sha256 (SHA256SUMS)", repaired.said)
        #expect(try scene.disk().object(shard(Self.victim))?.custom["verified_by"] == "sha256 (SHA256SUMS)")
    }
}
