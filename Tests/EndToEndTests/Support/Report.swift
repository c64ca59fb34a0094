import Foundation

/// The JSON report as docs/report.md describes it, decoded strictly where a key is always there.
struct Report: Codable {
    struct Record: Codable {
        var source: String
        var object: String
        var outcome: String
        var size: Int64?
        var seconds: Double?
        var retries: Int?
        var verifiedBy: String?
        var tarMembers: Int?
        var samples: Int?
        var mountpath: String?
        var `class`: String?
        var reason: String?
        var mismatch: String?
        var allowed: Bool?
        var kept: Bool?
    }

    struct Summary: Codable {
        var command: String
        var started: String
        var seconds: Double
        var exitCode: Int32
        var outcomes: [String: Int]
        var failures: [String: Int]
        var missing: [String: String]
        var committedBytes: Int64
        var receivedBytes: Int64
        var retries: Int
        var throttles: Int
        var left: Int?
        var skipped: Bool
        var bmdVersion: UInt64?
        var stopped: String?
        var brake: String?
    }

    var version: Int
    var shards: [Record]
    var summary: Summary

    static func decode(_ data: Data) throws -> Report {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Report.self, from: data)
    }

    /// The record of the object whose name ends with `suffix`.
    func record(_ suffix: String) -> Record? { shards.first { $0.object.hasSuffix(suffix) } }

    /// Outcomes that occurred, with their numbers.
    var counts: [String: Int] { summary.outcomes.filter { $0.value > 0 } }
}
