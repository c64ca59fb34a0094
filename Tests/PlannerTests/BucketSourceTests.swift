import Backends
import Hashing
import NodeStore
import ObjectModel
import Testing

@testable import Planner

@Suite struct BucketSourceTests {
    private func shards(_ sequence: ShardSequence) throws -> [PlannedShard] {
        var shards: [PlannedShard] = []
        while let shard = try sequence.next() { shards.append(shard) }
        return shards
    }

    private func page(_ names: [String], next: String? = nil) -> ListPage {
        ListPage(entries: names.map { ListedObject(name: $0, size: Int64($0.utf8.count)) }, next: next)
    }

    private func listed(_ word: String, _ names: [String], to: String? = nil) throws -> [PlannedShard] {
        let source = try SourceSpec(word, to: to).understand()
        return try shards(ShardSequence([source], listings: [0: ListingStream(pages: [page(names)])]))
    }

    @Test(arguments: [
        ("s3://data", "s3://data", ""), ("aws://data/a/b-", "s3://data", "a/b-"), ("gs://d/x", "gs://d", "x"),
        ("az://c/", "az://c", ""), ("oc://o/p?q#r%20", "oc://o", "p?q#r%20"),
        ("ais://@alias/b/p", "ais://@alias/b", "p"), ("s3://@u#ns/b", "s3://@u#ns/b", ""),
        ("ais://n/p", "ais://n", "p"),
    ])
    func aBucketsURIIsAListingWithAPrefix(_ word: String, _ bucket: String, _ prefix: String) throws {
        let source = try SourceSpec(word).understand()
        #expect(source.bucketSource?.address.bucket.cname == bucket)
        #expect(source.bucketSource?.prefix == prefix)
        #expect(source.bucket?.cname == bucket)
        #expect(source.spec.shown == word)
    }

    @Test func namesOfATemplateAreTried() throws {
        let source = try SourceSpec("gs://b/d/shard-{08..11}.tar").understand()
        let found = try shards(ShardSequence([source]))
        #expect(found.map(\.key) == ["d/shard-08.tar", "d/shard-09.tar", "d/shard-10.tar", "d/shard-11.tar"])
        #expect(found.map(\.object) == found.map(\.key))
        #expect(found[0].url == "gs://b/d/shard-08.tar" && found[0].listed == nil && found[0].destination == 0)
        #expect(source.count == 4 && source.holes([1, 2]) == ["9, 10"])
        var at = SourceSpec("gs://b/s-@09")
        at.template = .at
        #expect(try at.understand().count == 10)
        var fmt = SourceSpec("gs://b/s-%03d", count: 7)
        fmt.template = .fmt
        #expect(try shards(ShardSequence([fmt.understand()])).last?.key == "s-006")
    }

    @Test func withToNamesBeginBelowTheDirectory() throws {
        #expect(
            try listed("s3://b/x/y-", ["x/y-1", "x/y-2/z"], to: "ais://c/sub").map(\.object) == [
                "sub/y-1", "sub/y-2/z",
            ])
        #expect(try listed("s3://b/x/y-", ["x/y-1"], to: "ais://c").map(\.object) == ["y-1"])
        #expect(try listed("s3://b/x/y-", ["x/y-1"]).map(\.object) == ["x/y-1"])
        let range = try SourceSpec("s3://b/x/{1..2}/y", to: "ais://c/s").understand()
        #expect(try shards(ShardSequence([range])).map(\.object) == ["s/1/y", "s/2/y"])
    }

    @Test(arguments: ["s3://", "s3://a b/x", "ais://@/b", "s3://b/{a..b}", "s3://b/x-{3..1}", "s4://b"])
    func whatCannotBeIsRefusedWithItsName(_ word: String) throws {
        let error = try #require(throws: SourceError.self) { try SourceSpec(word).understand() }
        #expect("\(error)".contains(word))
    }

    @Test func credentialsBeforeABucketAreNotShown() throws {
        let error = try #require(throws: SourceError.self) { try SourceSpec("s3://KEY:SECRET@b/x").understand() }
        #expect(!"\(error)".contains("SECRET") && !"\(error)".contains("KEY"))
    }

    @Test func listedNamesThatCannotBeAreDecided() throws {
        let names = ["a", "a-b", "a/b", "ab", "b", "b/../c", "c\u{1}", "d", "d"]
        let found = try listed("s3://b", names)
        let byName = found.map { shard -> String in
            switch shard.decision {
            case nil: "move"
            case .conflict: "conflict"
            case .refused: "refused"
            default: "other"
            }
        }
        #expect(found.map(\.object) == ["a", "a-b", "a/b", "ab", "b", "b/../c", "c\u{1}", "d", "d"])
        #expect(
            byName == ["move", "move", "conflict", "move", "move", "refused", "refused", "move", "conflict"])
    }

    @Test func directoryMarkersAreCountedAndLeftOut() throws {
        let entries = [
            ListedObject(name: "d/", size: 0), ListedObject(name: "d/x", size: 0), ListedObject(name: "e/", size: 3),
        ]
        let stream = ListingStream(pages: [ListPage(entries: entries)])
        let source = try SourceSpec("s3://b").understand()
        let found = try shards(ShardSequence([source], listings: [0: stream]))
        #expect(found.map(\.object) == ["d/x", "e/"])
        #expect(found[0].decision == nil && found[0].size == 0 && found[1].decision != nil)
        #expect(stream.markers == 1)
    }

    @Test func filtersAndDefects() throws {
        let source = try SourceSpec("s3://b", include: ["*.tar"], exclude: ["*-9.tar"]).understand()
        var frozen = ListedObject(name: "x-1.tar", size: 5)
        frozen.defect = "archived in GLACIER"
        let entries = [frozen, ListedObject(name: "x-2.txt", size: 1), ListedObject(name: "x-9.tar", size: 1)]
        let found = try shards(
            ShardSequence([source], listings: [0: ListingStream(pages: [ListPage(entries: entries)])]))
        #expect(found.map(\.decision) == [.defect("archived in GLACIER")])
    }

    @Test func listingsOfOneDestinationAreComparedByName() throws {
        let sources = try ["s3://a", "gs://b"].map { try SourceSpec($0, to: "ais://c").understand() }
        let listings = [
            0: ListingStream(pages: [page(["x", "y"])]), 1: ListingStream(pages: [page(["w", "x", "y/z"])]),
        ]
        let found = try shards(ShardSequence(sources, listings: listings))
        #expect(found.map { $0.decision == nil } == [true, true, true, false, false])
        let range = try SourceSpec("s3://a/r-{1..3}", to: "ais://c").understand()
        let other = try SourceSpec("gs://b/r-", to: "ais://c").understand()
        let stream = ListingStream(pages: [page(["r-2", "r-4"])])
        let mixed = try shards(ShardSequence([range, other], listings: [1: stream]))
        #expect(mixed.map { $0.decision == nil } == [true, true, true, false, true])
        #expect(throws: PlanError.self) { try SourceCollision.check([range, range]) }
    }

    @Test func peekingTakesNothing() throws {
        let stream = ListingStream(pages: [page(["a"]), page(["b"])])
        #expect(try stream.readAhead())
        let source = try SourceSpec("s3://b").understand()
        for isPeeking in [true, true, false] {
            let found = try shards(ShardSequence([source], listings: [0: stream], isPeeking: isPeeking))
            #expect(found.map(\.object) == ["a", "b"])
        }
        #expect(try shards(ShardSequence([source], listings: [0: stream])).isEmpty)
    }

    @Test func aBrokenListingGivesWhatItHadAndSaysSo() throws {
        let failure = BackendError(.incompleteListing, "s3://b", "page 2 is none")
        let stream = ListingStream(pages: [page(["a"])], failure: failure)
        #expect(try !stream.readAhead())
        let source = try SourceSpec("s3://b").understand()
        #expect(try shards(ShardSequence([source], listings: [0: stream])).count == 1)
        #expect(stream.failure == failure)
        let refused = ListingStream(pages: [], failure: BackendError(.refused, "s3://b", "no"))
        #expect(throws: BackendError.self) { try refused.readAhead() }
    }

    private func lom(_ custom: CustomKeys, _ type: ChecksumType = .xxhash2) -> LOM {
        LOM(checksumType: type, checksumValue: "5d41402abc4b2a76b9719d911017c592", size: 5, custom: custom)
    }

    @Test func aListingsStateIsComparedByTheStrongestThatBothHave() throws {
        let md5 = try #require(Digest(.md5, hex: "5d41402abc4b2a76b9719d911017c592"))
        var listed = ListedObject(name: "x", size: 5)
        #expect(ListedState(listed).isSame(as: lom([:])) == nil)
        listed.validator.lastModified = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(ListedState(listed).isSame(as: lom(["LastModified": "1994-11-06T08:49:37Z"])) == true)
        #expect(ListedState(listed).isSame(as: lom(["LastModified": "1994-11-06T08:49:38Z"])) == false)
        listed.digests = [PromisedDigest(digest: md5, origin: "md5Hash")]
        #expect(ListedState(listed).isSame(as: lom([:], .md5)) == true)
        #expect(ListedState(listed).isSame(as: lom(["md5": "00", "LastModified": "1994-11-06T08:49:37Z"])) == false)
        listed.validator.etag = "e1"
        #expect(ListedState(listed).isSame(as: lom(["ETag": "e1", "md5": "00"])) == true)
        #expect(ListedState(listed).isSame(as: lom(["ETag": "e2"], .md5)) == false)
        listed.version = "7"
        #expect(ListedState(listed).isSame(as: lom(["version": "7", "ETag": "e2"])) == true)
        #expect(ListedState(listed).isSame(as: lom(["version": "8", "ETag": "e1"])) == false)
    }
}
