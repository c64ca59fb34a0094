import Backends
import Testing

/// Answers in XML, right and hostile.
@Suite struct XMLReaderTests {
    /// Every element with text as `path=text`.
    static func leaves(_ text: String) throws -> [String] {
        var reader = try XMLReader(Array(text.utf8))
        var found: [String] = []
        func walk(_ path: String) throws {
            while let name = try reader.child() {
                if name == "list" {
                    try walk("\(path)/\(name)")
                } else {
                    found.append("\(path)/\(name)=\(try reader.text())")
                }
            }
        }
        try walk(try reader.root())
        try reader.finish()
        return found
    }

    @Test func readsWhatServersSend() throws {
        let text = """
            \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment --><s3:Result xmlns="http://s3/" a='1' >
              <Key>a &amp; b&#xfc;&#10;&lt;</Key><Size >12</Size >
              <Empty/><list><Key><![CDATA[<raw>&amp;]]></Key><x:Key>日本</x:Key></list><list/>
            </s3:Result> <!-- end -->
            """
        #expect(
            try Self.leaves(text) == [
                "Result/Key=a & bü\n<", "Result/Size=12", "Result/Empty=", "Result/list/Key=<raw>&amp;",
                "Result/list/Key=日本",
            ])
    }

    @Test func readsAttributes() throws {
        var reader = try XMLReader(Array("<a><Name Encoded=\"true\" x='&quot;'>n</Name></a>".utf8))
        _ = try reader.root()
        #expect(try reader.child() == "Name")
        #expect(try reader.attribute("Encoded") == "true")
        #expect(try reader.attribute("x") == "\"")
        #expect(try reader.attribute("none") == nil)
        #expect(try reader.text() == "n")
        #expect(try reader.child() == nil)
    }

    @Test(arguments: [
        "", "no element", "<a>", "<a", "<a/", "<a></b>", "<a></ab>", "</a>", "<a/><b/>", "<a/>text", "<a b></a>",
        "<a b=c/>", "<1/>", "<a><!--</a>", "<a>&lol;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#+9;</a>",
        "<a>&amp</a>", "<a><b>&</b></a>", "<a><Key>x<y/></Key></a>", "<a><Key><![CDATA[x</Key></a>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a/>", "<a><!ELEMENT b></a>", "<a><Key>",
        String(repeating: "<list>", count: 65) + String(repeating: "</list>", count: 65),
        "<" + String(repeating: "a", count: 257) + "/>",
    ]) func refuses(text: String) {
        #expect(throws: XMLError.self) { try Self.leaves(text.hasPrefix("<a>&") ? "<r>\(text)</r>" : text) }
    }

    @Test func refusesEveryTruncation() {
        let text = "<r><list><Key>a&amp;b</Key><Size>1</Size></list><Empty a='b'/></r>"
        for length in 0..<text.count {
            #expect(throws: XMLError.self) { try Self.leaves(String(text.prefix(length))) }
        }
    }

    @Test func refusesBytesThatAreNoText() throws {
        var reader = try XMLReader(Array("<r><Key>".utf8) + [0xC3] + Array("</Key></r>".utf8))
        _ = try reader.root()
        _ = try reader.child()
        #expect(throws: XMLError.self) { try reader.text() }
        #expect(throws: XMLError.self) { try XMLReader(Array("<r/>".utf8), maxBytes: 3) }
    }

    @Test func skipsWholeElements() throws {
        var reader = try XMLReader(Array("<r><a><b>x</b><c/></a><Key>k</Key></r>".utf8))
        _ = try reader.root()
        #expect(try reader.child() == "a")
        try reader.skip()
        #expect(try reader.child() == "Key")
        #expect(try reader.text() == "k")
        #expect(try reader.child() == nil)
        try reader.finish()
    }
}
