import Foundation
import TestSupport

/// What `Tests/Tools/read_store.py` found on the mountpaths; never read with aismove's own code.
struct Disk: Decodable {
    struct Bucket: Decodable {
        var provider: String
        var ns: String
        var name: String
        var bid: String
        /// JSON text.
        var props: String
    }

    struct BMD: Decodable {
        var path: String
        var uuid: String
        var version: String
        var buckets: [Bucket]
    }

    struct Object: Decodable {
        var path: String
        var mountpath: String
        /// `ais/@#/imagenet`
        var bucket: String
        var name: String
        var size: Int
        var version: String?
        var checksum: String
        var sha256: String
        var custom: [String: String]
        /// Further copies in a mirrored bucket, on this host.
        var copies: [String]
    }

    /// What a node would trip over; empty when all is well.
    var problems: [String]
    var bmd: [BMD]
    var objects: [Object]
    /// Work files and sidecars of partial transfers.
    var leftovers: [String]
    /// Empty directories below `%ob`.
    var empty: [String]

    static func read(_ mountpaths: [String]) throws -> Disk {
        let script = "\(TestSupport.repositoryRoot)/Tests/Tools/read_store.py"
        let result = try TestSupport.runChecked(TestSupport.python, ["-B", script] + mountpaths)
        return try JSONDecoder().decode(Disk.self, from: result.stdout)
    }

    func object(_ name: String) -> Object? { objects.first { $0.name == name } }
    var names: [String] { objects.map(\.name).sorted() }
}
