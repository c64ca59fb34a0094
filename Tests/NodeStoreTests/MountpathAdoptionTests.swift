import Foundation
import NodeStore
import ObjectModel
import Testing

/// Stores on a node's mountpaths.
struct MountpathAdoptionTests {
    private func vmd(_ paths: [String], daemon: String = "tgt1", fs: String = "x", type: String = "y") -> Data {
        var mountpaths: JSONValue = [:]
        for path in paths {
            mountpaths[path] = [
                "mountpath": .string(path), "mountpath_label": "", "fs": .string(fs), "fs_type": .string(type),
                "fs_id": "1,2", "enabled": true,
            ]
        }
        return Data(
            JSP.encode(["mountpaths": mountpaths, "daemon_id": .string(daemon), "version": "1"], kind: .vmd))
    }

    private func smap(_ targets: [String]) -> Data {
        var map: JSONValue = [:]
        for target in targets { map[target] = ["daemon_id": .string(target), "flags": "0"] }
        return Data(JSP.encode(["uuid": "Abcdefgh1", "version": "1", "tmap": map], kind: .smap))
    }

    @Test func everyEnabledMountpathMustBeMapped() throws {
        let scratch = try StoreScratch()
        let paths = try scratch.mountpaths(2).map(\.host)
        for path in paths { try vmd(["/ais/mp1", "/ais/mp2"]).write(to: URL(filePath: path + "/.ais.vmd")) }
        let home = scratch.path + "/store"
        func initialise(_ given: [(host: String, ais: String?)]) throws {
            _ = try NodeStore.initialise(directory: home, mountpaths: given)
        }
        let error = #expect(throws: StoreError.self) { try initialise([(paths[0], "/ais/mp1")]) }
        #expect(error?.kind == .mountpath)
        #expect(error?.message.contains("--mountpath \(paths[0])=/ais/mp1\n  --mountpath HOST=/ais/mp2") == true)
        #expect(BucketStore.kind { try initialise([(paths[0], nil)]) } == .mountpath)
        try initialise([(paths[0], "/ais/mp1"), (paths[1], "/ais/mp2")])
        let store = try NodeStore.open(directory: home)
        #expect(store.ownership.clusterOwned && store.ownership.daemonID == "tgt1")
        #expect(!FileManager.default.fileExists(atPath: paths[0] + "/.ais.bmd"))
        try vmd(["/ais/mp1"], daemon: "tgt2").write(to: URL(filePath: paths[1] + "/.ais.vmd"))
        #expect(BucketStore.kind { _ = try NodeStore.open(directory: home) } == .mountpath)
    }

    /// A path of the VMD is taken only when device and type are the node's; a mountpath itself names the store.
    @Test func knowsTheNodesOwnPaths() throws {
        let scratch = try StoreScratch()
        guard let one = try scratch.mount("n1", type: "tmpfs", options: "size=1m", source: "disk1"),
            let two = try scratch.mount("n2", type: "tmpfs", options: "size=1m", source: "disk1")
        else { return }
        for (fs, works) in [("disk1", true), ("other", false)] {
            for path in [one, two] {
                try vmd([one, two], fs: fs, type: "tmpfs").write(to: URL(filePath: path + "/.ais.vmd"))
            }
            if works {
                let store = try NodeStore.open(directory: one)
                #expect(store.mountpaths.map(\.hostPath) == [one, two])
            } else {
                #expect(BucketStore.kind { _ = try NodeStore.open(directory: one) } == .mountpath)
            }
        }
    }

    /// What was noted of the set before counts less than the node's list, while there are no buckets.
    @Test func theNodesListRulesAnEmptyStore() throws {
        let scratch = try StoreScratch()
        let first = try scratch.store(mountpaths: 2)
        let path = first.mountpaths[0].hostPath
        let part = [(host: path, ais: String?.none)]
        func initialise() throws { _ = try NodeStore.initialise(directory: scratch.path + "/new", mountpaths: part) }
        #expect(BucketStore.kind { try initialise() } == .usage)
        try vmd([path]).write(to: URL(filePath: path + "/.ais.vmd"))
        try initialise()
        #expect(try NodeStore.open(directory: scratch.path + "/new").mountpaths.map(\.hostPath) == [path])
    }

    @Test func aClustersStoreIsOnlyAddedTo() throws {
        let scratch = try StoreScratch()
        let bucket = try scratch.bucket(mountpaths: 1)
        try bucket.put("old", [1])
        let path = bucket.store.mountpaths[0].hostPath
        let before = try Data(contentsOf: URL(filePath: path + "/.ais.bmd"))
        try vmd([path]).write(to: URL(filePath: path + "/.ais.vmd"))
        let store = try NodeStore.open(directory: bucket.store.directory)
        let added = BucketRequest(try BMDTests.bucket("ais://new"))
        let refused = #expect(throws: StoreError.self) { _ = try store.register([added], now: 1) }
        #expect(refused?.kind == .clusterOwned && refused?.message.contains(".ais.vmd") == true)
        #expect(try Data(contentsOf: URL(filePath: path + "/.ais.bmd")) == before)
        let theirs = try StoreScratch.bucket("ais://imagenet", in: store)
        // Without the Smap nobody knows whose an object is.
        #expect(BucketStore.kind { try theirs.put("x", [1], replace: false) } == .clusterOwned)
        try smap(["tgt1", "tgt2"]).write(to: URL(filePath: path + "/.ais.smap"))
        let known = try StoreScratch.bucket("ais://imagenet", in: NodeStore.open(directory: store.directory))
        var (here, elsewhere) = (0, 0)
        for index in 0..<20 {
            let target = HRW.target(for: HRW.digest("ais/@#/imagenet/\(index)"), among: ["tgt1", "tgt2"])
            let kind = BucketStore.kind { try known.put("\(index)", [1], replace: false) }
            #expect(kind == (target == "tgt1" ? nil : .clusterOwned))
            if target == "tgt1" { here += 1 } else { elsewhere += 1 }
        }
        #expect(here > 0 && elsewhere > 0)
        #expect(BucketStore.kind { try known.put("old", [2], replace: true) } == .clusterOwned)
        #expect(BucketStore.kind { _ = try known.evict("old", at: known.place("old")) } == .clusterOwned)
        #expect(try known.content("old") == [1] && known.workfiles.isEmpty)
        try Data().write(to: URL(filePath: path + "/.ais.bmd"))
        #expect(BucketStore.kind { _ = try store.loadBMD() } == .unreadable)
    }
}
