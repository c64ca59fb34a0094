import ObjectModel
import TestSupport
import Testing

@testable import Planner

@Suite struct SourceTests {
    private func names(_ word: String, to: String? = nil) throws -> [String] {
        let sequence = ShardSequence([try SourceSpec(word, to: to).understand()])
        var names: [String] = []
        while let shard = try sequence.next() {
            names.append(
                "\(shard.url) \(sequence.destinations[try #require(shard.destination)].bucket)/\(shard.object)")
        }
        return names
    }

    @Test func withoutToEveryDirectoryIsABucket() throws {
        #expect(
            try names("https://a/b/c/imagenet/train-{000000..000001}.tar") == [
                "https://a/b/c/imagenet/train-000000.tar ht://YTQzZWE4OTFhNWJmOTY1Zg/train-000000.tar",
                "https://a/b/c/imagenet/train-000001.tar ht://YTQzZWE4OTFhNWJmOTY1Zg/train-000001.tar",
            ])
        let source = try SourceSpec("https://u:p@h:8/d{1..3}/x{0..1}/s-{8..11}.tar?v={1..1}").understand()
        let range = try #require(source.range)
        #expect(range.bucketCount == 6 && range.count == 24)
        let destinations = try range.destinations()
        #expect(
            destinations.map(\.originalURL) == [1, 2, 3].flatMap { d in [0, 1].map { "https://h:8/d\(d)/x\($0)/" } })
        var cursor = range.makeCursor()
        var seen: [Destination] = []
        while try cursor.advance() {
            let url = String(decoding: cursor.urlBytes, as: UTF8.self)
            let place = try HTBucket.locate(url: url)
            #expect(place.bucket == cursor.destination?.bucket)
            #expect(place.object == String(decoding: cursor.nameBytes, as: UTF8.self))
            #expect(url.hasPrefix("https://u:p@h:8/d") && url.hasSuffix(".tar?v=1"))
            if let destination = cursor.destination, seen.last != destination { seen.append(destination) }
        }
        #expect(seen == destinations)
        let afterTheEnd = try cursor.advance()
        #expect(!afterTheEnd)
    }

    @Test(arguments: [
        ("https://h/a/t-{0..0}.tar", "ais://b", "ais://b/t-0.tar"),
        ("https://h/a/t-{0..0}.tar", "ais://b/sub/dir", "ais://b/sub/dir/t-0.tar"),
        ("https://h/a/t-{0..0}.tar", "ais://b/sub/", "ais://b/sub/t-0.tar"),
        ("https://h/a/d{1..1}/t-{0..0}.tar", "ais://#ns/b", "ais://#ns/b/d1/t-0.tar"),
        ("https://h/a%20b/c%20{1..1}%2Fd.tar", "ais://b", "ais://b/c 1/d.tar"),
        ("https://h/a.tar", "ais://b/x", "ais://b/x/a.tar"), ("https://h/a.tar?sig=b/c", "ais://b", "ais://b/a.tar"),
        ("https://h/a+b@c.tar", "ais://b", "ais://b/a+b@c.tar"), ("https://h/%C3%A4-{1..1}", "ais://b", "ais://b/ä-1"),
        ("https://h/ä b-{1..1}", "ais://b", "ais://b/ä b-1"), ("https://h/x-{1..", "ais://b", "ais://b/x-{1.."),
    ])
    func withTo(_ word: String, _ to: String, _ object: String) throws {
        let lines = try names(word, to: to)
        #expect(lines.count == 1 && lines[0].hasSuffix(" \(object)"), "\(lines)")
    }

    @Test func urlsStayWhatTheyAre() throws {
        let word = "HTTPS://u%40:p{1..2}@h:1/a%20b/@{0..1}/%41{08..09}?k={5..6}#f"
        let template = try URLTemplate(word).template
        #expect(template.count == 8)
        #expect(template.name(at: 0) == "HTTPS://u%40:p%7B1..2%7D@h:1/a%20b/@0/%4108?k=5")
        #expect(template.name(at: 1).hasSuffix("k=6"))
        #expect(!template.text.contains("u%40") && !template.text.contains("?"))
    }

    @Test(arguments: [
        ("", "a source is a URL"), ("ht://b/x", "the http:// or https:// URL itself"), ("ftp://h/x", "ftp://"),
        ("host/a.tar", "https://host/a.tar"), ("job.yaml", "https://job.yaml"), ("https:///a", "no host"),
        ("https://h{1..2}/a", "host or port"), ("https://h:{1..2}/a", "host or port"),
        ("https://h/{a..c}", "not a number"),
        ("https://h/d{1..2}/", "ends in a slash"), ("https://h/%{20..21}", "percent escape"),
        ("https://h/%2{0..1}", "percent escape"), ("https://h/%zz", "percent escape"), ("https://h/%ff", "UTF-8"),
        ("https://h/a%00b", "control byte"), ("https://h/{0..10000}/a", "more than 10000"),
    ])
    func refusedWords(_ word: String, _ reason: String) {
        let error = #expect(throws: SourceError.self) { try SourceSpec(word).understand() }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test(arguments: ["b", "s3://b", "ht://b", "ais://", "ais://@r/b", "ais://b/../c", "ais://b//", "ais://b/a//b"])
    func refusedTo(_ to: String) {
        #expect(throws: SourceError.self) { try SourceSpec("https://h/a", to: to).understand() }
    }

    @Test func errorsAndTemplatesHoldNoSecrets() throws {
        let error = #expect(throws: SourceError.self) {
            try SourceSpec("https://user:secret@h/{a..c}?token=secret").understand()
        }
        #expect(error?.description.contains("secret") == false)
        let collision = #expect(throws: PlanError.self) {
            try SourceCollision.check([SourceSpec("https://user:secret@h/a?token=secret{1..2}").understand()])
        }
        #expect(collision?.description.contains("secret") == false)
    }

    @Test func otherOptionsAreChecked() throws {
        #expect(throws: SourceError.self) { try SourceSpec("https://h/a", template: .at).understand() }
        #expect(throws: SourceError.self) { try SourceSpec("https://h/a", count: 3).understand() }
        #expect(throws: SourceError.self) { try SourceSpec("https://h/a", include: ["[a"]).understand() }
        #expect(throws: SourceError.self) { try SourceSpec("https://h/a", from: "l").understand() }
        #expect(throws: SourceError.self) { try SourceSpec().understand() }
        for (word, isIndex) in [
            ("https://h", true), ("https://h/d/", true), ("https://h/d/?C=N", true), ("https://h/d", false),
        ] {
            if case .index = try SourceSpec(word).understand().kind {
                #expect(isIndex, "\(word)")
            } else {
                #expect(!isIndex, "\(word)")
            }
        }
        if case .list(_, let base) = try SourceSpec(from: "https://h/d/SHA256SUMS?x=/").understand().kind {
            #expect(base == "https://h/d/")
        }
    }

    @Test func collisionsOfSources() throws {
        func check(_ specs: [SourceSpec]) throws { try SourceCollision.check(specs.map { try $0.understand() }) }
        try check([
            SourceSpec("https://h/a-{0..9}"), SourceSpec("https://h/b-{0..9}"), SourceSpec("https://g/a-{0..9}"),
        ])
        try check([SourceSpec("https://h/a", to: "ais://b"), SourceSpec("https://h/a", to: "ais://c")])
        try check([SourceSpec("https://h/x/a", to: "ais://b/x"), SourceSpec("https://h/y/a", to: "ais://b/y")])
        let bad: [[SourceSpec]] = [
            [SourceSpec("https://h/d{1..2}/a-{0..9}"), SourceSpec("http://h/d2/a-{5..9}?x=1")],
            [SourceSpec("https://h/a%2Db"), SourceSpec("https://h/a-b")],
            [SourceSpec("https://h/a", to: "ais://b"), SourceSpec("https://g/a", to: "ais://b")],
            [SourceSpec("https://h/a?page={1..2}")], [SourceSpec("https://h/{1..11}{1..11}")],
            [SourceSpec("https://h/{1..11}{1..11}/x")],
        ]
        for specs in bad { #expect(throws: PlanError.self) { try check(specs) } }
    }

    @Test func destinationRules() throws {
        let destination = try #require(SourceSpec("https://h/d/a").understand().range?.destinations().first)
        #expect(destination.refusal(registeredURL: "https://h/d/") == nil)
        #expect(destination.refusal(registeredURL: nil) == nil)
        #expect(destination.refusal(registeredURL: "http://h/d/")?.reason.contains("--to") == true)
        #expect(destination.refusal(storeFormatHasHT: true) == nil && destination.notice != nil)
        #expect(destination.refusal(storeFormatHasHT: false)?.reason.contains("--to") == true)
        let own = try #require(SourceSpec("https://h/d/a", to: "ais://b").understand().range?.destinations().first)
        #expect(own.refusal(storeFormatHasHT: false) == nil && own.notice == nil)
    }

    @Test func identity() throws {
        let bucket = try Bucket(provider: .ais, name: "imagenet")
        let one = try SourceSpec("https://u:p@h/a-{0..9}?k=1", to: "ais://imagenet/train").understand()
        let same = try SourceSpec("https://h/a-{0..9}", to: "ais://imagenet/train/").understand()
        // printf 'nightly\nhttps://h/a-{0..9}\nais://imagenet/train' | sha256sum
        #expect(one.identity(job: "nightly", bucket: bucket) == "d3fd2ce930e46d89")
        #expect(one.identity(job: "nightly", bucket: bucket) == same.identity(job: "nightly", bucket: bucket))
        #expect(one.identity(job: "", bucket: bucket) != same.identity(job: "nightly", bucket: bucket))
    }

    @Test func holesAndNumbers() throws {
        var spec = SourceSpec("https://h/a-{010..100..10}", missing: .known([20]))
        let one = try spec.understand()
        #expect(one.number(at: 1) == 20 && one.mayMiss(position: 1) && !one.mayMiss(position: 2))
        #expect(one.holes([5, 1, 2]) == ["20, 30, 60"])
        spec.missing = .allow
        #expect(try spec.understand().mayMiss(position: 3))
        let two = try SourceSpec("https://u:p@h/d{1..2}/a-{0..9}?k=1").understand()
        #expect(two.holes([]) == [])
        #expect(two.holes([3, 4, 5, 19]) == ["https://h/d1/a-{…}: 3-5", "https://h/d2/a-{…}: 9"])
    }

    @Test func mutatedWordsNeitherCrashNorHang() {
        var random = SeededGenerator(31)
        let seed = Array("https://u:p@h:80/a%20/d{1..2}/x-{000..999..3}.tar?v={1..2}#f".utf8)
        for _ in 0..<10_000 {
            let bytes = random.mutated(seed, alphabet: Array("{}.@%:/?#0129 \\\u{e4}\u{0}".utf8))
            let word = String(decoding: bytes, as: UTF8.self)
            guard let source = try? SourceSpec(word, to: Bool.random(using: &random) ? "ais://b" : nil).understand(),
                source.range != nil
            else { continue }
            let sequence = ShardSequence([source])
            for _ in 0..<3 { _ = try? sequence.next() }
        }
    }
}
