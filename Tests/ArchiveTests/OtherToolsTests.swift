import Foundation
import TestSupport
import Testing

@testable import Archive

/// Tars as GNU tar, bsdtar and Python write them, all to be found whole, with the members that Python finds.
@Suite struct OtherToolsTests {
    struct Listed: Decodable, Equatable {
        let name: String
        let kind: String
        let offset: Int64?
        let size: Int64?
    }

    private static let list = """
        import json, sys, tarfile
        out = []
        for m in tarfile.open(sys.argv[1], ignore_zeros=True, errorlevel=2):
            kind = ('hard link' if m.islnk() else 'symbolic link' if m.issym() else 'directory' if m.isdir()
                    else 'fifo' if m.isfifo() else 'sparse file' if m.issparse() else 'file')
            plain = kind == 'file'
            out.append({'name': m.name, 'kind': kind, 'offset': m.offset_data if plain else None,
                        'size': m.size if plain else None})
        print(json.dumps(out))
        """

    private static let pack = """
        import sys, tarfile
        formats = {'ustar': tarfile.USTAR_FORMAT, 'gnu': tarfile.GNU_FORMAT, 'pax': tarfile.PAX_FORMAT}
        with tarfile.open(sys.argv[2], 'w', format=formats[sys.argv[1]]) as tar:
            for path in sys.argv[3:]:
                tar.add(path)
        """

    /// What there is to pack; `long` only where the format can hold it.
    private static func tree() throws -> ScratchDirectory {
        let scratch = try TestSupport.scratch("tree")
        var random = SeededGenerator(state: 4)
        try scratch.write("plain/empty", "")
        try scratch.write("plain/hello.txt", "hello world")
        try scratch.write("plain/block", Data(random.bytes(512)))
        try scratch.write("plain/big.bin", Data(random.bytes(70_001)))
        try scratch.write("plain/sub/dir/größe 日本.txt", Data(random.bytes(1500)))
        try scratch.write("plain/zeros", Data(count: 5000))
        let files = FileManager.default
        try files.createSymbolicLink(atPath: scratch.path + "/plain/link", withDestinationPath: "hello.txt")
        try files.linkItem(atPath: scratch.path + "/plain/big.bin", toPath: scratch.path + "/plain/hard.bin")
        let component = String(repeating: "long", count: 30)
        try scratch.write("split/\(component.prefix(80))/\(component.prefix(60))/x.bin", Data(random.bytes(700)))
        try Tools.run(["mkfifo", scratch.path + "/split/fifo"])
        try scratch.write("long/\(component).jpg", Data(random.bytes(900)))
        try scratch.write("long/\(component)/\(component)/\(component).cls", Data(random.bytes(10)))
        try files.createSymbolicLink(
            atPath: scratch.path + "/long/link", withDestinationPath: "\(component)/\(component)/\(component).cls")
        try Tools.run(["sh", "-c", sparse], in: scratch.path)
        return scratch
    }

    /// A file with so many pieces that its map needs extension blocks.
    private static let sparse = """
        mkdir sparse && truncate -s 12M sparse/holes && for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 \
        21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39; do
        printf piece$i | dd of=sparse/holes bs=1 seek=$((i * 262144 + 100)) conv=notrunc 2>/dev/null; done
        printf after > sparse/small
        """

    private static func tars() throws -> [(label: String, path: String)] {
        var made: [(String, String)] = []
        func make(_ label: String, _ arguments: (String) -> [String]) throws {
            let path = folder.path + "/" + label.replacing(" ", with: "_") + ".tar"
            try Tools.run(arguments(path), in: folder.path)
            made.append((label, path))
        }
        let plain = ["plain"]
        let split = plain + ["split"]
        let all = split + ["long"]
        for (format, content) in [("v7", plain), ("ustar", split), ("oldgnu", all), ("gnu", all), ("posix", all)] {
            try make("gnu tar \(format)") { ["tar", "--format=\(format)", "-cf", $0] + content }
        }
        try make("gnu tar gnu sparse") { ["tar", "--format=gnu", "--sparse", "-cf", $0, "sparse", "plain"] }
        try make("gnu tar oldgnu sparse") { ["tar", "--format=oldgnu", "-S", "-cf", $0, "sparse", "plain"] }
        for version in ["0.0", "0.1", "1.0"] {
            try make("gnu tar posix sparse \(version)") {
                ["tar", "--format=posix", "-S", "--sparse-version=\(version)", "-cf", $0, "sparse", "plain"]
            }
        }
        try make("gnu tar blocking 1") { ["tar", "-b1", "-cf", $0] + all }
        try make("gnu tar blocking 20") { ["tar", "-b20", "-cf", $0] + all }
        try make("gnu tar incremental") { ["tar", "-G", "-cf", $0] + all }
        try make("gnu tar label") { ["tar", "-V", "label", "-cf", $0] + all }
        for (format, content) in [("v7tar", plain), ("ustar", split), ("gnutar", all), ("pax", all)] {
            try make("bsdtar \(format)") { ["bsdtar", "--format=\(format)", "-cf", $0] + content }
        }
        for (format, content) in [("ustar", split), ("gnu", all), ("pax", all)] {
            try make("python \(format)") { [TestSupport.python, "-c", pack, format, $0] + content }
        }
        return made
    }

    private static let folder: ScratchDirectory = {
        do { return try tree() } catch { preconditionFailure("no test tree: \(error)") }
    }()

    @Test func everyToolsTarsAreWholeAndHoldWhatPythonFinds() throws {
        for (label, path) in try Self.tars() {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            let expected = try JSONDecoder().decode(
                [Listed].self, from: Data(try Tools.run([TestSupport.python, "-c", Self.list, path])))
            let members = try Walking.members(bytes)
            let found = members.map { member in
                let name = member.name.hasSuffix("/") ? String(member.name.dropLast()) : member.name
                let plain = member.kind == .file
                return Listed(
                    name: name, kind: member.kind.rawValue, offset: plain ? member.dataOffset : nil,
                    size: plain ? member.size : nil)
            }
            // Python takes a volume label and an incremental dump's folders for files.
            if !label.hasSuffix("label"), !label.hasSuffix("incremental") { #expect(found == expected, "\(label)") }
            #expect(found.count >= 3, "\(label)")
            let summary = try Walking.summary(bytes)
            #expect(summary.members == members.count)
            for size in [1, 511, 513, 4096] {
                #expect(try Walking.summary(bytes, pieces: size) == summary, "\(label) in pieces of \(size)")
                if size > 1 { #expect(try Walking.members(bytes, pieces: size) == members) }
            }
            let concatenated = try Walking.summary(bytes + bytes)
            #expect(concatenated.members == 2 * summary.members, "\(label) twice")
            #expect(try Walking.summary(bytes + [UInt8](repeating: 0, count: 1 << 20)) == summary)
        }
    }

    @Test func aisTarIsWhole() throws {
        let bytes = try Tools.fixture("ArchiveTests", "small.tar")
        #expect(try Walking.summary(bytes).members > 0)
    }
}
