import Foundation
import TestSupport
import Testing

/// A BMD that others wrote: compressed, with fields of tomorrow, stale, contradictory.
struct BMDTests {
    /// A store with bucket `b`, and the paths of its BMD's copies.
    private func makeScene() throws -> (Scene, copies: [String]) {
        let scene = try Scene()
        try scene.put("x.bin", "x")
        try scene.put("y.bin", "y")
        let run = try scene.prefetch(scene.url("x.bin"), "--to", "ais://b")
        guard run.status == 0 else { throw TestSupportError("\(run.said)") }
        return (scene, try scene.disk().bmd.map(\.path))
    }

    /// Changes BMDs by Python code that works on `v`, the decoded JSON.
    private func rewrite(_ paths: [String], compress: Bool, _ code: String) throws {
        let script = """
            import sys; sys.path.insert(0, sys.argv[1]); import aisdisk
            for path in sys.argv[2:]:
                v = aisdisk.jsp_read(path)['val']
                \(code)
                aisdisk.jsp_write(path, v, 2, compress=\(compress ? "True" : "False"))
            """
        let tools = "\(TestSupport.repositoryRoot)/Tests/Tools"
        try TestSupport.runChecked(TestSupport.python, ["-B", "-c", script, tools] + paths)
    }

    @Test(arguments: [false, true])
    func unknownFieldsSurviveAndLZ4IsRead(isCompressed: Bool) throws {
        let (scene, copies) = try makeScene()
        let change =
            "v['tomorrow'] = {'n': '18446744073709551615'}; v['providers']['ais']['@#']['b']['new'] = [1, 2.5, None]"
        try rewrite(copies, compress: isCompressed, change)
        let run = try scene.prefetch(scene.url("y.bin"), "--to", "ais://c")
        #expect(run.status == 0, run.said)
        let disk = try scene.expectStored(["x.bin": "x.bin", "y.bin": "y.bin"])
        let old = try #require(disk.bmd.first?.buckets.first { $0.name == "b" })
        #expect(old.props.contains("\"new\": [1, 2.5, null]"), "\(old.props)")
        try rewrite([copies[0]], compress: false, "assert v['tomorrow'] == {'n': '18446744073709551615'}")
    }

    @Test func aStaleCopyIsBroughtUpToDate() throws {
        let (scene, copies) = try makeScene()
        let old = try Data(contentsOf: URL(fileURLWithPath: copies[1]))
        #expect(try scene.prefetch(scene.url("y.bin"), "--to", "ais://c").status == 0)
        try old.write(to: URL(fileURLWithPath: copies[1]))
        try scene.put("z.bin", "z")
        let run = try scene.prefetch(scene.url("z.bin"), "--to", "ais://d")
        #expect(run.status == 0, run.said)
        #expect(run.err.contains(copies[1]), run.said)
        let disk = try scene.expectStored(["x.bin": "x.bin", "y.bin": "y.bin", "z.bin": "z.bin"])
        #expect(disk.bmd.map(\.version) == ["4", "4"])
        #expect(disk.bmd.first?.buckets.map(\.name).sorted() == ["b", "c", "d"])
    }

    @Test func oneVersionWithTwoContentsIsAnError() throws {
        let (scene, copies) = try makeScene()
        try rewrite([copies[1]], compress: false, "v['providers']['ais']['@#']['b']['access'] = '1'")
        let run = try scene.prefetch(scene.url("y.bin"), "--to", "ais://c")
        #expect(run.status == 6, run.said)
        #expect(run.err.contains(copies[0]) && run.err.contains(copies[1]), run.said)
    }

    @Test func theFormerVersionIsKept() throws {
        let (scene, copies) = try makeScene()
        let before = try Data(contentsOf: URL(fileURLWithPath: copies[0]))
        #expect(try scene.prefetch(scene.url("y.bin"), "--to", "ais://c").status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: copies[0] + ".prev")) == before)
    }
}
