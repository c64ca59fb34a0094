import Backends
import Foundation
import Hashing
import ObjectModel
import Testing

@testable import Planner

@Suite struct LockTests {
    private static let header = #"{"aismove_lock":1,"shards":1,"sources":1}"#
    private static let source = #"{"source":"https://h/d/{0..1}","to":"ais://b/in"}"#
    private static let shard =
        #"{"digests":{"md5":"900150983cd24fb0d6963f7d28e17f72"},"etag":"x","object":"ais://b/in/0","size":3,"#
        + #""source":0,"url":"https://h/d/0"}"#

    private func decode(_ lines: [String]) throws -> Lock {
        try Lock(file: "d/dataset.lock", data: Data((lines.joined(separator: "\n") + "\n").utf8))
    }

    @Test func whatIsReadIsWrittenAgainByteForByte() throws {
        let lines = [Self.header, Self.source, Self.shard]
        let lock = try decode(lines)
        #expect(String(decoding: try lock.encoded(), as: UTF8.self) == lines.joined(separator: "\n") + "\n")
        #expect(lock.bytes == 3)
        #expect(lock.pinnedByLengthAlone == 0)
    }

    @Test func shardsAreInByteOrderWhateverOrderTheyCameIn() throws {
        let names = ["ais://b/é", "ais://b/a/b", "ais://b/Z", "ais://b/a-b", "ais://b/a"]
        let entries = names.map {
            LockEntry(object: $0, source: 0, url: "u", size: 1, state: ListedObject(name: ""))
        }
        let lock = Lock(file: "l", sources: [], entries: entries)
        #expect(lock.entries.map(\.object) == ["ais://b/Z", "ais://b/a", "ais://b/a-b", "ais://b/a/b", "ais://b/é"])
    }

    @Test func aTimeIsKeptOnlyWhereNothingBetterTells() throws {
        var state = ListedObject(name: "x", size: 3)
        state.validator = Validator(etag: nil, lastModified: "Tue, 02 Jan 2024 03:04:05 GMT", length: 3)
        let byTime = LockEntry(object: "ais://b/x", source: 0, url: "u", size: 3, state: state)
        #expect(byTime.modified == "2024-01-02T03:04:05Z")
        state.validator.etag = "e"
        #expect(LockEntry(object: "ais://b/x", source: 0, url: "u", size: 3, state: state).modified == nil)
        let back = try byTime.state(named: "x", origin: "l")
        #expect(back.validator.lastModified == "Tue, 02 Jan 2024 03:04:05 GMT")
    }

    @Test func sourcesGiveExactlyTheShards() throws {
        let locked = try LockedSources(try decode([Self.header, Self.source, Self.shard]), reach: BucketReach())
        #expect(locked.count == 1)
        let sequence = locked.contents.sequence(of: locked.sources)
        let shard = try #require(try sequence.next())
        #expect(shard.object == "in/0")
        #expect(shard.url == "https://h/d/0")
        #expect(shard.size == 3)
        #expect(shard.digests.map(\.origin) == ["dataset.lock"])
        #expect(shard.listed?.validator.etag == "x")
        #expect(sequence.destinations.map(\.bucket.cname) == ["ais://b"])
        #expect(try sequence.next() == nil)
    }

    /// A lock's objects count as placed by the source as it was written, for a later sync.
    @Test func objectsStayThoseOfTheSourceAsItWasWritten() throws {
        let locked = try LockedSources(try decode([Self.header, Self.source, Self.shard]), reach: BucketReach())
        let written = try SourceSpec("https://h/d/{0..1}", to: "ais://b/in").understand()
        let bucket = try #require(written.bucket)
        #expect(locked.sources[0].identity(job: "", bucket: bucket) == written.identity(job: "", bucket: bucket))
    }

    @Test(arguments: [
        ([], 1), (["nonsense"], 1), ([#"{"aismove_lock":2,"shards":0,"sources":0}"#], 1),
        ([header, source], 1), ([header, source, shard, shard], 1), ([header, source, "{}"], 3),
        ([header, "<<<<<<< HEAD", shard], 2),
        ([#"{"aismove_lock":1,"shards":2,"sources":1}"#, source, shard, shard], 4),
        ([header, source, shard.replacing("\"source\":0", with: "\"source\":7")], 3),
        ([header, source, shard.replacing("\"size\":3", with: "\"size\":-3")], 3),
        ([#"{"aismove_lock":1,"shards":-1,"sources":1}"#], 1),
        ([#"{"aismove_lock":1,"shards":9223372036854775807,"sources":9223372036854775807}"#], 1),
    ])
    func isRefusedWithItsLine(lines: [String], line: Int) throws {
        let error = #expect(throws: LockError.self) { try decode(lines) }
        #expect(error?.line == line, "\(lines)")
    }

    @Test(arguments: [
        ("900150983cd24fb0d6963f7d28e17f72", "90"), ("md5", "md6"), ("ais://b/in/0", "ais://b"),
        ("ais://b/in/0", "ais://b/out/0"), ("ais://b/in/0", "nowhere"),
    ])
    func isRefusedWhenItsSourcesAreMade(old: String, new: String) throws {
        let lock = try decode([Self.header, Self.source, Self.shard.replacing(old, with: new)])
        let error = #expect(throws: LockError.self) { try LockedSources(lock, reach: BucketReach()) }
        #expect(error?.line == 3)
    }

    @Test func otherSourcesAreRefusedByName() throws {
        let lock = try decode([Self.header, Self.source, Self.shard])
        let other = try SourceSpec("https://h/d/{0..2}", to: "ais://b/in").understand()
        let error = #expect(throws: LockError.self) {
            try LockedSources(lock, given: [other], reach: BucketReach())
        }
        #expect(error?.reason.contains("https://h/d/{0..1} (--to ais://b/in)") == true)
        let same = try SourceSpec("https://h/d/{0..1}", to: "ais://b/in").understand()
        #expect(try LockedSources(lock, given: [same], reach: BucketReach()).count == 1)
    }
}
