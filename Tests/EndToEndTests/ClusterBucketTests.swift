import Foundation
import TestSupport
import Testing

/// `bucket create | set | rm --cluster`, and aliases of attached clusters as the buckets' namespaces.
struct ClusterBucketTests {
    private func bucket(_ node: NodeScene, _ name: String) throws -> Disk.Bucket? {
        let disk = try node.disk()
        #expect(disk.problems == [])
        return disk.bmd.first?.buckets.first { $0.name == name }
    }

    private func props(_ node: NodeScene, _ name: String) throws -> [String: Any] {
        let text = try #require(try bucket(node, name)).props
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func ownBucketsAreMadeChangedAndDestroyed() throws {
        let node = try NodeScene()
        let made = try node.plain("bucket", "create", "ais://#team/made", "mirror.enabled=true", "checksum.type=sha256")
        #expect(made.status == 0, "\(made.err)")
        #expect(try props(node, "made")["checksum"] as? [String: Any] != nil)
        #expect((try props(node, "made")["mirror"] as? [String: Any])?["enabled"] as? Bool == true)
        #expect((try props(node, "made")["checksum"] as? [String: Any])?["type"] as? String == "sha256")
        #expect(try bucket(node, "made")?.ns == "@#team")
        let again = try node.plain("bucket", "create", "ais://#team/made")
        #expect(again.status == 2 && again.err.contains("already"), "\(again.err)")

        let set = try node.plain("bucket", "set", "ais://#team/made", "mirror.enabled=false", "lru.enabled=true")
        #expect(set.out == "lru.enabled: false -> true\nmirror.enabled: true -> false\n", "\(set.out)\(set.err)")
        #expect((try props(node, "made")["lru"] as? [String: Any])?["enabled"] as? Bool == true)
        let unknown = try node.plain("bucket", "set", "ais://nowhere", "lru.enabled=true")
        #expect(unknown.status == 5 && unknown.err.contains("ais://nowhere"), "\(unknown.err)")
        let wrong = try node.plain("bucket", "set", "ais://#team/made", "lru.enabled=perhaps")
        #expect(wrong.status == 2, "\(wrong.err)")

        let kept = try node.plain("bucket", "rm", "ais://#team/made", "--keep-data")
        #expect(kept.status == 2 && kept.err.contains("--keep-data"), "\(kept.err)")
        let removed = try node.plain("bucket", "rm", "ais://#team/made")
        #expect(removed.status == 0, "\(removed.err)")
        #expect(try bucket(node, "made") == nil)
        #expect(try node.plain("bucket", "rm", "ais://#team/made").status == 5)
        let actions = try node.changes().map(\.body).compactMap { body in
            ["create-bck", "set-bprops", "destroy-bck"].first { body.contains($0) }
        }
        #expect(actions == ["create-bck", "create-bck", "set-bprops", "destroy-bck"])
        try node.expect([:])
    }

    @Test func bucketsElsewhereAreAddedAndEvicted() throws {
        let node = try NodeScene(reachable: [AISCluster.Bucket("aws", "data")])
        let nowhere = try node.plain("bucket", "create", "s3://nowhere")
        #expect(nowhere.status == 5 && nowhere.err.contains("s3://nowhere"), "\(nowhere.err)")
        let added = try node.plain("bucket", "create", "s3://data", "lru.enabled=true")
        #expect(added.status == 0, "\(added.err)")
        #expect((try props(node, "data")["lru"] as? [String: Any])?["enabled"] as? Bool == true)
        _ = try node.changes()
        let removed = try node.plain("bucket", "rm", "s3://data")
        #expect(removed.status == 0, "\(removed.err)")
        #expect(try node.changes().map(\.body) == [#"{"action":"evict-remote-bck"}"#])
        try node.expect([:])
        #expect(try bucket(node, "data") == nil)
    }

    /// Its backend could be reached through it: first the backend goes, by its user's word.
    @Test func aBucketWithABackendIsNotDestroyed() throws {
        let node = try NodeScene(buckets: [AISCluster.Bucket("ais", "backed")])
        #expect(try node.plain("bucket", "set", "ais://backed", "backend_bck=s3://data").status == 0)
        let remote = try node.plain("bucket", "set", "ais://backed", "backend_bck=s3://@rem_Uuid1/data")
        #expect(remote.status == 2 && remote.err.contains("rem_Uuid1"), "\(remote.err)")
        let refused = try node.plain("bucket", "rm", "ais://backed")
        #expect(refused.status == 2 && refused.err.contains("backend_bck=none"), "\(refused.err)")
        #expect(try bucket(node, "backed") != nil)
        let cleared = try node.plain("bucket", "set", "ais://backed", "backend_bck=none")
        #expect(cleared.out == "backend_bck: s3://data -> none\n", "\(cleared.out)\(cleared.err)")
        #expect(try node.plain("bucket", "rm", "ais://backed").status == 0)
        #expect(try bucket(node, "backed") == nil)
        try node.expect([:])
    }

    /// On disk and in the BMD there is only the UUID.
    @Test func anAliasStandsForItsUUID() throws {
        let scene = try Scene()
        let remote = try AISCluster(uuid: "rem_Uuid1", targets: ["t1"], buckets: [AISCluster.Bucket("ais", "data")])
        #expect(try scene.onStore("remote", "attach", "remais=\(remote.url())").status == 0)
        let made = try scene.onStore("bucket", "create", "ais://@remais#ns/data", "--skip-lookup")
        #expect(made.status == 0 && made.out.contains("ais://@rem_Uuid1#ns/data"), "\(made.out)\(made.err)")
        let entry = try #require(try scene.disk().bmd.first?.buckets.first)
        #expect(entry.ns == "@rem_Uuid1#ns" && entry.name == "data")
        let shown = try scene.onStore("bucket", "show", "ais://@remais#ns/data", "lru.enabled")
        #expect(shown.out == "lru.enabled  false\n", "\(shown.out)\(shown.err)")
        let set = try scene.onStore("bucket", "set", "ais://@remais#ns/data", "lru.enabled=true")
        #expect(set.out.hasPrefix("lru.enabled: false -> true\n"), "\(set.out)\(set.err)")
        #expect(try scene.onStore("bucket", "show", "ais://@rem_Uuid1#ns/data", "lru.enabled").out.contains("true"))
        #expect(try scene.onStore("bucket", "rm", "ais://@remais#ns/data").status == 0)
        let disk = try scene.disk()
        #expect(disk.problems == [] && disk.bmd.first?.buckets.isEmpty == true)
        for (name, needle) in [("ais://@nobody/data", "remote attach nobody=URL"), ("ais://@away/data", "remote show")]
        {
            if name.contains("away") {
                let url = "http://127.0.0.1:\(try ServerProcess.freePort())"
                #expect(try scene.onStore("remote", "attach", "away=\(url)").status == 0)
            }
            let refused = try scene.onStore("bucket", "create", name, "--skip-lookup")
            #expect(refused.status == 2 && refused.err.contains(needle), "\(refused.err)")
        }
        #expect(try remote.violations() == [])
    }
}
