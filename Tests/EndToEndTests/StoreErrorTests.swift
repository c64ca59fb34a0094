import Foundation
import TestSupport
import Testing

/// Stores that must not be touched: code 6, nothing changed.
struct StoreErrorTests {
    private func refused(
        _ scene: Scene, naming needle: String, status: Int32 = 6, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try scene.put("x.bin", "x")
        let result = try scene.onStore("prefetch", scene.url("x.bin"), "--to", "ais://b")
        #expect(result.status == status, "\(result.out)\(result.err)", sourceLocation: sourceLocation)
        #expect(result.err.contains(needle), "\(result.err)", sourceLocation: sourceLocation)
        #expect(try scene.requests().filter { $0.method == "GET" } == [], sourceLocation: sourceLocation)
    }

    @Test func notAStore() throws {
        let scene = try Scene(mountpaths: 1, initialise: false)
        try refused(scene, naming: scene.store)
    }

    @Test func aStoreOfAnUnknownVersion() throws {
        let scene = try Scene(mountpaths: 1)
        let file = "\(scene.store)/aismove-store.json"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let newer = text.replacingOccurrences(
            of: "\"version\" *: *\"?1\"?", with: "\"version\": 99", options: .regularExpression)
        #expect(newer != text, "\(text)")
        try newer.write(toFile: file, atomically: true, encoding: .utf8)
        try refused(scene, naming: "99")
    }

    @Test func aStoreDescriptionThatIsBroken() throws {
        let scene = try Scene(mountpaths: 1)
        try "{\"version\": 1,".write(toFile: "\(scene.store)/aismove-store.json", atomically: true, encoding: .utf8)
        try refused(scene, naming: "aismove-store.json")
    }

    @Test func aMountpathThatIsGone() throws {
        let scene = try Scene(mountpaths: 2)
        try FileManager.default.removeItem(atPath: scene.hosts[1])
        try refused(scene, naming: scene.hosts[1])
    }

    @Test func disksThatHaveChangedPlaces() throws {
        let scene = try Scene(mountpaths: 2)
        func swap() throws {
            let moved = "\(scene.scratch.path)/moved"
            for (from, to) in [(scene.hosts[0], moved), (scene.hosts[1], scene.hosts[0]), (moved, scene.hosts[1])] {
                try FileManager.default.moveItem(atPath: from, toPath: to)
            }
        }
        try swap()
        try refused(scene, naming: "the disk of \(scene.hosts[1]) is in the place of \(scene.hosts[0])")
        #expect(try scene.onStore("ls").status == 6)
        try swap()
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://b").status == 0)
    }

    @Test func aBMDThatCannotBeRead() throws {
        let scene = try Scene(mountpaths: 2)
        for host in scene.hosts {
            for name in [".ais.bmd", ".ais.bmd.prev"] where FileManager.default.fileExists(atPath: "\(host)/\(name)") {
                try "garbage".write(toFile: "\(host)/\(name)", atomically: true, encoding: .utf8)
            }
        }
        try refused(scene, naming: ".ais.bmd")
    }

    @Test func aBMDOfAClusterIsNotChanged() throws {
        let scene = try Scene(mountpaths: 2)
        let code = """
            import sys; sys.path.insert(0, sys.argv[1]); import aisdisk
            node = lambda id, kind: {'daemon_id': id, 'daemon_type': kind, 'flags': '0'}
            smap = {'version': '7', 'uuid': 'Wq8rXuKQb', 'creation_time': 'x', 'pmap': {'p1': node('p1', 'proxy')},
                    'tmap': {'t1': node('t1', 'target')}, 'proxy_si': node('p1', 'proxy')}
            aisdisk.jsp_write(sys.argv[2], smap, 2)
            """
        let tools = "\(TestSupport.repositoryRoot)/Tests/Tools"
        try TestSupport.runChecked(
            TestSupport.python, ["-B", "-c", code, tools, "\(scene.hosts[0])/.ais.smap"])
        try refused(scene, naming: "cluster")
    }

    @Test func twoUUIDsAreAnError() throws {
        let scene = try Scene(mountpaths: 2)
        let other = try Scene(mountpaths: 2)
        let own = "\(scene.hosts[0])/.ais.bmd"
        guard FileManager.default.fileExists(atPath: own) else {
            // A store without buckets may have no BMD yet: give both one.
            for each in [scene, other] {
                try each.put("y.bin", "y")
                #expect(try each.prefetch(each.url("y.bin"), "--to", "ais://y").status == 0)
            }
            return try mix(scene, other)
        }
        try mix(scene, other)
    }

    private func mix(_ scene: Scene, _ other: Scene) throws {
        let path = "\(scene.hosts[1])/.ais.bmd"
        try Data(contentsOf: URL(fileURLWithPath: "\(other.hosts[0])/.ais.bmd")).write(to: URL(fileURLWithPath: path))
        try refused(scene, naming: path)
    }

    @Test func aStaleOrCorruptCopyIsRepairedAndReported() throws {
        let scene = try Scene(mountpaths: 3)
        try scene.put("x.bin", "x")
        try scene.put("y.bin", "y")
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://b").status == 0)
        let copies = try scene.disk().bmd.map(\.path)
        #expect(copies.count == 2)
        try "garbage".write(toFile: try #require(copies.last), atomically: true, encoding: .utf8)
        let run = try scene.prefetch(scene.url("y.bin"), "--to", "ais://b")
        #expect(run.status == 0, run.said)
        #expect(run.err.contains(try #require(copies.last)), run.said)
        try scene.expectStored(["x.bin": "x.bin", "y.bin": "y.bin"])
    }

    @Test func aBucketRemovedUnderTheRun() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("big.bin", Scene.bytes(4 << 20))
        let running = try scene.start("prefetch", scene.url("big.bin", fault: "slow"), "--to", "ais://b")
        #expect(eventually { !scene.workfiles().isEmpty })
        try FileManager.default.removeItem(atPath: "\(scene.hosts[0])/@ais/b/%ob")
        let result = try running.wait()
        #expect(result.status == 6, "\(result.out)\(result.err)")
    }

    @Test func initialisingTwiceOrOnNothingIsRefused() throws {
        let scene = try Scene(mountpaths: 1)
        let twice = try scene.aismove(["store", "init", scene.store, "--mountpath", scene.hosts[0]])
        #expect(twice.status != 0, "\(twice.out)")
        let nothing = try scene.aismove(["store", "init", "\(scene.scratch.path)/s2", "--mountpath", "/nonexistent/d1"])
        #expect(nothing.status != 0)
        #expect(nothing.err.contains("/nonexistent/d1"), "\(nothing.err)")
        let format = try scene.aismove(["store", "init", "\(scene.scratch.path)/s3", "--format", "3.0"])
        #expect(format.status != 0)
        #expect(format.err.contains("3.0"), "\(format.err)")
    }

    @Test func oneMountpathBelowTheStoreByDefault() throws {
        let scene = try Scene(initialise: false)
        try scene.put("x.bin", "x")
        let made = try scene.aismove(["store", "init", scene.store])
        #expect(made.status == 0, "\(made.err)")
        let run = try scene.prefetch(scene.url("x.bin"), "--to", "ais://b")
        #expect(run.status == 0, run.said)
        let disk = try Disk.read(["\(scene.store)/mp1"])
        #expect(disk.problems == [])
        #expect(disk.names == ["x.bin"])
    }
}
