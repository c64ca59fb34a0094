import Foundation
import TestSupport
import Testing

/// Buckets of Google, Azure and Oracle from servers that check who asks, moved by the real program.
@Suite struct ProviderTests {
    static let schemes = ["gs", "az", "oc"]

    /// Custom keys beside the provider's own.
    private static let ownKeys: Set = ["verified_by", "aismove_src"]

    /// One test's objects, all below a folder of its own in the bucket.
    private struct Stage {
        let site: ProviderSite
        let scene: Scene
        let folder = "t-\(UUID().uuidString.prefix(8).lowercased())"

        init(_ scheme: String, _ objects: [String: String]) throws {
            site = try ProviderSite.shared(scheme)
            scene = try Scene(site)
            for (name, text) in objects { try put(name, text) }
        }

        func put(_ name: String, _ text: String) throws { try site.put("\(folder)/\(name)", text) }
        func source(_ name: String) -> String { "\(site.bucket)/\(folder)/\(name)" }
        func prefetch(_ name: String, _ options: String...) throws -> Scene.Run {
            try scene.reported("prefetch", [source(name), "--endpoint", site.endpoint] + options)
        }
    }

    @Test(arguments: schemes) func aPrefixOfSeveralPagesIsMovedAndThenPresent(scheme: String) throws {
        let stage = try Stage(scheme, [:])
        let source = "\(stage.site.bucket)/many/"
        let run = try stage.scene.prefetch(source, "--endpoint", stage.site.endpoint)
        #expect(run.status == 0, run.said)
        #expect(run.counts == ["moved": 30], run.said)
        let disk = try stage.scene.disk()
        #expect(disk.problems == [])
        #expect(disk.leftovers == [])
        #expect(disk.names == ProviderSite.many)
        #expect(Set(disk.objects.map(\.bucket)) == [stage.site.directory])
        for object in disk.objects {
            #expect(try String(contentsOfFile: object.path, encoding: .utf8) == "<\(object.name)>")
        }
        let again = try stage.scene.prefetch(source, "--endpoint", stage.site.endpoint)
        #expect(again.status == 0, again.said)
        #expect(again.counts == ["present": 30], again.said)
        #expect(again.report?.summary.receivedBytes == 0)
        let verified = try stage.scene.verify(stage.site.bucket)
        #expect(verified.status == 0, verified.said)
        #expect(verified.counts == ["present": 30], verified.said)
    }

    @Test(arguments: schemes) func aTemplateWithAHole(scheme: String) throws {
        let stage = try Stage(scheme, ["s-00": "zero", "s-02": "two"])
        let run = try stage.prefetch("s-{00..02}")
        #expect(run.status == 4, run.said)
        #expect(run.record("s-01")?.outcome == "missing", run.said)
        let disk = try stage.scene.disk()
        #expect(disk.problems == [])
        #expect(disk.names == ["\(stage.folder)/s-00", "\(stage.folder)/s-02"])
        let again = try stage.prefetch("s-{00..02}", "--missing", "allow")
        #expect(again.status == 0, again.said)
        #expect(again.counts["present"] == 2, again.said)
    }

    /// The table of custom keys in the design of the node's store, read with nothing of aismove's.
    @Test(arguments: schemes) func objectsAreDescribedAsANodeDoes(scheme: String) throws {
        let stage = try Stage(scheme, ["x": "123456789"])
        let run = try stage.prefetch("x")
        #expect(run.status == 0, run.said)
        let disk = try stage.scene.disk()
        #expect(disk.problems == [])
        let object = try #require(disk.object("\(stage.folder)/x"))
        #expect(object.bucket == stage.site.directory)
        let custom = object.custom.filter { !Self.ownKeys.contains($0.key) }
        let md5 = "25f9e794323b453885f5181f1b624d0b"
        #expect(custom["md5"] == md5)
        let etag = try #require(custom["ETag"])
        #expect(!etag.isEmpty && !etag.contains("\""))
        let modified = try #require(custom["LastModified"])
        #expect(modified.hasSuffix("Z") && modified.count == 20, "\(modified)")
        switch scheme {
        case "gs":
            #expect(
                Set(custom.keys) == ["source", "version", "ETag", "md5", "crc32c", "LastModified", "Last-Modified"])
            #expect(custom["source"] == "gcp")
            #expect(custom["crc32c"] == "4waSgw==")
            #expect(object.version == custom["version"])
            #expect(object.version.map { Int($0) != nil } == true)
        case "az":
            #expect(Set(custom.keys) == ["source", "ETag", "md5", "LastModified", "Last-Modified"])
            #expect(custom["source"] == "azure")
            #expect(object.version == etag)
        default:
            #expect(Set(custom.keys) == ["source", "ETag", "md5", "LastModified"])
            #expect(custom["source"] == "oci")
            #expect(object.version == nil)
        }
        #expect(custom["Last-Modified"].map { $0.hasSuffix(" GMT") } ?? (scheme == "oc"))
    }

    @Test(arguments: schemes) func remoteListings(scheme: String) throws {
        let stage = try Stage(scheme, ["a/1": "one", "b/1": "two"])
        #expect(try stage.prefetch("a/").status == 0)
        let arguments = ["--remote", "--store", stage.scene.store, "--endpoint", stage.site.endpoint]
        let listed = try stage.scene.aismove(["ls", stage.source("")] + arguments)
        #expect(listed.status == 0, "\(listed.err)")
        let lines = listed.out.split(separator: "\n")
        #expect(lines.count == 2, "\(listed.out)")
        #expect(lines.first?.contains("cached") == true && lines.first?.hasSuffix("a/1") == true, "\(listed.out)")
        #expect(lines.last?.contains("cached") == false && lines.last?.hasSuffix("b/1") == true, "\(listed.out)")
    }

    @Test(arguments: schemes) func damageIsFoundAndRepaired(scheme: String) throws {
        let stage = try Stage(scheme, ["x": "<x>", "y": "<y>"])
        #expect(try stage.prefetch("").status == 0)
        let path = try #require(try stage.scene.disk().object("\(stage.folder)/x")).path
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.write(contentsOf: Data("!".utf8))
        try file.close()
        #expect(try stage.scene.verify(stage.site.bucket).status == 3)
        let repaired = try stage.scene.verify(stage.site.bucket, "--repair", "--endpoint", stage.site.endpoint)
        #expect(repaired.status == 0, repaired.said)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "<x>")
        #expect(try stage.scene.disk().problems == [])
    }

    @Test(arguments: schemes) func latestMovesOnlyWhatChanged(scheme: String) throws {
        let stage = try Stage(scheme, ["n-0": "zero", "n-1": "one", "n-2": "two"])
        #expect(try stage.prefetch("").status == 0)
        #expect(try stage.prefetch("", "--latest").counts == ["present": 3])
        try stage.put("n-1", "uno")
        let byPrefix = try stage.prefetch("", "--latest")
        #expect(byPrefix.status == 0, byPrefix.said)
        #expect(byPrefix.counts == ["present": 2, "updated": 1], byPrefix.said)
        #expect(byPrefix.report?.summary.committedBytes == 3)
        try stage.put("n-2", "due")
        let byName = try stage.prefetch("n-{0..2}", "--latest")
        #expect(byName.status == 0, byName.said)
        #expect(byName.counts == ["present": 2, "updated": 1], byName.said)
        #expect(byName.record("n-2")?.outcome == "updated", byName.said)
        let disk = try stage.scene.disk()
        #expect(disk.problems == [])
        let texts = try disk.objects.sorted { $0.name < $1.name }.map {
            try String(contentsOfFile: $0.path, encoding: .utf8)
        }
        #expect(texts == ["zero", "uno", "due"])
    }

    @Test(arguments: schemes) func aWrongKeyIsRefused(scheme: String) throws {
        let stage = try Stage(scheme, ["x": "x"])
        let (environment, secret) = try stage.site.refused(stage.scene.scratch)
        stage.scene.environment.merge(environment) { $1 }
        for name in ["", "n-{0..1}"] {
            let run = try stage.prefetch(name)
            #expect(run.status == 5, run.said)
            #expect(!run.said.rawValue.contains(secret), "a secret is told")
        }
        #expect(try stage.scene.disk().objects.isEmpty)
    }
}
