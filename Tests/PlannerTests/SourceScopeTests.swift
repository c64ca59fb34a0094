import ObjectModel
import Testing

@testable import Planner

/// Which objects of the store are a source's own.
@Suite struct SourceScopeTests {
    private func source(_ word: String, to: String? = nil, from: String? = nil) throws -> Source {
        try SourceSpec(word, from: from, to: to).understand()
    }

    @Test(
        arguments: [
            ("s3://b", nil, ""), ("s3://b/a/pre", nil, "a/pre"), ("s3://b/a/pre", "ais://m", "pre"),
            ("s3://b/a/", "ais://m/in", "in/"), ("s3://b/a/pre", "ais://m/in", "in/pre"),
            ("s3://b/s-{00..02}", nil, "s-"), ("s3://b/d/s-{00..02}.tar", "ais://m/in", "in/s-"),
            ("http://h/d/t-{0..9}.tar", nil, "t-"), ("http://h/d/t-{0..9}/x.tar", "ais://m", "t-"),
            ("http://h/d/t-{0..9}.tar", "ais://m/in", "in/t-"), ("http://h/d/one.tar", "ais://m", "one.tar"),
            ("http://h/d/", "ais://m/in", "in/"), ("http://h/d/", nil, ""),
        ] as [(String, String?, String)])
    func whatItsNamesBeginWith(_ word: String, _ to: String?, _ prefix: String) throws {
        #expect(try source(word, to: to).namePrefix == prefix)
    }

    @Test(
        arguments: [
            ("http://h/d/t-{00..09}.tar", "ais://m/in"), ("http://h/d-{1..3}/t-{2..8..2}.tar", "ais://m"),
            ("http://h/d-{1..3}/t-{2..8..2}.tar", nil), ("http://h/d/one%20more.tar?q=1", "ais://m"),
            ("s3://b/d/s-{8..11}-x.tar", nil), ("s3://b/d/{0..1}/s-{8..11}.tar", "ais://m/deep/er"),
        ] as [(String, String?)])
    func positionsAreThoseOfTheSequence(_ word: String, _ to: String?) throws {
        let source = try source(word, to: to)
        let sequence = ShardSequence([source])
        var count = 0
        while let shard = try sequence.next() {
            let destination = sequence.destinations[try #require(shard.destination)]
            #expect(source.position(of: shard.object, at: destination) == shard.position)
            let request = source.request(at: shard.position)
            #expect(request.url == shard.url && request.key == shard.key)
            #expect(source.shown(shard.object, position: shard.position) == shard.shownURL)
            #expect(shard.object.hasPrefix(source.namePrefix))
            for other in ["x" + shard.object, shard.object + "x", String(shard.object.dropLast())] {
                #expect(source.position(of: other, at: destination) == nil)
            }
            count += 1
        }
        #expect(count == source.count)
    }

    @Test(
        arguments: [
            ("s3://b", nil, "x/y", "s3://b/x/y"), ("s3://b/a/pre", "ais://m", "pre1", "s3://b/a/pre1"),
            ("s3://b/a/", "ais://m/in", "in/c/d", "s3://b/a/c/d"), ("gs://b/a/", nil, "a/?#", "gs://b/a/?#"),
            ("http://h/d/", "ais://m/in", "in/x", "http://h/d/"),
        ] as [(String, String?, String, String)])
    func whereAnObjectOfAListingCameFrom(_ word: String, _ to: String?, _ object: String, _ shown: String) throws {
        #expect(try source(word, to: to).shown(object, position: nil) == shown)
    }

    @Test func theBucketOfASourceThatNamesNothing() throws {
        #expect(
            try source("http://h/d/").onlyDestination
                == Destination(
                    bucket: HTBucket.locate(url: "http://h/d/x").bucket, originalURL: "http://h/d/"))
        #expect(try source("http://h/d/", to: "ais://m").onlyDestination?.bucket.cname == "ais://m")
        #expect(try source("http://h/d-{0..1}/x").onlyDestination == nil)
        #expect(try source("http://h/d/", from: "list").onlyDestination == nil)
    }
}
