import Hashing
import ObjectModel
import Testing

@testable import Planner

@Suite struct ShardSequenceTests {
    private func shards(_ sequence: ShardSequence) throws -> [PlannedShard] {
        var shards: [PlannedShard] = []
        while let shard = try sequence.next() { shards.append(shard) }
        return shards
    }

    private func list(_ text: String, to: String? = nil, include: [String] = []) throws -> ([Source], ListReader) {
        let source = try SourceSpec(from: "l", to: to, include: include).understand()
        return ([source], ListReader(name: "l", bytes: Array(text.utf8)))
    }

    @Test func theSecondOfTwoEqualNamesIsAConflict() throws {
        let (sources, reader) = try list("https://h/x/a\nhttps://h/y/a\nhttps://h/x/b\nhttps://h/x/a\n", to: "ais://b")
        let found = try shards(ShardSequence(sources, readers: [0: reader]))
        #expect(found.map { $0.decision == nil } == [true, false, true, false])
        guard case .conflict = found[1].decision else {
            Issue.record("\(found[1])")
            return
        }
        let (own, again) = try list("https://h/x/a\nhttps://h/y/a\nhttp://h/x/a?k\nhttps://h/x/a?k\n")
        let sequence = ShardSequence(own, readers: [0: again])
        #expect(try shards(sequence).map { $0.decision == nil } == [true, true, true, false])
        #expect(sequence.destinations.count == 3)
    }

    @Test func aListedNameThatARangeGivesIsAConflict() throws {
        for to in [nil, "ais://b"] {
            let (lists, reader) = try list("https://h/x/a-3\nhttps://h/x/a-30\n", to: to)
            let range = try SourceSpec("https://h/x/a-{0..9}", to: to).understand()
            let found = try shards(ShardSequence(lists + [range], readers: [0: reader]))
            #expect(found.count == 12)
            #expect(found[0].decision != nil && found[1].decision == nil)
            #expect(found.map(\.index) == Array(0..<12))
        }
    }

    @Test(arguments: [
        "..", "a/../b", "/a", "a//b", "a/", "a\u{1}b", "\(String(repeating: "x", count: 300))/a", "~/a", "a~/b",
    ])
    func hostileNamesAreRefused(_ name: String) throws {
        let json =
            "[{\"url\": \"https://h/x\", \"name\": \"\(name.replacing("\u{1}", with: "\\u0001"))\"}, \"https://h/ok\"]"
        let (sources, reader) = try list(json, to: "ais://b")
        let found = try shards(ShardSequence(sources, readers: [0: reader]))
        guard case .refused = found.first?.decision else {
            Issue.record("\(found)")
            return
        }
        #expect(found.count == 2 && found[1].decision == nil)
    }

    @Test(arguments: [
        "https://h/%2e%2e", "https://h/", "https://h", "https://h/a%00", "https://h/%zz", "https:///a", "https://h/%ff",
    ])
    func hostileURLsAreRefused(_ url: String) throws {
        for to in [nil, "ais://b"] {
            let (sources, reader) = try list("\(url)\nhttps://h/ok\n", to: to)
            let found = try shards(ShardSequence(sources, readers: [0: reader]))
            guard case .refused = found.first?.decision else {
                Issue.record("\(found)")
                return
            }
            #expect(found.count == 2 && found[1].decision == nil)
        }
    }

    @Test func aRangeOfTooLongNamesIsRefusedShardByShard() throws {
        let long = String(repeating: "x", count: 254)
        let source = try SourceSpec("https://h/d/\(long){9..10}/a-{0..0}", to: "ais://b").understand()
        let found = try shards(ShardSequence([source]))
        #expect(found.map { $0.decision == nil } == [true, false])
    }

    @Test func filtersAndDigests() throws {
        let spec = SourceSpec(
            "https://h/d{1..2}/a-{0..9}.tar", to: "ais://b/sub", include: ["a-[0-4]*"], exclude: ["**/d2/a-1.tar"])
        var digests = DigestList()
        let text = "\(String(repeating: "0", count: 32))  d1/a-2.tar\n"
        try digests.add(ListReader(name: "MD5SUMS", base: "https://h/", bytes: Array(text.utf8)), file: "MD5SUMS")
        let found = try shards(ShardSequence([try spec.understand()], digests: [0: digests]))
        #expect(found.count == 9)
        #expect(found.filter { !$0.digests.isEmpty }.map(\.object) == ["sub/d1/a-2.tar"])
        #expect(found.last?.position == 14 && found.last?.index == 8)
    }

    @Test func aListWithErrorsEndsTheSequence() throws {
        let (sources, reader) = try list("https://h/a\nnonsense\nhttps://h/b\n")
        let sequence = ShardSequence(sources, readers: [0: reader])
        #expect(try sequence.next() != nil)
        #expect(throws: PlanError.self) { try sequence.next() }
        #expect(try sequence.next() == nil)
    }

    @Test func anIndexPageIsTheCallersToRead() throws {
        let source = try SourceSpec("https://h/d/").understand()
        #expect(throws: PlanError.self) { try ShardSequence([source]).next() }
        let page = ListReader(
            name: "https://h/d/", known: KnownShards([ListedItem(url: "https://h/d/a%20b", name: "a b", size: 3)]))
        let found = try shards(ShardSequence([source], readers: [0: page]))
        #expect(found.map(\.object) == ["a b"] && found.first?.size == 3)
    }
}

@Suite struct GlobTests {
    @Test(arguments: [
        ("*.tar", "a.tar", true), ("*.tar", "d/a.tar", true), ("d/*.tar", "d/a.tar", true),
        ("d/*.tar", "d/e/a.tar", false),
        ("d/**", "d/e/a.tar", true), ("**/a.tar", "a.tar", true), ("**/a.tar", "d/e/a.tar", true),
        ("**/a.tar", "xa.tar", false),
        ("d/**/a", "d/a", true), ("d/**/a", "d/e/f/a", true), ("d/**/a", "d/ea", false), ("?", "ä", true),
        ("?", "", false),
        ("a?b", "a/b", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[^a-c]x", "dx", true),
        ("[]]", "]", true),
        ("\\*", "*", true), ("\\*", "x", false), ("x[\\]]y", "x]y", true), ("**", "a/b/c", true), ("*", "a/b", true),
        ("a**b/c", "axx/yb/c", true), ("é*", "état", true), ("", "a", false), ("[a", "a", false), ("[b-a]", "a", false),
        ("a\\", "a", false), ("**/**/a", "a", true), ("**/x/**", "a/x/b", true), ("/a", "a", false),
    ])
    func patterns(_ pattern: String, _ name: String, _ expected: Bool) {
        #expect((try? Glob(pattern))?.matches(name) ?? false == expected)
    }

    @Test func starsDoNotExplode() throws {
        let glob = try Glob(String(repeating: "*a", count: 50) + "b")
        #expect(!glob.matches(String(repeating: "a", count: 2_000)))
    }

    @Test(arguments: [
        ([], ""), ([5], "5"), ([1, 2], "1, 2"), ([3, 1, 2], "1-3"),
        ([17, 402] + Array(1000...1010), "17, 402, 1000-1010"),
        ([1, 1, 2, 2], "1, 2"), ([Int.max, Int.max - 1, Int.min], "\(Int.min), \(Int.max - 1), \(Int.max)"),
    ])
    func compactRanges(_ numbers: [Int], _ text: String) {
        #expect(CompactRanges.text(numbers) == text)
    }
}
