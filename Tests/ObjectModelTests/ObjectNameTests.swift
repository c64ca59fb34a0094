import ObjectModel
import Testing

struct ObjectNameTests {
    static let longest = String(repeating: "d/", count: 1_535) + "ab"

    @Test(arguments: [
        "a", "a/b", "with space & üñï.tar", ".hidden", "...", "a/b..", "~", "a~b", "~a/b", "%", "-rf", "a\\b", "*",
        String(repeating: "x", count: 255) + "/x", "d/" + String(repeating: "x", count: 300), longest, "a\u{80}",
    ])
    func accepts(_ name: String) throws {
        try ObjectName.validate(name)
        #expect(try ObjectName.validate(Array(name.utf8)) == name)
    }

    @Test(arguments: [
        "", "/", "/a", "a/", "//", "a//b", ".", "..", "a/.", "a/..", "./a", "../a", "a/./b",
        "a/../b", "a/.../b", "../../etc/passwd", "~/a", "a/~/b", "a~/b", "a../b", "a\u{0}b", "\u{1}", "a\nb", "a\u{1f}",
        "a\u{7f}b", "\t",
        String(repeating: "x", count: 256) + "/x", "a/" + String(repeating: "y", count: 300) + "/b",
        String(repeating: "é", count: 128) + "/x", longest + "c",
    ])
    func refuses(_ name: String) {
        #expect(throws: NameError.self) { try ObjectName.validate(name) }
    }

    @Test(
        arguments: [[0xff], [0x61, 0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf4, 0x90, 0x80, 0x80]] as [[UInt8]])
    func refusesInvalidUTF8(_ bytes: [UInt8]) {
        #expect(throws: NameError.self) { try ObjectName.validate(bytes) }
    }

    @Test func anErrorIsSafeToPrint() {
        let error = NameError("a\u{1b}[2J\u{202e}\n" + String(repeating: "x", count: 500), "is odd")
        #expect(error.description.hasPrefix("\"a\\u{1b}[2J\\u{202e}\\u{a}x"))
        #expect(error.description.utf8.count < 300)
    }
}
