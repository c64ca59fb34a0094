import Foundation
import TestSupport
import Testing

/// Promised digests: compared, told, and believed over the bytes.
struct DigestTests {
    private static let name = "x.bin"

    private func sha256(_ scene: Scene, _ name: String) throws -> String {
        String(try TestSupport.runChecked("sha256sum", [scene.served(name)]).out.prefix(64))
    }

    /// The digest as `Repr-Digest` has it.
    private func base64(_ hex: String) -> String {
        let bytes = stride(from: 0, to: hex.count, by: 2).compactMap { offset in
            UInt8(hex.dropFirst(offset).prefix(2), radix: 16)
        }
        return Data(bytes).base64EncodedString()
    }

    @Test(arguments: [5000, 2 << 20])
    func aReprDigestThatAgreesIsToldAndKept(_ size: Int) throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put(Self.name, Scene.bytes(size))
        try scene.put("x.bin.sha256b64", base64(try sha256(scene, Self.name)) + "\n")
        let run = try scene.prefetch(scene.url(Self.name, fault: "digest"), "--to", "ais://b", "--require-digest")
        #expect(run.status == 0, run.said)
        let told = run.record(Self.name)?.verifiedBy ?? ""
        #expect(told.contains("sha256") && told.contains("Repr-Digest"), "\(told)")
        #expect(try scene.disk().object(Self.name)?.custom["verified_by"] == told)
    }

    @Test(arguments: [5000, 2 << 20])
    func aFlippedByteIsFoundByReprDigest(_ size: Int) throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put(Self.name, Scene.bytes(size))
        try scene.put("x.bin.sha256b64", base64(try sha256(scene, Self.name)) + "\n")
        var data = try scene.original(Self.name)
        data[size / 3] ^= 0x10
        try scene.put(Self.name, data)
        let run = try scene.prefetch(
            scene.url(Self.name, fault: "digest"), "--to", "ais://b", "--skip-lookup")
        #expect(run.status == 3, run.said)
        #expect(run.record(Self.name)?.class == "digest")
        #expect(try scene.requests(2).filter { $0.method == "GET" }.count == 2, "one clean re-fetch")
        let disk = try scene.disk()
        #expect(disk.names == [])
        #expect(disk.leftovers == [])
    }

    @Test func aFlippedByteOnTheWayIsFoundByAList() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 3, bytes: 400_000)
        let lines = try (0..<3).map { "\(try sha256(scene, shard($0)))  \(shard($0))\n" }
        let list = try scene.scratch.write("SHA256SUMS", lines.joined())
        let range = "train-{000000..000002}.tar"
        let bad = try scene.prefetch(scene.url(range, fault: "corrupt"), "--to", "ais://b", "--digests", list)
        #expect(bad.status == 3, bad.said)
        #expect(bad.counts == ["failed": 3])
        #expect(try scene.disk().names == [])

        let good = try scene.prefetch(scene.url(range), "--to", "ais://b", "--digests", list)
        #expect(good.status == 0, good.said)
        #expect(good.record(shard(1))?.verifiedBy?.contains("SHA256SUMS") == true, good.said)
    }

    /// A login page, or a list of something else, would verify nothing.
    @Test(arguments: ["<html><body>log in</body></html>", "http://127.0.0.1/x.bin\n", ""])
    func aListWithoutDigestsIsAnError(_ text: String) throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put(Self.name, "some bytes")
        let list = try scene.scratch.write("SHA256SUMS", text)
        let run = try scene.prefetch(scene.url(Self.name), "--to", "ais://b", "--digests", list)
        #expect(run.status == 2 && run.err.contains("SHA256SUMS"), run.said)
        #expect(try scene.disk().names == [])
    }

    @Test func aListOfDigestsByURL() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 2)
        try scene.put("SHA256SUMS", try (0..<2).map { "\(try sha256(scene, shard($0))) *\(shard($0))\n" }.joined())
        let run = try scene.prefetch(
            scene.url("train-{000000..000001}.tar"), "--to", "ais://b", "--digests", scene.url("SHA256SUMS"))
        #expect(run.status == 0, run.said)
        #expect(run.record(shard(0))?.verifiedBy?.contains("sha256") == true, run.said)
    }

    @Test func aMismatchThatIsOnlyLoggedKeepsTheObject() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put(Self.name, "some bytes")
        let list = try scene.scratch.write("SHA256SUMS", String(repeating: "0", count: 64) + "  x.bin\n")
        let run = try scene.prefetch(
            scene.url(Self.name), "--to", "ais://b", "--digests", list, "--digest-mismatch", "log")
        #expect(run.status == 3, run.said)
        #expect(run.counts == ["moved": 1])
        #expect(run.record(Self.name)?.mismatch?.isEmpty == false)
        try scene.expectStored([Self.name: Self.name])
    }

    @Test func requiredDigestsAreRequired() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put(Self.name, "some bytes")
        let run = try scene.prefetch(scene.url(Self.name), "--to", "ais://b", "--require-digest")
        #expect(run.status == 3, run.said)
        #expect(run.record(Self.name)?.class == "digest")
        #expect(try scene.disk().names == [])
    }

    @Test(arguments: [true, false])
    func aSidecarIsFetchedBesideTheShard(isRight: Bool) throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put(Self.name, "some bytes")
        let hex = isRight ? try sha256(scene, Self.name) : String(repeating: "1", count: 64)
        try scene.put("x.bin.sha256", "\(hex)  x.bin\n")
        let run = try scene.prefetch(scene.url(Self.name), "--to", "ais://b", "--sidecar", "sha256")
        #expect(run.status == (isRight ? 0 : 3), run.said)
        #expect(run.record(Self.name)?.class == (isRight ? nil : "digest"))
        if isRight { #expect(run.record(Self.name)?.verifiedBy?.contains("sha256") == true, run.said) }
    }

    @Test func aSplitSampleIsFoundInWebdatasetModeOnly() throws {
        let scene = try Scene(mountpaths: 1)
        let code = """
            import io, sys, tarfile
            with tarfile.open(sys.argv[1], 'w') as tar:
                for name in ('a.bin', 'b.bin', 'a.cls'):
                    entry = tarfile.TarInfo(name); entry.size = 3; tar.addfile(entry, io.BytesIO(b'abc'))
            """
        try scene.put("x.tar", "")
        try TestSupport.runChecked(TestSupport.python, ["-c", code, scene.served("x.tar")])
        let strict = try scene.prefetch(scene.url("x.tar"), "--to", "ais://b", "--tar-check", "webdataset")
        #expect(strict.status == 3, strict.said)
        #expect(strict.record("x.tar")?.class == "tar")
        let framing = try scene.prefetch(scene.url("x.tar"), "--to", "ais://b")
        #expect(framing.status == 0, framing.said)
    }

    @Test func samplesAreCounted() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.putShards(count: 1, members: 7)
        let run = try scene.prefetch(scene.url(shard(0)), "--to", "ais://b", "--tar-check", "webdataset")
        #expect(run.status == 0, run.said)
        #expect(run.record(shard(0))?.samples == 7)
        #expect(run.record(shard(0))?.tarMembers == 14)
    }
}
