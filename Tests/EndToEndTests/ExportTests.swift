import Foundation
import TestSupport
import Testing

/// `aismove export`: what comes out is compared by `cmp`, never with aismove's own code.
struct ExportTests {
    private let scene: Scene
    private let out: String

    init() throws {
        scene = try Scene()
        out = "\(scene.scratch.path)/out"
        try scene.putShards(count: 3)
        #expect(try scene.prefetch(scene.url("train-{000000..000002}.tar"), "--to", "ais://im/deep/train").status == 0)
    }

    private func export(_ selection: String = "ais://im", _ more: String...) throws -> Scene.Run {
        try scene.reported("export", [selection, "--to", out] + more)
    }

    private func file(_ number: Int) -> String { "\(out)/deep/train/\(shard(number))" }

    private func isRight(_ number: Int) throws -> Bool {
        try TestSupport.run("cmp", [file(number), scene.served(shard(number))]).status == 0
    }

    private func object(_ number: Int) throws -> Disk.Object {
        try #require(try scene.disk().object("deep/train/\(shard(number))"))
    }

    private func inode(_ path: String) throws -> UInt64 {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.systemFileNumber] as? UInt64)
    }

    /// What is below the folder, temporaries included.
    private var found: [String] {
        (FileManager.default.subpaths(atPath: out) ?? []).filter { !$0.hasSuffix("deep") && !$0.hasSuffix("train") }
            .sorted()
    }

    @Test func copiesAreRightAndThereOnlyOnce() throws {
        let first = try export()
        #expect(first.status == 0, first.said)
        #expect(first.counts == ["moved": 3], first.said)
        #expect(first.record(shard(0))?.verifiedBy?.hasPrefix("xxhash") == true, first.said)
        for number in 0..<3 { #expect(try isRight(number)) }
        #expect(found == (0..<3).map { "deep/train/\(shard($0))" })
        #expect(try inode(file(0)) != (try inode(try object(0).path)), "a user may write into it")
        let again = try export()
        #expect(again.counts == ["present": 3], again.said)
    }

    @Test func onlyNamesThatBeginSo() throws {
        #expect(try export("ais://im/deep/train/train-000001").counts == ["moved": 1])
        #expect(found == ["deep/train/\(shard(1))"])
        #expect(try export("ais://im/nothing").status == 4)
        #expect(try export("ais://").status == 2)
        #expect(try export("ais://other").status == 5)
    }

    @Test func theUmaskIsTheCallers() throws {
        let command = "umask 027; exec \"$@\""
        let words = [Program.path, "export", "ais://im", "--to", out, "--store", scene.store]
        try TestSupport.runChecked("/bin/sh", ["-c", command, "sh"] + words, environment: scene.environment)
        let mode = try FileManager.default.attributesOfItem(atPath: file(0))[.posixPermissions] as? Int
        #expect(mode == 0o640)
        let folder = try FileManager.default.attributesOfItem(atPath: "\(out)/deep")[.posixPermissions] as? Int
        #expect(folder == 0o750)
    }

    @Test func aChangedFileStaysUnlessForced() throws {
        #expect(try export().status == 0)
        var data = try scene.original(shard(1))
        data[700] ^= 1
        try data.write(to: URL(fileURLWithPath: file(1)))
        let run = try export()
        #expect(run.status == 1, run.said)
        #expect(run.counts == ["present": 2, "failed": 1], run.said)
        #expect(run.record(shard(1))?.class == "conflict")
        #expect(try Data(contentsOf: URL(fileURLWithPath: file(1))) == data, "nobody touched it")
        let forced = try export("ais://im", "--force")
        #expect(forced.counts == ["present": 2, "updated": 1], forced.said)
        #expect(try isRight(1))
    }

    @Test(arguments: ["deep", "deep/train"])
    func noLinkIsFollowedBelowTheFolder(place: String) throws {
        let elsewhere = "\(scene.scratch.path)/elsewhere"
        try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
        let link = URL(fileURLWithPath: "\(out)/\(place)")
        try FileManager.default.createDirectory(
            atPath: link.deletingLastPathComponent().path, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: elsewhere)
        let run = try export("ais://im", "--force")
        #expect(run.status == 1, run.said)
        #expect(run.record(shard(0))?.reason?.contains("a symbolic link stands") == true, run.said)
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere) == [])
    }

    @Test func aLinkInPlaceOfTheFileIsNeitherFollowedNorReplaced() throws {
        #expect(try export().status == 0)
        let victim = try scene.scratch.write("victim", "mine")
        try FileManager.default.removeItem(atPath: file(0))
        try FileManager.default.createSymbolicLink(atPath: file(0), withDestinationPath: victim)
        let run = try export("ais://im", "--force")
        #expect(run.status == 1, run.said)
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "mine")
        // The folder itself may be reached by a link: its user named it.
        let named = "\(scene.scratch.path)/named"
        try FileManager.default.createSymbolicLink(atPath: named, withDestinationPath: out)
        #expect(try scene.reported("export", ["ais://im", "--to", named]).counts == ["present": 2, "failed": 1])
    }

    @Test func aDamagedObjectNeverComesOut() throws {
        let path = try object(1).path
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.seek(toOffset: 700)
        try handle.write(contentsOf: Data([0xFF]))
        try handle.close()
        try TestSupport.runChecked("setfattr", ["-x", "user.ais.lom", try object(2).path])
        let run = try export()
        #expect(run.status == 3, run.said)
        #expect(run.counts == ["moved": 1, "failed": 2], run.said)
        #expect(run.record(shard(1))?.class == "digest", run.said)
        #expect(run.record(shard(2))?.class == "store", run.said)
        #expect(found == ["deep/train/\(shard(0))"])
        #expect(try export("ais://im/deep/train/train-000001", "--mode", "link", "--verify").status == 3)
        #expect(found == ["deep/train/\(shard(0))"])
    }

    @Test func linksAreTheStoresOwnFilesAndAskedFor() throws {
        let run = try export("ais://im", "--mode", "link", "--verify")
        #expect(run.counts == ["moved": 3], run.said)
        #expect(run.result.out.contains("writing into them damages the store"), run.said)
        for number in 0..<3 { #expect(try inode(file(number)) == (try inode(try object(number).path))) }
        #expect(try scene.disk().problems == [])
        #expect(try export("ais://im", "--mode", "link").counts == ["present": 3])
        #expect(try scene.onStore("evict", "ais://im").status == 0)
        for number in 0..<3 { #expect(try isRight(number), "it outlives the object") }
    }

    @Test func linksEndAtTheFileSystem() throws {
        let other = try Tmpfs(mebibytes: 8)
        let run = try scene.reported("export", ["ais://im", "--to", "\(other.path)/out", "--mode", "link"])
        #expect(run.status == 1, run.said)
        #expect(run.record(shard(0))?.reason?.contains("--mode copy") == true, run.said)
        let auto = try scene.reported("export", ["ais://im", "--to", "\(other.path)/out"])
        #expect(auto.counts == ["moved": 3], auto.said)
    }

    @Test func aFullDiskStopsItAndLeavesNoHalfFile() throws {
        let small = try Tmpfs(mebibytes: 1)
        try scene.put("big.bin", Scene.bytes(3 << 20))
        #expect(try scene.prefetch(scene.url("big.bin"), "--to", "ais://big").status == 0)
        let run = try scene.reported("export", ["ais://big", "--to", "\(small.path)/out"])
        #expect(run.status == 7, run.said)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small.path)/out") == [])
    }

    @Test func blocksAreSharedWhereTheFileSystemCan() throws {
        let disk = try XFS()
        let scene = try Scene(on: ["\(disk.path)/d1"])
        try scene.put("a.bin", Scene.bytes(3 << 20))
        #expect(try scene.prefetch(scene.url("a.bin"), "--to", "ais://im").status == 0)
        for mode in ["auto", "reflink"] {
            let out = "\(disk.path)/\(mode)"
            let run = try scene.reported("export", ["ais://im", "--to", out, "--mode", mode, "--verify"])
            #expect(run.status == 0, run.said)
            #expect(run.result.out.contains("reflink"), run.said)
            #expect(try TestSupport.run("cmp", ["\(out)/a.bin", scene.served("a.bin")]).status == 0)
            // Writing into it is nobody else's business.
            try Data("changed".utf8).write(to: URL(fileURLWithPath: "\(out)/a.bin"))
        }
        #expect(try scene.verify().status == 0)
        let run = try self.scene.reported("export", ["ais://im", "--to", "\(disk.path)/other", "--mode", "reflink"])
        #expect(run.status == 1, "not across file systems: \(run.said)")
    }
}
