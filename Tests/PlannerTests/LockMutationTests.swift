import Backends
import Foundation
import TestSupport
import Testing

@testable import Planner

/// A lock from someone else's repository is a lock or a `LockError`.
@Suite struct LockMutationTests {
    private static let text = """
        {"aismove_lock":1,"shards":3,"sources":2}
        {"source":"https://h/d/{0..1}","to":"ais://b/in"}
        {"bucket":"s3://data","endpoint":"http://h:9000","region":"eu-x-1","source":"s3://data/p","to":"ais://b"}
        {"etag":"x","object":"ais://b/in/0","size":3,"source":0,"url":"https://h/d/0"}
        {"digests":{"md5":"900150983cd24fb0d6963f7d28e17f72"},"object":"ais://b/in/1","size":0,"source":0,"url":"https://h/d/1"}
        {"modified":"2024-01-02T03:04:05Z","object":"ais://b/p/a","size":9,"source":1,"url":"s3://data/p/a","version":"v"}

        """

    private static let fragments = [
        "\n", "{", "}", "\"", ",", ":", "null", "-1", "0", "1", "2", "9223372036854775807", "../", "/", "ais://",
        "s3://", "é",
        "\"size\":", "\"source\":", "\\u0000", "\\ud800", "https://u:p@h/?q", "sha256", "2024-13-45T99:99:99Z", " ",
    ].map { Array($0.utf8) }

    @Test func mutatedLocksAreReadOrRefused() throws {
        let good = Array(Self.text.utf8)
        #expect(try Lock(file: "l", data: Data(good)).encoded() == Data(good))
        #expect(try LockedSources(Lock(file: "l", data: Data(good)), reach: BucketReach()).count == 3)
        var (read, usable) = (0, 0)
        let failure = Fuzz.failure(seed: 51) { _, random in
            let bytes = random.mutated(good, fragments: Self.fragments)
            let lines = bytes.count { $0 == 0x0a } + 1
            do {
                let lock = try Lock(file: "l", data: Data(bytes))
                read += 1
                if try Lock(file: "l", data: lock.encoded()) != lock { return "comes back as another" }
                let locked = try LockedSources(lock, reach: BucketReach())
                usable += 1
                return try Self.complaint(locked)
            } catch let error as LockError {
                let isPlaced = error.file == "l" && (0...lines).contains(error.line) && !error.reason.isEmpty
                return isPlaced ? nil : "an error that names no place: \(error)"
            }
        }
        #expect(failure == nil)
        #expect(usable > 0 && read > usable && read < Fuzz.count, "\(read) read, \(usable) usable")
    }

    /// The shards of a lock are its own, and go where its sources say.
    private static func complaint(_ locked: LockedSources) throws -> String? {
        let sequence = locked.contents.sequence(of: locked.sources)
        var count = 0
        while let shard = try sequence.next() {
            count += 1
            if shard.decision != nil { continue }
            if shard.object.isEmpty || shard.object.split(separator: "/").contains("..") {
                return "goes to \(shard.object)"
            }
        }
        return count == locked.count ? nil : "\(count) shards instead of \(locked.count)"
    }
}
