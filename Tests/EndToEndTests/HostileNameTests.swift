import Foundation
import TestSupport
import Testing

/// Names that a list may hold and AIStore may not: refused one by one, with nothing outside the bucket.
struct HostileNameTests {
    /// As JSON text inside quotes.
    private static let names = [
        "../evil", "../../../../evil", "/etc/evil", "a//evil", "./evil", "a/../evil", "a/./evil", "..", ".", "evil/",
        "~/evil", "a\\u0001evil", "a\\nevil", "nul\\u0000evil", "\\u007fevil", "\\u001b[2Jevil",
        String(repeating: "m", count: 300) + "/evil", String(repeating: "d/", count: 1600) + "evil",
    ]

    private func entries(under path: String) -> Set<String> {
        Set(FileManager.default.subpaths(atPath: path)?.filter { !$0.hasSuffix(".tmp") } ?? [])
    }

    @Test func everyHostileNameFailsAndTheRestGoOn() throws {
        let scene = try Scene()
        try scene.put("x.bin", "x")
        let url = scene.url("x.bin")
        let items = (Self.names + ["good.bin"]).map { "{\"url\": \"\(url)\", \"name\": \"\($0)\"}" }
        let list = try scene.scratch.write("list.json", "[" + items.joined(separator: ",\n") + "]")
        let run = try scene.prefetch("--from", list, "--to", "ais://b")
        #expect(run.status == 1, run.said)
        #expect(run.counts == ["moved": 1, "failed": Self.names.count], run.said)
        #expect(run.report?.summary.failures == ["name": Self.names.count])
        #expect(!run.err.contains("\u{1b}[2J"), "control bytes are not written to a terminal")
        try scene.expectStored(["good.bin": "x.bin"])
        let evil = entries(under: scene.scratch.path).filter { $0.contains("evil") }
        #expect(evil == [])
        #expect(!FileManager.default.fileExists(atPath: "/etc/evil"))
        #expect(try scene.requests(1).filter { $0.method == "GET" }.count == 1)
    }

    @Test func bytesThatAreNoTextFail() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        var csv = Data("url,name\n\(scene.url("x.bin")),bad".utf8)
        csv.append(contentsOf: [0xFF, 0xC3])
        csv.append(Data(".bin\n\(scene.url("x.bin")),good.bin\n".utf8))
        let run = try scene.prefetch("--from", "-", "--to", "ais://b", input: csv)
        #expect(run.status == 1, run.said)
        #expect(run.counts == ["moved": 1, "failed": 1])
        #expect(run.report?.summary.failures == ["name": 1])
        try scene.expectStored(["good.bin": "x.bin"])
    }

    @Test func aSizeThatAISCannotRepresentIsRefused() throws {
        let scene = try Scene(mountpaths: 1)
        let size = 14_888_893
        try scene.put("odd.bin", Data(count: size))
        let csv = "url,name,size\n\(scene.url("odd.bin")),listed.bin,\(size)\n"
        let listed = try scene.prefetch("--from", "-", "--to", "ais://b", "--skip-lookup", input: Data(csv.utf8))
        #expect(listed.status == 1, listed.said)
        #expect(listed.record("listed.bin")?.class == "name")
        #expect(listed.record("listed.bin")?.reason?.contains("AIS cannot represent this size") == true, listed.said)
        #expect(try scene.requests() == [])
        let planned = try scene.onStore("plan", scene.url("odd.bin"), "--to", "ais://b", "--sizes")
        #expect(planned.out.contains("refused  ais://b/odd.bin"), "\(planned.out)")
        for fault in [nil, "chunked"] {
            let found = try scene.prefetch(scene.url("odd.bin", fault: fault), "--to", "ais://b")
            #expect(found.status == 1, found.said)
            #expect(found.record("odd.bin")?.class == "name", found.said)
        }
        let disk = try scene.disk()
        #expect(disk.names == [])
        #expect(disk.leftovers == [])
    }

    @Test func aSymlinkInTheBucketIsNotFollowed() throws {
        let scene = try Scene(mountpaths: 1)
        try scene.put("x.bin", "x")
        try scene.put("sub/y.bin", "y")
        #expect(try scene.prefetch(scene.url("x.bin"), "--to", "ais://b").status == 0)
        let outside = try TestSupport.scratch("outside")
        let bucket = "\(scene.hosts[0])/@ais/b/%ob"
        try FileManager.default.createSymbolicLink(atPath: "\(bucket)/sub", withDestinationPath: outside.path)
        let inside = try scene.prefetch(scene.url("sub/y.bin"), "--to", "ais://b/sub")
        #expect(inside.status != 0, inside.said)
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == [])

        try FileManager.default.removeItem(atPath: bucket)
        try FileManager.default.createSymbolicLink(atPath: bucket, withDestinationPath: outside.path)
        let whole = try scene.prefetch(scene.url("x.bin"), "--to", "ais://b")
        #expect(whole.status == 6, whole.said)
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == [])
    }
}
