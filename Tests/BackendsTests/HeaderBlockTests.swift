import Testing

@testable import Backends

/// Header lines taken apart as they come.
@Suite struct HeaderBlockTests {
    private func block(_ lines: String...) -> HeaderBlock {
        var block = HeaderBlock()
        for line in lines { add(Array(line.utf8), to: &block) }
        return block
    }

    private func add(_ line: [UInt8], to block: inout HeaderBlock) {
        let fits = block.append(line)
        #expect(fits)
    }

    private func answer(_ block: HeaderBlock) -> HTTPResponseHead? { block.head(url: "http://h/", redirects: 0) }

    @Test func fieldsKeepTheirOrderAndLoseTheirBlanks() throws {
        let block = block("HTTP/1.1 200 OK\r\n", "B:  x y \t\r\n", "a:\r\n", "b: 2\r\n", "c:3\n", "\r\n")
        let head = try #require(answer(block))
        #expect(block.isComplete && head.status == 200 && head.httpVersion == "1.1")
        #expect(head.headers.fields.map { "\($0.name)=\($0.value)" } == ["B=x y", "a=", "b=2", "c=3"])
        #expect(head.headers["b"] == "x y" && head.headers.all("B") == ["x y", "2"])
        #expect(head.headers["A"] == "" && head.headers["d"] == nil && head.headers.contains("C"))
    }

    @Test func whatIsNoFieldIsLeftOut() throws {
        let block = block("HTTP/2 204\r\n", "no colon\r\n", ": no name\r\n", "bad name: 1\r\n", "ok: 1\r\n", "\r\n")
        #expect(try #require(answer(block)).headers == HTTPHeaders([HTTPHeader("ok", "1")]))
    }

    @Test func foldedLinesContinueTheOneBefore() throws {
        let folded = block("HTTP/1.1 200 OK\r\n", "a: 1\r\n", "\t 2 \r\n", "  \r\n", " 3\r\n", "b: 4\r\n", "\r\n")
        #expect(try #require(answer(folded)).headers.fields.map(\.value) == ["1 2 3", "4"])
        let ignored = block("HTTP/1.1 200 OK\r\n", "a: 1\r\n", "bad name: 2\r\n", " 3\r\n", "\r\n")
        #expect(try #require(answer(ignored)).headers.fields.map(\.value) == ["1"])
        let first = block("HTTP/1.1 200 OK\r\n", " 1\r\n", "a: 2\r\n", "\r\n")
        #expect(try #require(answer(first)).headers.fields.map(\.value) == ["2"])
    }

    @Test func onlyTheLastAnswerCounts() throws {
        var block = block("HTTP/1.1 100 Continue\r\n", "a: 1\r\n", "\r\n", "HTTP/1.1 404 Gone\r\n", "b: 2\r\n")
        #expect(!block.isComplete && answer(block)?.status == 404)
        for line in ["\r\n", "trailer: 3\r\n"] { add(Array(line.utf8), to: &block) }
        #expect(block.isComplete && answer(block)?.headers == HTTPHeaders([HTTPHeader("b", "2")]))
        block.reset()
        #expect(block.isEmpty && !block.isComplete && answer(block) == nil)
    }

    @Test(arguments: ["ICY 200 OK\r\n", "HTTP/1.1\r\n", "HTTP/1.1 \r\n", "HTTP/1.1 99 x\r\n", "HTTP/1.1 x\r\n", "\r\n"])
    func whatDoesNotBeginAsAnAnswerIsNone(_ line: String) {
        #expect(answer(block(line, "a: 1\r\n", "\r\n")) == nil)
    }

    @Test func theEncodingRulesOverTheLength() throws {
        let block = block(
            "HTTP/1.1 200 OK\r\n", "content-length: 5\r\n", "Transfer-Encoding: chunked\r\n", "\r\n")
        let head = try #require(answer(block))
        #expect(head.contentLength == nil && head.headers["transfer-encoding"] == "chunked")
        let identity = self.block(
            "HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: Identity\r\n", "\r\n")
        #expect(try #require(answer(identity)).contentLength == 5)
    }

    @Test func bytesThatAreNoTextBecomeText() throws {
        var block = block("HTTP/1.1 200 OK\r\n")
        for line: [UInt8] in [[0x61, 0x3A, 0x20, 0xFF, 0x62, 0x0D, 0x0A], [0x0A]] { add(line, to: &block) }
        #expect(try #require(answer(block)).headers["a"] == "\u{FFFD}b")
    }
}
