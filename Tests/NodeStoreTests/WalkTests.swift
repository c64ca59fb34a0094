import Foundation
import NodeStore
import ObjectModel
import Testing

struct WalkTests {
    @Test func inByteOrderOverAllMountpaths() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(sync: false)
        let names = [
            "a", "a-b", "a.b", "a0", "b/a", "b/a-", "b/b/c", "b/b-", "b!", "c/d/e/f", "\u{e9}", "e\u{301}", "z~",
        ]
        for name in names.shuffled() { try bucket.put(name) }
        let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(try bucket.names().map { Array($0.utf8) } == sorted.map { Array($0.utf8) })
        for prefix in ["a", "b/", "b/b", "b/b/", "c/d", "c/d/e/f", "zz", "b!"] {
            #expect(
                try bucket.names(prefix: prefix) == sorted.filter { $0.utf8.starts(with: prefix.utf8) }, "\(prefix)")
        }
        var seen = 0
        try bucket.walk { _ in
            seen += 1
            return seen < 3
        }
        #expect(seen == 3)
    }

    @Test func reportsWhatIsInTheWrongPlace() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        try bucket.put("d/a")
        try bucket.put("d/b")
        let placement = bucket.place("d/b")
        let other = (placement.mountpathIndex + 1) % 3
        let wrong = bucket.store.mountpaths[other].hostPath + "/@ais/imagenet/%ob/d"
        try FileManager.default.createDirectory(atPath: wrong, withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: bucket.fqn(placement), toPath: wrong + "/b")
        let right = bucket.fqn(bucket.place("l"))
        try FileManager.default.createSymbolicLink(atPath: right, withDestinationPath: "/etc/passwd")
        mkfifo(bucket.fqn(bucket.place("p")), 0o600)
        var roles: [String: WalkedObject.Role] = [:]
        try bucket.walk {
            roles[$0.name] = $0.role
            return true
        }
        #expect(
            roles == [
                "d/a": .main, "d/b": .misplaced, "l": .odd("is a symbolic link"), "p": .odd("is a special file"),
            ])
        #expect(bucket.state("d/b") == .absent)
        #expect(try bucket.evict("d/b", at: placement))
        #expect(try bucket.names() == ["d/a", "l", "p"])
    }

    @Test func evictsAndTidiesUp() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 1)
        for name in ["a/b/c/d", "a/b/e", "f"] { try bucket.put(name) }
        #expect(try bucket.evict("a/b/c/d", at: bucket.place("a/b/c/d")))
        #expect(try !bucket.evict("a/b/c/d", at: bucket.place("a/b/c/d")))
        let objects = bucket.store.mountpaths[0].hostPath + "/@ais/imagenet/%ob"
        #expect(StoreScratch.tree(objects) == ["a", "a/b", "a/b/e", "f"])
        #expect(BucketStore.kind { _ = try bucket.evict("a/b", at: bucket.place("a/b")) } == .conflict)
        #expect(try !bucket.evict("f/x", at: bucket.place("f/x")))
        #expect(try bucket.evict("a/b/e", at: bucket.place("a/b/e")))
        #expect(try bucket.evict("f", at: bucket.place("f")))
        #expect(StoreScratch.tree(objects).isEmpty)
        for name in ["../../../x", "a//b", "", "/etc/passwd"] {
            #expect(BucketStore.kind { _ = try bucket.evict(name, at: bucket.place(name)) } == .name)
            #expect(BucketStore.kind { try bucket.put(name) } == .name)
        }
    }

    @Test func evictsOnlyWhatSaysThatItIsWanted() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(copies: 2)
        func put(_ name: String, _ tag: String?) throws {
            var lom = BucketStore.lom([1])
            lom.custom[CustomKeys.aismoveSource] = tag
            try bucket.staged(name, [1]).commit(lom)
        }
        func evict(_ name: String) throws -> Bool {
            try bucket.evict(name, at: bucket.place(name)) { $0.custom[CustomKeys.aismoveSource] == "ours" }
        }
        for (name, tag) in [("d/ours", "ours"), ("d/other", "other"), ("d/user", nil), ("e/ours", "ours")] {
            try put(name, tag)
        }
        #expect(try evict("d/ours") && evict("e/ours"))
        #expect(try !evict("d/other") && !evict("d/user") && !evict("d/ours") && !evict("d/none"))
        #expect(try Set(bucket.names()) == ["d/other", "d/user"])
        let left = bucket.store.mountpaths.flatMap { StoreScratch.tree($0.hostPath + "/@ais/imagenet/%ob") }
        #expect(!left.contains { $0.hasPrefix("e") || $0 == "d/ours" }, "copies and empty directories go: \(left)")

        // What somebody else's file of that name is stays, wherever it stands.
        try put("f", "ours")
        let placement = bucket.place("f")
        let spare = try #require((0..<3).first { $0 != placement.mountpathIndex && !placement.copies.contains($0) })
        let elsewhere = bucket.store.mountpaths[spare].hostPath + "/@ais/imagenet/%ob/f"
        try StoreScratch.run("/bin/cp", ["--preserve=all", bucket.fqn(bucket.place("d/user")), elsewhere])
        #expect(try evict("f"))
        #expect(FileManager.default.fileExists(atPath: elsewhere))
        #expect(!bucket.state("f").isPresent)
    }

    @Test func tidyingTakesEmptyDirectoriesAndNothingElse() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 1)
        for name in ["a/b/x", "c", "p/q/r"] { try bucket.put(name) }
        let objects = bucket.store.mountpaths[0].hostPath + "/@ais/imagenet/%ob"
        for path in ["a/empty/er", "a/b/none", "z", "m/n/o"] {
            try FileManager.default.createDirectory(atPath: "\(objects)/\(path)", withIntermediateDirectories: true)
        }
        #expect(try bucket.names() == ["a/b/x", "c", "p/q/r"])
        #expect(StoreScratch.tree(objects).contains("m/n/o"), "a walk changes nothing")
        try bucket.walk(prefix: "a/", tidying: true) { _ in true }
        #expect(
            StoreScratch.tree(objects) == ["a", "a/b", "a/b/x", "c", "m", "m/n", "m/n/o", "p", "p/q", "p/q/r", "z"])
        try bucket.walk(tidying: true) { _ in true }
        #expect(StoreScratch.tree(objects) == ["a", "a/b", "a/b/x", "c", "p", "p/q", "p/q/r"])
    }

    @Test func judgesWhatIsThere() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 1)
        func put(_ name: String, _ change: (String) throws -> Void) throws -> LocalObject {
            try bucket.put(name, [1, 2, 3])
            try change(bucket.fqn(bucket.place(name)))
            return bucket.state(name)
        }
        func isDamaged(_ state: LocalObject) -> Bool { if case .damaged = state { true } else { false } }
        #expect(try put("good") { _ in }.isPresent)
        #expect(isDamaged(try put("short") { truncate($0, 2) }))
        #expect(isDamaged(try put("bare") { _ = removexattr($0, "user.ais.lom") }))
        let lom = BucketStore.lom([1, 2, 3])
        var foreign = lom
        foreign.lid = 1 << 63 | 77
        #expect(isDamaged(try put("foreign") { try set($0, foreign.encoded()) }))
        var own = lom
        own.lid = bucket.bucket.bid
        #expect(try put("own") { try set($0, own.encoded()) }.isPresent)
        var bytes = try lom.encoded()
        bytes[20] ^= 1
        #expect(isDamaged(try put("flipped") { set($0, bytes) }))
        bytes[0] = 3
        #expect(isDamaged(try put("newer") { set($0, bytes) }))
    }

    private func set(_ path: String, _ bytes: [UInt8]) {
        let hex = bytes.map { String(format: "%02x", $0) }.joined()
        _ = try? StoreScratch.run(
            IndependentDecoderTests.python,
            ["-c", "import os,sys; os.setxattr(sys.argv[1], 'user.ais.lom', bytes.fromhex(sys.argv[2]))", path, hex])
    }

    private func removexattr(_ path: String, _ name: String) -> Bool {
        (try? StoreScratch.run(
            IndependentDecoderTests.python,
            ["-c", "import os,sys; os.removexattr(sys.argv[1], sys.argv[2])", path, name]))
            == 0
    }

    /// Nobody can lead a commit, a read or a removal out of `%ob` by planting a link.
    @Test func linksAreNeverFollowed() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 1)
        let outside = try scratch.directory("outside")
        try Data([9]).write(to: URL(filePath: outside + "/file"))
        let objects = bucket.store.mountpaths[0].hostPath + "/@ais/imagenet/%ob"
        try FileManager.default.createSymbolicLink(atPath: objects + "/d", withDestinationPath: outside)
        try FileManager.default.createSymbolicLink(atPath: objects + "/f", withDestinationPath: outside + "/file")
        #expect(BucketStore.kind { try bucket.put("d/x", [1]) } == .conflict)
        #expect(BucketStore.kind { try bucket.put("d/e/x", [1]) } == .conflict)
        #expect(BucketStore.kind { _ = try bucket.content("d/file") } != nil)
        #expect(BucketStore.kind { _ = try bucket.content("f") } != nil)
        #expect(try !bucket.evict("d/file", at: bucket.place("d/file")))
        #expect(!bucket.state("f").isPresent)
        #expect(StoreScratch.tree(outside) == ["file"])
        // A link at the object's own place is replaced, not followed.
        try bucket.put("f", [1])
        #expect(try Data(contentsOf: URL(filePath: outside + "/file")) == Data([9]))
        #expect(try bucket.content("f") == [1] && bucket.workfiles.isEmpty)
    }
}
