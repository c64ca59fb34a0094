import Foundation
import NodeStore
import ObjectModel
import Testing

struct StoreInitialiseTests {
    @Test func makesAStoreThatOpensAgain() throws {
        let scratch = try StoreScratch()
        let made = try scratch.store()
        let store = try NodeStore.open(directory: "\(scratch.path)/store/")
        #expect(store.mountpaths == made.mountpaths && store.format == .v4_9 && !store.ownership.clusterOwned)
        let (bmd, repairs) = try store.loadBMD()
        #expect(bmd.version == 1 && BMD.isUUID(bmd.uuid) && repairs.isEmpty)
        // Two copies, as a node keeps them.
        let copies = store.mountpaths.filter { FileManager.default.fileExists(atPath: $0.hostPath + "/.ais.bmd") }
        #expect(copies == Array(store.mountpaths.prefix(2)))
        #expect(try store.space(mountpath: 0).free > 0)
        #expect(BucketStore.kind { _ = try NodeStore.initialise(directory: "\(scratch.path)/store") } == .usage)
    }

    @Test func makesItsOwnMountpathsInTheStore() throws {
        let scratch = try StoreScratch()
        let one = try NodeStore.initialise(directory: "\(scratch.path)/a/b/one")
        #expect(one.mountpaths.map(\.hostPath) == ["\(scratch.path)/a/b/one/mp1"])
        let home = "\(scratch.path)/two"
        let two = try NodeStore.initialise(
            directory: home, mountpaths: [("\(home)/x/mp1", "/ais/mp1"), ("\(home)/mp2", "/ais/mp2")], nodeID: "tgt1",
            format: "5.0")
        #expect(two.mountpaths.map(\.aisPath) == ["/ais/mp1", "/ais/mp2"])
        #expect(try NodeStore.open(directory: home).ownership.daemonID == "tgt1")
    }

    @Test(arguments: ["", "bad id!", "-a", "a_", "a/b", "ä"])
    func refusesWhatIsNoNodesID(_ text: String) throws {
        let scratch = try StoreScratch()
        let home = "\(scratch.path)/store"
        #expect(BucketStore.kind { _ = try NodeStore.initialise(directory: home, nodeID: text) } == .usage)
        #expect(!FileManager.default.fileExists(atPath: home))
        #expect(try NodeStore.initialise(directory: home, nodeID: "t-1_x").ownership.daemonID == "t-1_x")
    }

    /// As a shell's variable that is not set makes it.
    @Test(arguments: [nil, "/ais/mp1"])
    func refusesAMountpathWithoutAName(_ ais: String?) throws {
        let scratch = try StoreScratch()
        let home = "\(scratch.path)/store"
        #expect(BucketStore.kind { _ = try NodeStore.initialise(directory: home, mountpaths: [("", ais)]) } == .usage)
        #expect(!FileManager.default.fileExists(atPath: home))
    }

    @Test func refusesWhatIsNoStore() throws {
        let scratch = try StoreScratch()
        #expect(BucketStore.kind { _ = try NodeStore.open(directory: scratch.path) } == .notAStore)
        #expect(BucketStore.kind { _ = try NodeStore.open(directory: scratch.path + "/none") } == .notAStore)
        let store = try scratch.store(mountpaths: 1)
        let file = URL(filePath: "\(store.directory)/aismove-store.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        for (from, to, kind) in [
            ("\"version\" : 1", "\"version\" : 2", StoreError.Kind.unknownFormat), ("4.9", "6.0", .unknownFormat),
            ("{", "[", .unreadable),
        ] {
            try text.replacing(from, with: to).write(to: file, atomically: true, encoding: .utf8)
            #expect(BucketStore.kind { _ = try NodeStore.open(directory: store.directory) } == kind)
        }
    }

    @Test func refusesBadMountpaths() throws {
        let scratch = try StoreScratch()
        let good = try scratch.directory("good")
        let inside = try scratch.directory("good/inside")
        let link = scratch.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: good)
        try Data().write(to: URL(filePath: scratch.path + "/file"))
        let lists: [[(host: String, ais: String?)]] = [
            [(scratch.path + "/missing", nil)], [(scratch.path + "/file", nil)], [(good, nil), (inside, nil)],
            [(inside, nil), (good, nil)], [(good, nil), (good, nil)], [(good, nil), (link, nil)],
            [(good, "/ais/mp1"), (try scratch.directory("other"), "/ais/mp1")],
        ]
        for (index, list) in lists.enumerated() {
            let kind = BucketStore.kind {
                _ = try NodeStore.initialise(directory: "\(scratch.path)/s\(index)", mountpaths: list)
            }
            #expect(kind == .mountpath, "\(list)")
        }
        #expect(
            BucketStore.kind {
                _ = try NodeStore.initialise(directory: scratch.path + "/s", mountpaths: [(good, nil)], format: "3")
            } == .usage)
    }

    /// A store may be made over some of an empty one's mountpaths once that one is given up: it is then no store.
    @Test func aMountpathIsOfOneStore() throws {
        let scratch = try StoreScratch()
        let first = try scratch.store(mountpaths: 2)
        let part = [(host: first.mountpaths[0].hostPath, ais: String?.none)]
        for path in first.mountpaths.map(\.hostPath) {
            let error = #expect(throws: StoreError.self) {
                try NodeStore.initialise(directory: scratch.path + "/other", mountpaths: [(path, nil)])
            }
            #expect(error?.kind == .usage && error?.path == path)
            #expect(error?.message.contains("remove \(path)/.aismove/mountpaths.json") == true)
        }
        _ = try NodeStore.open(directory: first.directory)
        try FileManager.default.removeItem(atPath: part[0].host + "/.aismove/mountpaths.json")
        let second = try NodeStore.initialise(directory: scratch.path + "/second", mountpaths: part)
        #expect(BucketStore.kind { _ = try NodeStore.open(directory: first.directory) } == .mountpath)
        _ = try StoreScratch.bucket("ais://b", in: NodeStore.open(directory: second.directory))
        let whole = first.mountpaths.map { (host: $0.hostPath, ais: String?.none) }
        #expect(
            BucketStore.kind { _ = try NodeStore.initialise(directory: first.directory, mountpaths: whole) } == .usage)
    }

    /// Whether the directory exists yet or not, and by whatever shows that another is a mountpath.
    @Test(arguments: [".ais.vmd", ".aismove/mountpaths.json"])
    func refusesAMountpathInAnothers(_ evidence: String) throws {
        let scratch = try StoreScratch()
        let outer = try scratch.directory("outer")
        let link = scratch.path + "/link"
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: try scratch.directory("outer/@ais/b"))
        let inside = try scratch.directory("outer/inside")
        _ = try scratch.directory("outer/.aismove")
        try Data().write(to: URL(filePath: "\(outer)/\(evidence)"))
        let before = StoreScratch.tree(outer)
        for (home, path) in [
            ("s1", inside), ("s2", "\(outer)/@ais"), ("s3", link), ("outer/s4", nil), ("outer/@ais/b/%ob/s5", nil),
        ] {
            let error = #expect(throws: StoreError.self) {
                try NodeStore.initialise(
                    directory: "\(scratch.path)/\(home)", mountpaths: path.map { [(host: $0, ais: nil)] } ?? [])
            }
            #expect(
                error?.kind == .mountpath && error?.message.contains("\(outer), ") == true,
                "\(home): \(String(describing: error))")
            #expect(error?.message.contains(evidence) == true)
        }
        #expect(StoreScratch.tree(outer) == before)
    }

    @Test func refusesAFileSystemWithoutAttributes() throws {
        let scratch = try StoreScratch()
        guard let point = try scratch.mount("ram", type: "ramfs", options: "size=1m") else { return }
        let error = #expect(throws: StoreError.self) {
            try NodeStore.initialise(directory: scratch.path + "/s", mountpaths: [(point, nil)])
        }
        #expect(error?.kind == .mountpath && error?.message.contains("extended attributes") == true)
    }

    @Test func everythingBelongsToTheMountpathsOwner() throws {
        guard getuid() == 0 else { return }
        let scratch = try StoreScratch()
        let paths = try scratch.mountpaths(2)
        for path in paths { chown(path.host, 1234, 2345) }
        let store = try NodeStore.initialise(directory: scratch.path + "/store", mountpaths: paths)
        let bucket = try StoreScratch.bucket("ais://imagenet", in: store)
        for index in 0..<8 { try bucket.put("dir\(index)/sub/object") }
        let kept = try bucket.staged("kept", [1])
        try kept.checkpoint(PartialRecord(url: "u", validator: "v"))
        for path in paths {
            for entry in StoreScratch.tree(path.host) {
                let facts = try FileManager.default.attributesOfItem(atPath: "\(path.host)/\(entry)")
                #expect(facts[.ownerAccountID] as? Int == 1234, "\(entry)")
                #expect(facts[.groupOwnerAccountID] as? Int == 2345, "\(entry)")
                let isDirectory = facts[.type] as? FileAttributeType == .typeDirectory
                #expect(facts[.posixPermissions] as? Int == (isDirectory ? 0o750 : 0o640), "\(entry)")
            }
        }
    }

    /// The empty directory below a disk that is not mounted is no mountpath.
    @Test func noticesAMountpathThatIsNotThere() throws {
        let scratch = try StoreScratch()
        let store = try scratch.store()
        let path = store.mountpaths[1].hostPath
        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        #expect(BucketStore.kind { _ = try NodeStore.open(directory: store.directory) } == .mountpath)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(BucketStore.kind { _ = try NodeStore.open(directory: store.directory) } == .mountpath)
        #expect(StoreScratch.tree(path).isEmpty)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
        _ = try NodeStore.open(directory: store.directory)
    }

    /// Disks that have changed places would be given each other's objects.
    @Test func noticesDisksThatHaveChangedPlaces() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 3)
        for index in 0..<10 { try bucket.put("\(index)") }
        let home = bucket.store.directory
        let paths = bucket.store.mountpaths.map(\.hostPath)
        func swap() throws {
            try FileManager.default.moveItem(atPath: paths[1], toPath: scratch.path + "/moved")
            try FileManager.default.moveItem(atPath: paths[2], toPath: paths[1])
            try FileManager.default.moveItem(atPath: scratch.path + "/moved", toPath: paths[2])
        }
        try swap()
        let error = #expect(throws: StoreError.self) { try NodeStore.open(directory: home) }
        #expect(error?.kind == .mountpath && error?.path == paths[1])
        for path in paths[1...] { #expect(error?.message.contains(path) == true) }
        let whole = paths.map { (host: $0, ais: String?.none) }
        #expect(
            BucketStore.kind { _ = try NodeStore.initialise(directory: scratch.path + "/second", mountpaths: whole) }
                == .usage)
        try swap()
        _ = try NodeStore.open(directory: home)
        // Notes as an earlier aismove wrote them say nothing of it.
        for path in paths {
            let note = URL(filePath: path + "/.aismove/mountpaths.json")
            var value = try JSONValue.parse(Array(Data(contentsOf: note)), maxBytes: 1 << 20)
            #expect(value["mountpath"]?.string == path)
            value["mountpath"] = nil
            try Data(value.serialized()).write(to: note)
        }
        try swap()
        _ = try NodeStore.open(directory: home)
        try swap()
        let second = try NodeStore.initialise(directory: scratch.path + "/second", mountpaths: whole)
        try swap()
        #expect(BucketStore.kind { _ = try NodeStore.open(directory: second.directory) } == .mountpath)
        #expect(BucketStore.kind { _ = try NodeStore.open(directory: home) } == .mountpath)
    }

    @Test func describesTheStore() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket()
        for index in 0..<5 { try bucket.put("a/\(index)", [UInt8](repeating: 1, count: index)) }
        let overview = try bucket.store.describe()
        #expect(overview.version == 2 && overview.mountpaths.count == 3)
        #expect(overview.buckets.map(\.objects) == [5] && overview.buckets.map(\.bytes) == [10])
        #expect(overview.mountpaths.allSatisfy { $0.total > 0 && $0.fileSystemType != nil })
    }
}
