import Testing

@testable import Backends

@Suite struct AnswerWrongContentTests {
    private func isWrong(_ name: String, _ type: String?, _ body: [UInt8]) -> Bool {
        let answer = type.map { head(200, ["Content-Type": $0]) } ?? head()
        return WrongContent.reason(name: name, head: answer, firstBytes: body.span.bytes) != nil
    }

    private static let page = Array("\r\n<!DOCTYPE html><html><title>404</title></html>".utf8)
    private static let json = Array("{\"error\": \"not found\"}".utf8)
    private static let xml = Array("\u{FEFF}<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>".utf8)
    private static let list = Array("[\"no\"]".utf8)

    @Test(arguments: [
        "a.tar", "x/y/A.TAR", "a.tar.gz", "a.tgz", "a.tar.zst", "a.tar.lz4", "a.zip", "a.json.gz", "a.jpg", "a.JPEG",
        "a.npz", "a.parquet", "a.html.tar", ".tar",
    ])
    func pagesUnderBinaryNames(name: String) {
        for body in [Self.page, Self.json, Self.xml, Self.list] {
            for type in ["text/html; charset=utf-8", "application/json", "application/octet-stream", nil] {
                #expect(isWrong(name, type, body))
            }
        }
    }

    @Test(arguments: [
        "a.json", "a.html", "a.htm", "a.xml", "a.txt", "a", "a.cls", "a.tar.json", "a.tar/x", "tar", "a.", "", "a.csv",
        "a.tar.sha256", "a.md", "a.jsonl", "a.svg", "a.000",
    ])
    func namesThatMayBeText(name: String) {
        for body in [Self.page, Self.json, Self.xml, Self.list] { #expect(!isWrong(name, "text/html", body)) }
    }

    @Test(arguments: ["<a>.tar", "{0}/x.jpg", "[0001].jpg", "train/0.jpg"])
    func realTarsAreAccepted(firstMember: String) {
        var tar = Array(firstMember.utf8)
        tar += [UInt8](repeating: 0, count: 512 - tar.count)
        for type in ["text/html", "application/json", "application/x-tar", nil] {
            #expect(!isWrong("a.tar", type, tar))
        }
    }

    @Test func binaryBytesAreAcceptedWhateverTheyAreCalled() {
        #expect(!isWrong("a.tar.gz", "text/html", [0x1F, 0x8B, 8, 0]))
        #expect(!isWrong("a.jpg", "text/html", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16]))
        #expect(!isWrong("a.zip", "application/json", [0x50, 0x4B, 3, 4]))
    }

    @Test func plainTextIsWrongOnlyWhereTheServerCallsItAPage() {
        let text = Array("Not Found".utf8)
        #expect(isWrong("a.jpg", "text/html", text))
        #expect(isWrong("a.jpg", "application/problem+json", text))
        #expect(!isWrong("a.jpg", "text/plain", text))
        #expect(!isWrong("a.tar", "text/html", text))  // the tar check's
        #expect(!isWrong("a.jpg", "text/html", []))
        #expect(!isWrong("a.jpg", "text/html", Array("  \n".utf8)))
    }

    @Test func onlyTheFirstBytesDecide() {
        let long = Array("<html>".utf8) + [UInt8](repeating: 0x20, count: 1000) + [0]
        #expect(isWrong("a.tar", nil, long))
    }

    @Test func theReasonNamesWhatCame() throws {
        let reason = WrongContent.reason(
            name: "d/a.tar.gz", head: head(200, ["Content-Type": "Text/HTML;x=y"]), firstBytes: Self.page.span.bytes)
        #expect(
            reason
                == "wrong content: the answer begins like an HTML or XML page (Content-Type text/html), "
                + "not like a .tar.gz file")
    }
}
