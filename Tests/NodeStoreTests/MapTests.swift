import Foundation
import NodeStore
import ObjectModel
import Testing

struct MapTests {
    @Test func readsANodesVMD() throws {
        let vmd = try VMD(decoding: vectorBytes("store/ais-vmd"), path: "ais-vmd")
        #expect(vmd.daemonID == "pVMKuZQa" && vmd.version == 1)
        #expect(vmd.mountpaths.map(\.path) == ["/ais/mp1", "/ais/mp2", "/ais/mp3"])
        #expect(vmd.enabled.count == 3)
        #expect(
            vmd.mountpaths[1]
                == VMD.Mountpath(
                    path: "/ais/mp2", label: "lbl2", fileSystem: "/dev/vda", fileSystemType: "ext4",
                    fileSystemID: "948069047,1431470094", enabled: true))
    }

    @Test(arguments: [
        "{}", #"{"daemon_id":"","version":"1","mountpaths":{}}"#,
        #"{"daemon_id":"d","version":"1","mountpaths":{"/a":{}}}"#,
        #"{"daemon_id":"d","version":"1","mountpaths":{"a":{"enabled":true}}}"#, #"{"daemon_id":"d","mountpaths":{}}"#,
    ])
    func malformedVMDs(_ text: String) throws {
        let bytes = JSP.encode(try JSONValue.parse(text), kind: .vmd)
        #expect(throws: StoreError.self) { try VMD(decoding: bytes, path: "x") }
    }

    static let map: JSONValue = [
        "uuid": "gw1OWWdOt", "version": "4", "creation_time": "2026-11-22 19:52:30",
        "pmap": [:],
        "proxy_si": ["daemon_id": "urDthYyE", "public_net": ["direct_url": "http://127.0.0.1:8580"], "flags": 2],
        "tmap": [
            "t3": ["daemon_id": "t3", "flags": 8], "t2": ["daemon_id": "t2", "flags": 4],
            "t1": ["daemon_id": "t1", "flags": 16, "public_net": ["direct_url": "http://127.0.0.1:8581"]],
            "t4": ["daemon_id": "t4", "flags": 20], "t0": ["daemon_id": "t0", "flags": 0, "id_digest": 18_141_961],
        ],
    ]

    @Test func targetsInMaintenanceGetNothing() throws {
        let smap = try Smap(decoding: JSP.encode(Self.map, kind: .smap), path: ".ais.smap")
        #expect(smap.uuid == "gw1OWWdOt" && smap.version == 4)
        #expect(smap.targets.map(\.id) == ["t0", "t1", "t2", "t3", "t4"])
        #expect(smap.activeTargets == ["t0", "t1"])
        #expect(smap.primaryID == "urDthYyE" && smap.primaryURL == "http://127.0.0.1:8580")
        #expect(smap.targets[1].url == "http://127.0.0.1:8581")
    }

    @Test func unknownPlacementIsRefused() throws {
        var map = Self.map
        map["tmap"]?["t0"]?["placement"] = ["weight": "3"]
        let error = #expect(throws: StoreError.self) { try Smap(root: map, path: "x") }
        #expect(error?.kind == .unknownFormat)
        map["tmap"] = ["t0": ["daemon_id": "other", "flags": 0]]
        #expect(throws: StoreError.self) { try Smap(root: map, path: "x") }
        map["tmap"] = ["t0": ["daemon_id": "t0"]]
        #expect(throws: StoreError.self) { try Smap(root: map, path: "x") }
        map["tmap"] = nil
        #expect(throws: StoreError.self) { try Smap(root: map, path: "x") }
    }
}

struct StoreDescriptionTests {
    static let description = StoreDescription(
        format: .v4_9, nodeID: "pVMKuZQa",
        mountpaths: [Mountpath(hostPath: "/mnt/d2"), Mountpath(hostPath: "/mnt/d1", aisPath: "/ais/mp1")],
        attachments: ["remais": ["urls": ["http://h:8080"]]])

    @Test func comesBackAsItWas() throws {
        let bytes = Self.description.encoded()
        #expect(try StoreDescription(decoding: bytes, path: "x") == Self.description)
        #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("}\n"))
        var fresh = Self.description
        fresh.nodeID = nil
        fresh.format = .v5_0
        #expect(try StoreDescription(decoding: fresh.encoded(), path: "x") == fresh)
    }

    @Test func unknownMembersSurvive() throws {
        var root = try JSONValue.parse(Self.description.encoded())
        root["later"] = ["a": 1]
        let read = try StoreDescription(decoding: root.serialized(), path: "x")
        #expect(try JSONValue.parse(read.encoded()) == root)
    }

    @Test func versionsAndFormatsAreChecked() throws {
        for (key, value, kind) in [
            ("version", 2, .unknownFormat), ("version", "1", .unreadable), ("format", "6.0", .unknownFormat),
            ("format", .null, .unknownFormat), ("mountpaths", [], .unreadable),
            ("mountpaths", [["host": "/a"]], .unreadable),
            ("mountpaths", [["host": "a", "ais": "/a"]], .unreadable),
            ("mountpaths", [["host": "/a", "ais": "/a"], ["host": "/a/", "ais": "/b"]], .unreadable),
        ] as [(String, JSONValue, StoreError.Kind)] {
            var root = try JSONValue.parse(Self.description.encoded())
            root[key] = value
            let error = #expect(throws: StoreError.self) {
                try StoreDescription(decoding: root.serialized(), path: "/s/aismove-store.json")
            }
            #expect(error?.kind == kind, "\(key) \(value)")
        }
        #expect(throws: StoreError.self) { try StoreDescription(decoding: [], path: "x") }
    }
}
