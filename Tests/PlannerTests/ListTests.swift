import Foundation
import TestSupport
import Testing

@testable import Planner

private let md5 = String(repeating: "a1", count: 16)
private let sha256 = String(repeating: "b2", count: 32)
private let sha512 = String(repeating: "c3", count: 64)

@Suite struct ListTests {
    private func read(_ text: String, base: String? = nil, name: String = "l", chunk: Int = 7) throws -> [ListedItem] {
        var rest = Array(text.utf8)[...]
        let reader = ListReader(name: name, base: base) {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(chunk) }
            return Array(rest.prefix(chunk))
        }
        var items: [ListedItem] = []
        while let item = try reader.next() { items.append(item) }
        return items
    }

    private func shown(_ item: ListedItem) -> String {
        let digests = item.digests.map { "\($0.digest.algorithm.rawValue):\($0.digest.hex.prefix(4)):\($0.origin)" }
        return [item.url, item.name ?? "-", item.size.map(String.init) ?? "-", digests.joined(separator: "+")]
            .joined(separator: " ")
    }

    @Test(arguments: [
        (
            "# c\n\n  https://h/a b.tar \r\nHTTP://h/ü?x={1..2}\n",
            ["https://h/a%20b.tar - - ", "HTTP://h/%C3%BC?x=%7B1..2%7D - - "]
        ),
        ("\u{feff}https://h/a#frag", ["https://h/a - - "]), ("", []), ("\n# nothing\n", []),
        ("[]", []), ("{}", []), ("[\"https://h/a\"]\n", ["https://h/a - - "]),
        (
            "# c\n [\"https://h/\\u00fc\\ud83d\\ude00\", {\"url\":\"https://h/b\",\"name\":\"n\",\"size\":5,\"digest\":[\"md5:\(md5)\",\"\(sha256)\"]}]",
            ["https://h/%C3%BC%F0%9F%98%80 - - ", "https://h/b n 5 md5:a1a1:l+sha256:b2b2:l"]
        ),
        (
            "{\"z\": \"https://h/1\", \"a\": {\"url\": \"https://h/2\", \"size\": \"7\", \"digest\": null}}",
            ["https://h/1 z - ", "https://h/2 a 7 "]
        ),
        (
            "{\"url\": \"https://h/1\"}\n{\"name\":\"n\", \"url\": \"https://h/2\", \"sha256\": \"\(sha256)\"}\n\n",
            ["https://h/1 - - ", "https://h/2 n - sha256:b2b2:l"]
        ),
        (
            "URL, Name ,size,digest\nhttps://h/1,n,5,md5:\(md5)\r\n\"https://h/2\",\"a \"\"b\"\",\nc\",,\nhttps://h/3,,,\(sha512)",
            ["https://h/1 n 5 md5:a1a1:l", "https://h/2 a \"b\",\nc - ", "https://h/3 - - sha512:c3c3:l"]
        ),
        ("# c\nname\turl\tcrc32c\nn\thttps://h/1\tAAAAAA==\n", ["https://h/1 n - crc32c:0000:l"]),
        ("url\nhttps://h/1\n\nhttps://h/2", ["https://h/1 - - ", "https://h/2 - - "]),
    ])
    func formats(_ text: String, _ expected: [String]) throws {
        for chunk in [1, 7, 100_000] {
            #expect(try read(text, chunk: chunk).map(shown) == expected)
        }
    }

    @Test func checksumLists() throws {
        let text = """
            # made by hand
            \(sha256)  train 1.tar
            \(md5.uppercased()) *./sub/b#?.tar
            SHA512 (c (1).tar) = \(sha512)
            \\\(sha256)  a\\\\b\\nc

            """
        #expect(
            try read(text, base: "https://h/d", name: "/x/SHA256SUMS").map(shown) == [
                "https://h/d/train%201.tar train 1.tar - sha256:b2b2:SHA256SUMS",
                "https://h/d/sub/b%23%3F.tar sub/b#?.tar - md5:a1a1:SHA256SUMS",
                "https://h/d/c%20(1).tar c (1).tar - sha512:c3c3:SHA256SUMS",
                "https://h/d/a%5Cb%0Ac a\\b\nc - sha256:b2b2:SHA256SUMS",
            ])
        #expect(
            try read("a.tar\nsub/b.tar\n", base: "https://h/d/").map(\.url) == [
                "https://h/d/a.tar", "https://h/d/sub/b.tar",
            ])
        #expect(throws: ListError.self) { try read(text) }
        #expect(throws: ListError.self) { try read("\(sha512)  a", base: "https://h/", name: "B2SUMS") }
        #expect(throws: ListError.self) { try read("BLAKE2b (a) = \(sha512)", base: "https://h/") }
    }

    @Test(arguments: [
        ("hello", "l:1: expected an http"), ("# c\n\nhello\n", "l:3: expected an http"),
        ("https://h/a\nhello", "l:2: expected an http"), ("s3://b/a", "not s3://"), ("https://h/a\ns3://b/a\n", "l:2:"),
        ("[\"https://h/a\"", "l:1: expected ','"), ("[\n\"https://h/a\",\n]", "l:3: expected a URL"),
        ("[1]", "expected a URL"),
        ("[\"https://h/a\"] x", "nothing behind"),
        ("[{\"url\":\"https://h/a\",\"sise\":1}]", "unknown key \"sise\"; known: url"),
        ("[{\"url\":\"https://h/a\",\"url\":\"x\"}]", "twice"), ("[{\"name\":\"a\"}]", "expected a URL"),
        ("[\"\\ud800x\"]", "surrogate"), ("[\"\\q\"]", "unknown escape"), ("[\"a\nb\"]", "line end"),
        ("[\"a", "not closed"),
        ("{\"a\":{\"url\":\"https://h/a\",\"name\":\"b\"}}", "twice"), ("{\"a\" \"b\"}", "':'"),
        ("url,size\nhttps://h/a,x\n", "l:2: size \"x\""), ("url,size\nhttps://h/a,-1\n", "size"),
        ("url,size\nhttps://h/a,99999999999999999999\n", "size"), ("url,size\nhttps://h/a\n", "l:2: expected 2 fields"),
        ("url,label\nx,y", "l:1: unknown column \"label\"; known: url"), ("url,url\n", "twice"),
        ("url,name\n\"https://h/a", "not closed"), ("url,name\n\"https://h/a\"x,b", "separator"),
        ("url,digest\nhttps://h/a,abcd\n", "l:2: \"abcd\" does not tell"),
        ("url,digest\nhttps://h/a,00000000\n", "crc32c:"),
        ("url,digest\nhttps://h/a,foo:00\n", "unknown digest \"foo\"; known: xxhash"),
        ("url,md5\nhttps://h/a,\(sha256)\n", "is not a md5 digest"),
    ])
    func refused(_ text: String, _ reason: String) {
        let error = #expect(throws: ListError.self) { try read(text) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        "\(md5)\(md5)zz  a", "\(sha256) a", "\(sha256)  ", "\(String(repeating: "0", count: 56))  a", "x",
    ])
    func refusedChecksumLines(_ line: String) {
        let error = #expect(throws: ListError.self) { try read("\(md5)  a\n\(line)\n", base: "https://h/") }
        #expect(error?.line == 2)
    }

    @Test func aNameThatIsNoTextIsItsOwnTroubleOnly() throws {
        let reader = ListReader(
            name: "l", bytes: Array("https://h/a".utf8) + [0xff, 0x0a] + Array("https://h/b\n".utf8))
        #expect(try reader.next()?.defect != nil)
        #expect(try reader.next()?.defect == nil)
    }

    @Test func aHundredThousandLines() throws {
        var line = 0
        let reader = ListReader(name: "l") {
            guard line < 100_000 else { return nil }
            line += 1
            return Array("https://h/dir/shard-\(line).tar\n".utf8)
        }
        let source = try SourceSpec(from: "l", to: "ais://b").understand()
        let sequence = ShardSequence([source], readers: [0: reader])
        var count = 0
        while let shard = try sequence.next() {
            if shard.decision != nil || shard.index != count { break }
            count += 1
        }
        #expect(count == 100_000)
    }

    @Test func digestLists() throws {
        var list = DigestList()
        try list.add(
            ListReader(name: "MD5SUMS", base: "https://h/", bytes: Array("\(md5)  a/b\n".utf8)), file: "MD5SUMS")
        try list.add(ListReader(name: "S", bytes: Array("url,digest\nhttps://h/x%20y?k,\(sha256)\n".utf8)), file: "S")
        try list.add(ListReader(name: "S", base: "https://h/", bytes: Array("\(sha256)  a/b\n".utf8)), file: "S")
        #expect(list.count == 2 && list["a/b"].count == 2 && list["x y"].count == 1 && list["b"].isEmpty)
        let other = ListReader(
            name: "T", base: "https://h/", bytes: Array("\n\(sha256.replacing("b2", with: "b3"))  a/b\n".utf8))
        let error = #expect(throws: ListError.self) { try list.add(other, file: "T") }
        #expect(error?.line == 2)
    }

    @Test func mutatedListsAreReadOrRefused() {
        let seeds = [
            "https://h/a\n# c\nhttps://h/b c\n",
            "[\"https://h/a\", {\"url\":\"https://h/b\",\"size\":5,\"digest\":[\"md5:\(md5)\"]}]",
            "{\"z\": \"https://h/1\", \"a\": {\"url\": \"https://h/2\"}}",
            "{\"url\": \"https://h/1\"}\n{\"url\": \"https://h/2\"}",
            "url,name,size,digest\nhttps://h/1,\"n\",5,md5:\(md5)\n",
            "\(sha256)  a\nSHA256 (b) = \(sha256)\n\\\(md5)  a\\nb\n",
        ].map { Array($0.utf8) }
        let alphabet = Array("\"\\,:[]{}\n\r\t #*()=019az/\u{0}\u{e4}".utf8) + [0xff]
        var (read, refused) = (0, 0)
        let failure = Fuzz.failure(seed: 41) { number, random in
            let bytes = random.mutated(seeds[number % seeds.count], alphabet: alphabet)
            let lines = bytes.count { $0 == 0x0a || $0 == 0x0d } + 1
            let reader = ListReader(name: "l", base: number % 4 < 2 ? "https://h/" : nil, bytes: bytes)
            do throws(ListError) {
                var count = 0
                while let item = try reader.next() {
                    count += 1
                    if count > bytes.count { return "more entries than bytes" }
                    if !(1...lines).contains(item.line) { return "line \(item.line) of \(lines)" }
                    if let size = item.size, size < 0 { return "a size of \(size)" }
                    if item.defect == nil, item.url.isEmpty { return "an entry without URL" }
                }
                read += 1
            } catch {
                refused += 1
                if error.file != "l" || !(0...lines).contains(error.line) || error.reason.isEmpty {
                    return "an error that names no place: \(error)"
                }
            }
            return nil
        }
        #expect(failure == nil)
        #expect(read > 0 && refused > 0)
    }

    @Test func mutatedListsBecomePlansOrErrors() throws {
        let seed = Array("url,name,size,digest\nhttps://h/1,\"n\",5,md5:\(md5)\nhttps://h/2,m,6,md5:\(md5)\n".utf8)
        let alphabet = Array("\"\\,:\n\r\t #*019az/.%\u{0}\u{e4}".utf8) + [0xff]
        let source = try SourceSpec(from: "l", to: "ais://b/sub").understand()
        var planned = 0
        let failure = Fuzz.failure(seed: 42) { _, random in
            let bytes = random.mutated(seed, alphabet: alphabet)
            let sequence = ShardSequence([source], readers: [0: ListReader(name: "l", bytes: bytes)])
            var names: Set<String> = []
            while let shard = try? sequence.next() {
                if shard.decision != nil { continue }
                planned += 1
                if !shard.object.hasPrefix("sub/") || shard.object.contains("/../") { return "goes to \(shard.object)" }
                if !names.insert(shard.object).inserted { return "two shards of one name: \(shard.object)" }
            }
            return nil
        }
        #expect(failure == nil)
        #expect(planned > 0)
    }
}
