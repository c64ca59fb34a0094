import Foundation
import Hashing
import NodeStore
import ObjectModel
import Testing

/// What aismove writes, read by `Tests/Tools/aisdisk.py`, which shares no code with it.
struct IndependentDecoderTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    static var python: String {
        let environment = ProcessInfo.processInfo.environment
        return environment["AISMOVE_TEST_PYTHON"]
            ?? (environment["HOME"] ?? "") + "/.cache/aismove/venv/bin/python3"
    }

    /// Runs the script with `aisdisk` imported and `input` on standard input; its output must be JSON.
    static func ask(_ script: String, input: [UInt8]) throws -> JSONValue {
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-c", "import sys, json, aisdisk\n" + script]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "PYTHONPATH": root.appending(path: "Tools").path, "PYTHONDONTWRITEBYTECODE": "1",
        ]) { $1 }
        let file = FileManager.default.temporaryDirectory.appending(path: "aismove-\(UUID().uuidString)")
        try Data(input).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try JSONValue.parse(Array(answer))
    }

    @Test func readsOurLOMs() throws {
        let loms = [
            LOM(checksumType: .xxhash2, checksumValue: "971bf0d51f46f902", version: "1", size: 14_888_894),
            LOM(
                checksumType: .sha256, checksumValue: String(repeating: "ab", count: 32), size: .max,
                copies: ["/ais/mp1/@ais/b/%ob/ü", "/ais/mp2/@ais/b/%ob/ü"], lid: 1 << 63 | 1 << 60 | 7, flags: 1,
                custom: [
                    CustomKeys.source: "web", CustomKeys.etag: "x\"y", CustomKeys.originalURL: "http://h/ü",
                    "empty": "",
                ]),
            LOM(checksumType: .none, checksumValue: "", size: 0),
        ]
        let lines = try loms.map { Hex.encode(try $0.encoded()) }.joined(separator: "\n")
        let script = """
            out = []
            for line in sys.stdin.read().split():
                o = aisdisk.lom_unpack(bytes.fromhex(line))
                o['copies'] = [c.decode() for c in o.get('copies', [])]
                out.append(o)
            print(json.dumps(out))
            """
        let decoded = try #require(try Self.ask(script, input: Array(lines.utf8)).array)
        #expect(decoded.count == loms.count)
        for (theirs, ours) in zip(decoded, loms) {
            #expect(theirs["ok"] == true && theirs["metaver"] == 2 && theirs["cktype"] == 1)
            #expect(theirs["cksum_type"]?.string == ours.checksumType.rawValue)
            #expect(theirs["cksum_value"]?.string == ours.checksumValue)
            #expect(theirs["version"]?.string == ours.version)
            #expect(theirs["size"]?.integer == ours.size)
            #expect(theirs["lid"]?.unsigned == ours.lid)
            #expect(theirs["flags"]?.unsigned == ours.flags)
            #expect((theirs["copies"]?.array ?? []).compactMap(\.string) == ours.copies)
            #expect((theirs["custom"]?.object ?? [:]).compactMapValues(\.string) == ours.custom.dictionary)
        }
    }

    @Test func readsOurBMD() throws {
        var bmd = BMD(uuid: "Abcdefgh1")
        let web = try HTBucket.locate(url: "https://höst/dir%20x/f.tar")
        bmd.add(BucketRequest(web.bucket, originalURL: web.originalURL), created: 1_795_377_155_709_010_773)
        bmd.add(BucketRequest(try Bucket(provider: .ais, name: "b"), mirrorCopies: 3), created: 2)
        let decoded = try Self.ask(
            "print(json.dumps({k: v for k, v in aisdisk.jsp_read('/dev/stdin').items() if k not in ('raw', 'cksum')}))",
            input: bmd.encoded())
        #expect(decoded["ok"] == true && decoded["metaver"] == 2 && decoded["flags"] == 2)
        #expect(decoded["val"] == bmd.root)
        #expect(decoded["val"]?["version"] == "3")
    }

    /// And the other way: what the independent writer makes, compressed, reads here.
    @Test func weReadItsFiles() throws {
        let script = """
            v = {'uuid': 'gw1OWWdOt', 'version': '4', 'tmap': {'t1': {'daemon_id': 't1', 'flags': 4}}}
            lom = aisdisk.lom_pack(5, ('md5', 'ab'), '2', {'k': 'v'}, ['/a', '/b'], 3, 1)
            print(json.dumps([aisdisk.jsp_bytes(v, 2).hex(), lom.hex()]))
            """
        let answer = try Self.ask(script, input: [])
        let smap = try Smap(decoding: try #require(Hex.decode(answer[0]?.string ?? "")), path: "x")
        #expect(smap.uuid == "gw1OWWdOt" && smap.targets.count == 1 && smap.activeTargets.isEmpty)
        let lom = try LOM(decoding: try #require(Hex.decode(answer[1]?.string ?? "")))
        #expect(
            lom
                == LOM(
                    checksumType: .md5, checksumValue: "ab", version: "2", size: 5, copies: ["/a", "/b"], lid: 3,
                    flags: 1, custom: ["k": "v"]))
    }
}
