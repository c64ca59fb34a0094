import TestSupport
import Testing

@testable import Backends

/// Whatever servers send, reading it ends, and ends in a value or an error.
@Suite struct AnswerMutationTests {
    private static let fragments = [
        "<a href=\"", "\">", "</a>", "<", ">", "&amp;", "&#x", ";", "%2F", "%", "\"", "'", "<!--", "-->", "</html>",
        "<script>", "</script>", "<td data-size=\"", "=", "/", "[", "]", "{", "}", ":", ",", "\u{0}", "é", "..", "?C=",
        "99999999999999999999", "-", " ", "\n", "W/", "bytes ",
    ].map { Array($0.utf8) }

    private func mutated(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, at + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.removeSubrange(at..<end)
            case 1: bytes.insert(contentsOf: Self.fragments.randomElement(using: &random) ?? [], at: at)
            case 2: bytes.insert(contentsOf: bytes[at..<end], at: at)
            case 3: bytes.removeSubrange(at...)
            default:
                bytes.replaceSubrange(at..<end, with: (at..<end).map { _ in UInt8.random(in: 0...255, using: &random) })
            }
        }
        return bytes
    }

    @Test(arguments: ["index-nginx.html", "index-nginx.json", "index-apache-table.html", "index-caddy.html"])
    func indexPages(file: String) throws {
        var random = SeededGenerator(state: 2)
        let page = try indexFixture(file)
        for _ in 0..<2500 {
            let start = Int.random(in: 0..<page.count, using: &random)
            let isJSON = file.hasSuffix("json")
            let opening = isJSON ? "[{\"name\":\"" : "<title>Index of /set/</title>"
            let piece = mutated(Array(opening.utf8) + page[start..<min(page.count, start + 500)], &random)
            guard let listing = try? IndexPage.parse(body: piece, contentType: nil, pageURL: "https://h/set/") else {
                continue
            }
            for entry in listing.entries {
                #expect(
                    !entry.name.isEmpty && entry.name != "." && entry.name != ".." && !entry.name.utf8.contains(0x2F))
                #expect(entry.size.map { $0 >= 0 } ?? true)
                #expect(entry.url.hasPrefix("https://h/set/"))
            }
        }
    }

    @Test func headerValues() throws {
        var random = SeededGenerator(state: 3)
        let values = [
            "sha-256=:WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=:, md5=:sZRqySSS0jR8YjW00mERhA==:;a=\"b,\\\"\"",
            "crc32c=mnG7TA==,md5=sZRqySSS0jR8YjW00mERhA==", "W/\"65e70001-3039\"", "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT", "2024-03-05T12:00:01+01:00", "bytes 100-299/300", "120",
            "text/html; charset=utf-8", "https://user:pw@host:80/a/b?c#d",
        ]
        let fields = [
            "Repr-Digest", "Content-Digest", "Digest", "x-goog-hash", "x-amz-checksum-sha256", "Content-MD5", "ETag",
            "Last-Modified", "Content-Range", "Retry-After", "Content-Length", "Content-Type", "Content-Encoding",
            "Date",
        ]
        let resume = try #require(ResumePoint(keptBytes: 100, validator: Validator(etag: "65e70001-3039", length: 300)))
        let backend = HTTPBackend(etagIsMD5: true)
        let request = backend.objectRequest("https://h/a.tar", resume: resume)
        for round in 0..<10_000 {
            let value = String(decoding: mutated(Array(values[round % values.count].utf8), &random), as: UTF8.self)
            let status = [200, 206, 304, 416, 503][round % 5]
            let answer = HTTPResponseHead(
                status: status, headers: HTTPHeaders(fields.map { HTTPHeader($0, value) }), url: value)
            _ = backend.answer(answer, to: request, resume: resume, now: Double(round))
            _ = CustomMetadata.http(answer, originalURL: value, into: .ais)
            _ = HTTPDate.parseRFC3339(value)
            _ = WrongContent.reason(name: value, head: answer, firstBytes: Array(value.utf8).span.bytes)
            _ = try? IndexPage.parse(body: Array(value.utf8), contentType: value, pageURL: value)
        }
    }

    @Test func largePagesTakeLinearTime() throws {
        for piece in ["<", "<a ", "<a href=\"", "<!-", "<!--", "&", "<script>", "<a href=x>1-1-1 1:1 1 ", "'\"=", "</"]
        {
            let body = Array("<title>Index of /</title>".utf8) + Array(String(repeating: piece, count: 30_000).utf8)
            _ = try IndexPage.parse(body: body, contentType: "text/html", pageURL: "https://h/")
        }
    }
}
