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

    @Test(arguments: ["index-nginx.html", "index-nginx.json", "index-apache-table.html", "index-caddy.html"])
    func mutatedIndexPages(file: String) throws {
        let page = try indexFixture(file)
        let opening = file.hasSuffix("json") ? "[{\"name\":\"" : "<title>Index of /set/</title>"
        var read = 0
        let failure = Fuzz.failure(seed: 2) { _, random in
            let start = Int.random(in: 0..<page.count, using: &random)
            let piece = random.mutated(
                Array(opening.utf8) + page[start..<min(page.count, start + 500)], fragments: Self.fragments)
            guard let listing = try? IndexPage.parse(body: piece, contentType: nil, pageURL: "https://h/set/") else {
                return nil
            }
            read += 1
            for entry in listing.entries {
                if entry.name.isEmpty || entry.name == "." || entry.name == ".." || entry.name.utf8.contains(0x2F) {
                    return "a name that is no file's: \(entry.name)"
                }
                if let size = entry.size, size < 0 { return "a size of \(size)" }
                if !entry.url.hasPrefix("https://h/set/") { return "leads to \(entry.url)" }
            }
            return listing.entries.count > piece.count ? "more entries than bytes" : nil
        }
        #expect(failure == nil)
        #expect(read > 0)
    }

    @Test func mutatedHeaderValues() throws {
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
        let failure = Fuzz.failure(seed: 3) { round, random in
            let original = Array(values[round % values.count].utf8)
            let value = String(decoding: random.mutated(original, fragments: Self.fragments), as: UTF8.self)
            let status = [200, 206, 304, 416, 503][round % 5]
            let answer = HTTPResponseHead(
                status: status, headers: HTTPHeaders(fields.map { HTTPHeader($0, value) }), url: value)
            switch backend.answer(answer, to: request, resume: resume, now: Double(round)) {
            case .body(let total?, _, _) where total < 0: return "a body of \(total) bytes"
            case .partial(let first, _, _, _) where first > 100: return "a gap up to byte \(first)"
            default: break
            }
            _ = CustomMetadata.http(answer, originalURL: value, into: .ais)
            _ = HTTPDate.parseRFC3339(value)
            _ = WrongContent.reason(name: value, head: answer, firstBytes: Array(value.utf8).span.bytes)
            _ = try? IndexPage.parse(body: Array(value.utf8), contentType: value, pageURL: value)
            return nil
        }
        #expect(failure == nil)
    }

    @Test func largePagesTakeLinearTime() throws {
        for piece in ["<", "<a ", "<a href=\"", "<!-", "<!--", "&", "<script>", "<a href=x>1-1-1 1:1 1 ", "'\"=", "</"]
        {
            let body = Array("<title>Index of /</title>".utf8) + Array(String(repeating: piece, count: 30_000).utf8)
            _ = try IndexPage.parse(body: body, contentType: "text/html", pageURL: "https://h/")
        }
    }
}
