import Foundation
import Planner
import TestSupport
import Testing

@testable import Mover

/// An earlier report, changed by whoever could write it, is asked for again or refused.
@Suite struct ReportMutationTests {
    private static let text = """
        {"sources":[{"source":"https://h/d/{0..3}","to":"ais://b/sub"},{"bucket":"s3://data","source":"s3://data/p",\
        "to":"ais://b"}],"store":"Abcdefgh1","version":1,"shards":[
        {"object":"ais://b/sub/0","outcome":"moved","size":5,"source":"https://h/d/0"},
        {"class":"digest","object":"ais://b/sub/1","outcome":"failed","reason":"differs","retry":{"promised":[{"digest":\
        "md5:900150983cd24fb0d6963f7d28e17f72","origin":"SUMS"}],"size":5,"source":0},"source":"https://h/d/1"},
        {"allowed":true,"object":"ais://b/sub/2","outcome":"missing","retry":{"source":0},"source":"https://h/d/2"},
        {"class":"transfer","object":"ais://b/p/a","outcome":"failed","reason":"r","retry":{"source":1},\
        "source":"s3://data/p/a"}
        ],"summary":
        """

    private static let fragments = [
        "\n", ",\n", "{", "}", "[", "]", "\"", ":", ",", "null", "-1", "0", "1", "7", "1e400", "../", "/", "ais://",
        "s3://", "é",
        "\"outcome\":\"failed\"", "\"retry\":", "],\"summary\":", "\\u0000", "\\ud800", "https://u:p@h/?q", "moved",
        "missing",
    ].map { Array($0.utf8) }

    private static func good() throws -> [UInt8] {
        let summary = try JSONEncoder().encode(RunSummary.example())
        return Array(text.trimmingCharacters(in: .newlines).utf8) + Array(summary) + Array("}\n".utf8)
    }

    @Test func mutatedReportsAreAskedForAgainOrRefused() throws {
        let scratch = try TestSupport.scratch("reports")
        let path = try scratch.write("r.json", Data(try Self.good()))
        #expect(try Retry(path, store: "Abcdefgh1", reach: BucketReach()).sources.count == 2)
        let good = try Self.good()
        var (usable, refused) = (0, 0)
        let failure = Fuzz.failure(seed: 61) { _, random in
            let bytes = random.mutated(good, fragments: Self.fragments)
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let lines = bytes.count { $0 == 0x0a } + 1
            do {
                let retry = try Retry(path, store: "Abcdefgh1", reach: BucketReach())
                usable += 1
                return try Self.complaint(retry, path)
            } catch let error as ListError {
                refused += 1
                let isPlaced = error.file == path && (0...lines).contains(error.line) && !error.reason.isEmpty
                return isPlaced ? nil : "an error that names no place: \(error)"
            } catch let error as SourceError {
                refused += 1
                return "\(error)".isEmpty ? "an error without words" : nil
            }
        }
        #expect(failure == nil)
        #expect(usable > 0 && refused > 0, "\(usable) usable, \(refused) refused")
    }

    /// What is asked for again is in the report, and goes below the destination that it names.
    private static func complaint(_ retry: Retry, _ path: String) throws -> String? {
        var asked = 0
        try EarlierReport(path: path).read { record, _ in asked += record.isRetried ? 1 : 0 }
        var listed = 0
        let numbers = retry.sources.indices.filter { retry.sources[$0].bucketSource == nil }
        let sequence = retry.contents.renumbered(numbers).sequence(of: numbers.map { retry.sources[$0] })
        while let shard = try sequence.next() {
            listed += 1
            if shard.decision == nil, shard.object.split(separator: "/").contains("..") {
                return "goes to \(shard.object)"
            }
        }
        return listed <= asked ? nil : "\(listed) shards where \(asked) were asked for"
    }

    @Test func mutatedEndsGiveASummaryOrAnError() throws {
        let scratch = try TestSupport.scratch("tails")
        let good = try Self.good()
        let path = try scratch.write("r.json", Data(good))
        let whole = try ReportTail.summary(of: path)
        let start = good.count - 700
        var (same, refused) = (0, 0)
        let failure = Fuzz.failure(seed: 62) { _, random in
            let bytes = random.mutated(Array(good[start...]), fragments: Self.fragments)
            try Data(good[..<start] + bytes).write(to: URL(fileURLWithPath: path))
            do throws(ReportError) {
                same += try ReportTail.summary(of: path) == whole ? 1 : 0
                return nil
            } catch {
                refused += 1
                return error.path == path ? nil : "an error that does not name the file: \(error)"
            }
        }
        #expect(failure == nil)
        #expect(same > 0 && refused > 0, "\(same) the same, \(refused) refused")
    }
}
