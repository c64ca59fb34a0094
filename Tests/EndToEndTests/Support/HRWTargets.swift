import Foundation
import TestSupport
import Testing

/// Which of several targets has which shard of `ais://imagenet`, as AIStore itself says (`hrw-targets.json`).
struct HRWTargets: Decodable {
    struct Placed: Decodable {
        var target: String
        var uname: String
    }

    var placed: [Placed]
    var targetIds: [String]

    static func vector() throws -> HRWTargets {
        let fixture = "\(TestSupport.repositoryRoot)/Tests/NodeStoreTests/Fixtures/hrw-targets.json"
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let all = try decoder.decode([HRWTargets].self, from: Data(contentsOf: URL(fileURLWithPath: fixture)))
        let vector = try #require(all.first { $0.targetIds.count >= 3 })
        #expect(vector.expected.count < vector.names.count && !vector.expected.isEmpty)
        return vector
    }

    private static let prefix = "ais/@#/imagenet/"
    private var shards: [Placed] { placed.filter { $0.uname.hasPrefix(Self.prefix) } }

    /// The target that has the first of them.
    var node: String { shards.first?.target ?? "" }
    var names: [String] { shards.map { String($0.uname.dropFirst(Self.prefix.count)) } }
    /// Those that `node` has, sorted.
    var expected: [String] {
        shards.filter { $0.target == node }.map { String($0.uname.dropFirst(Self.prefix.count)) }.sorted()
    }
}
