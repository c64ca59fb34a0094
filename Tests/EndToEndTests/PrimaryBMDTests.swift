import Foundation
import TestSupport
import Testing

/// `--bmd DIR` of a store that is to start a new cluster: one more copy of the BMD, in step with those on the mountpaths.
struct PrimaryBMDTests {
    private func makeScene() throws -> (Scene, primary: String) {
        let scene = try Scene()
        let primary = "\(scene.scratch.path)/primary"
        try FileManager.default.createDirectory(atPath: primary, withIntermediateDirectories: true)
        try scene.put("x.bin", "x")
        return (scene, primary)
    }

    /// Every copy is the same file; what it is.
    @discardableResult
    private func expectInStep(
        _ scene: Scene, _ primary: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> BMDFile {
        let paths = try scene.disk().bmd.map(\.path) + ["\(primary)/.ais.bmd"]
        #expect(paths.count == 3, sourceLocation: sourceLocation)
        let copies = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        #expect(copies.allSatisfy { $0 == copies[0] }, sourceLocation: sourceLocation)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: primary).allSatisfy { $0.hasPrefix(".ais.bmd") },
            sourceLocation: sourceLocation)
        return try BMDFile(paths[2])
    }

    @Test func everyChangeReachesItWithoutBeingToldAgain() throws {
        let (scene, primary) = try makeScene()
        let run = try scene.prefetch(scene.url("x.bin"), "--to", "ais://b", "--bmd", primary)
        #expect(run.status == 0 && run.err.contains(primary), run.said)
        let first = try expectInStep(scene, primary)
        #expect(first.version == "2" && first.buckets == ["ais/@#/b"])
        // As a cron job that knows nothing of it.
        let steps = [
            ["bucket", "create", "ais://c"], ["bucket", "set", "ais://b", "checksum.type=md5"],
            ["bucket", "rm", "ais://c"], ["evict", "ais://b"],
        ]
        for (step, version) in zip(steps, ["3", "4", "5", "5"]) {
            let result = try scene.aismove(step + ["--store", scene.store])
            #expect(result.status == 0 && !result.err.contains(primary), "\(step): \(result.err)")
            #expect(try expectInStep(scene, primary).version == version, "\(step)")
        }
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://d").status == 0)
        #expect(try expectInStep(scene, primary).buckets == ["ais/@#/b", "ais/@#/d"])
        #expect(try BMDFile("\(primary)/.ais.bmd.prev").version == "5")
        #expect(try scene.onStore("store", "show").out.contains(primary))
        // The same directory again is no change.
        #expect(
            try scene.aismove(["bucket", "create", "ais://e", "--bmd", primary, "--store", scene.store]).status == 0)
        #expect(try expectInStep(scene, primary).version == "7")
    }

    @Test func aStoreCanBeMadeWithIt() throws {
        let scene = try Scene(mountpaths: 2, initialise: false)
        let primary = try scene.scratch.write("primary/readme", "")
        let directory = (primary as NSString).deletingLastPathComponent
        try FileManager.default.removeItem(atPath: primary)
        let made = try scene.aismove(
            ["store", "init", scene.store, "--bmd", directory] + scene.hosts.flatMap { ["--mountpath", $0] })
        #expect(made.status == 0 && made.out.contains(directory), "\(made.out)\(made.err)")
        #expect(try expectInStep(scene, directory).version == "1")
        // It belongs to that store: another one is not made from it.
        let other = try Scene(mountpaths: 1, initialise: false)
        let refused = try other.aismove(
            ["store", "init", other.store, "--mountpath", other.hosts[0], "--bmd", directory])
        #expect(refused.status == 2 && refused.err.contains("\(directory)/.ais.bmd"), "\(refused.err)")
    }

    enum Damage: CaseIterable { case missing, stale, cutShort, mountpathsStale }

    @Test(arguments: Damage.allCases)
    func whatIsBehindIsRepairedAndTold(_ damage: Damage) throws {
        let (scene, primary) = try makeScene()
        let file = "\(primary)/.ais.bmd"
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://b", "--bmd", primary).status == 0)
        let onMountpaths = try scene.disk().bmd.map(\.path)
        let old = try Data(contentsOf: URL(fileURLWithPath: file))
        #expect(try scene.onStore("bucket", "create", "ais://c").status == 0)
        var told = [file]
        switch damage {
        case .missing: try FileManager.default.removeItem(atPath: file)
        case .stale: try old.write(to: URL(fileURLWithPath: file))
        case .cutShort: try TestSupport.runChecked("truncate", ["-s", "100", file])
        case .mountpathsStale:
            for path in onMountpaths { try old.write(to: URL(fileURLWithPath: path)) }
            told = onMountpaths
        }
        let run = try scene.prefetch(scene.url("x.bin"), "--to", "ais://b")
        #expect(run.status == 0, run.said)
        for path in told { #expect(run.err.contains("\(path): "), run.said) }
        #expect(run.err.contains("repaired"), run.said)
        let now = try expectInStep(scene, primary)
        #expect(now.version == "3" && now.buckets == ["ais/@#/b", "ais/@#/c"])
    }

    @Test func contradictionsAreErrors() throws {
        let (scene, primary) = try makeScene()
        let file = "\(primary)/.ais.bmd"
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://b", "--bmd", primary).status == 0)
        let whole = try Data(contentsOf: URL(fileURLWithPath: file))
        for (change, needle) in [
            ("v['providers']['ais']['@#']['b']['access'] = '1'", "has the version 2"),
            ("v['uuid'] = 'Abcdefghi'", "UUID"),
        ] {
            try BMDFile.rewrite(file, change)
            let refused = try scene.onStore("bucket", "create", "ais://c")
            #expect(refused.status == 6 && refused.err.contains(needle), "\(refused.err)")
            #expect(refused.err.contains(file) && refused.err.contains(scene.hosts[0]), "\(refused.err)")
            try whole.write(to: URL(fileURLWithPath: file))
        }
        try FileManager.default.moveItem(atPath: primary, toPath: primary + ".away")
        let away = try scene.onStore("bucket", "create", "ais://c")
        #expect(away.status == 6 && away.err.contains("--bmd none"), "\(away.err)")
        #expect(try scene.disk().bmd.map(\.version) == ["2", "2"], "nothing was written")
    }

    /// The mountpaths remember it, not one description of them.
    @Test func anotherDescriptionOfTheStoreKeepsItToo() throws {
        let (scene, primary) = try makeScene()
        #expect(try scene.onStore("bucket", "create", "ais://b", "--bmd", primary).status == 0)
        let second = "\(scene.scratch.path)/second"
        let made = try scene.aismove(["store", "init", second] + scene.hosts.flatMap { ["--mountpath", $0] })
        #expect(made.status == 0 && made.out.contains(primary), "\(made.out)\(made.err)")
        #expect(try scene.aismove(["bucket", "create", "ais://c", "--store", second]).status == 0)
        #expect(try expectInStep(scene, primary).version == "3")
        #expect(try scene.onStore("bucket", "create", "ais://d").status == 0)
        #expect(try expectInStep(scene, primary).version == "4")
    }

    /// A run that began before the store was told to keep the copy keeps it, too.
    @Test func aRunUnderWayKeepsItToo() throws {
        let (scene, primary) = try makeScene()
        try scene.put("big.bin", Scene.bytes(2 << 20))
        #expect(try scene.onStore("bucket", "create", "ais://b").status == 0)
        let holder = try scene.start("prefetch", scene.url("big.bin", fault: "slow"), "--to", "ais://b")
        #expect(eventually { !scene.workfiles().isEmpty })
        holder.send(SIGSTOP)
        // It has opened the store, and waits for the holder.
        let late = try scene.start("bucket", "rm", "ais://b")
        #expect(eventually { late.errSoFar.contains("waiting") })
        #expect(try scene.onStore("bucket", "create", "ais://c", "--bmd", primary).status == 0)
        holder.send(SIGCONT)
        #expect(try holder.wait().status == 0)
        #expect(try late.wait().status == 0)
        #expect(try expectInStep(scene, primary).buckets == ["ais/@#/c"])
    }

    @Test func itIsForgottenOnlyWhenToldTo() throws {
        let (scene, primary) = try makeScene()
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://b", "--bmd", primary).status == 0)
        let other = "\(scene.scratch.path)/other"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        func create(_ bucket: String, bmd: String) throws -> ProcessResult {
            try scene.onStore("bucket", "create", bucket, "--bmd", bmd)
        }
        let refused = try create("ais://c", bmd: other)
        #expect(refused.status == 2 && refused.err.contains("--bmd none"), "\(refused.err)")
        let forgotten = try create("ais://c", bmd: "none")
        #expect(forgotten.status == 0 && forgotten.err.contains(primary), "\(forgotten.err)")
        #expect(try BMDFile("\(primary)/.ais.bmd").version == "2")
        #expect(try create("ais://d", bmd: other).status == 0)
        #expect(try expectInStep(scene, other).version == "4")
    }

    @Test func aClustersDirectoryIsRefused() throws {
        let (scene, primary) = try makeScene()
        try scene.scratch.write("used/.ais.proxy_id", "p1")
        for (directory, status, needle) in [
            ("\(scene.scratch.path)/used", 6, ".ais.proxy_id"), (scene.hosts[1], 6, "mountpath"),
            ("\(scene.scratch.path)/nowhere", 6, "no directory"),
        ] as [(String, Int32, String)] {
            let refused = try scene.onStore("bucket", "create", "ais://b", "--bmd", directory)
            #expect(refused.status == status && refused.err.contains(needle), "\(refused.err)")
        }
        // When a proxy has been started from it, the BMD is that proxy's.
        #expect(try scene.onStore("bucket", "create", "ais://b", "--bmd", primary).status == 0)
        try scene.scratch.write("primary/.ais.proxy_id", "p1")
        let late = try scene.onStore("bucket", "create", "ais://c")
        #expect(late.status == 6 && late.err.contains("\(primary)/.ais.proxy_id"), "\(late.err)")
        #expect(try scene.onStore("ls").out == "ais://b\n")
    }
}
