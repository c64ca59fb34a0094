import Backends
import ObjectModel

/// Objects of a bucket at a provider, and which of them are asked for.
public struct BucketSource: Sendable {
    public enum Names: Sendable {
        /// What the provider lists under a prefix; empty = all of the bucket.
        case listing(prefix: String)
        /// Keys that are tried; no listing is needed.
        case template(Template)
        /// Keys with their objects' names: what a repair, a retry or a lock asks for.
        case known(KnownShards)
    }

    /// The bucket as written: an attached cluster may still stand there by its alias, an `ais://` bucket for its backend.
    public let address: BucketAddress
    public let names: Names
    /// How many of a key's first bytes its object's name lacks: with `--to`, the longest directory without a range.
    let droppedBytes: Int

    /// - Parameter isRenamed: `--to` is given: names are those below the longest directory that holds no range.
    public init(_ address: BucketAddress, names: Names, isRenamed: Bool) {
        self.address = address
        self.names = names
        droppedBytes = isRenamed ? Self.start(of: names).lastIndex(of: ASCII.slash).map { $0 + 1 } ?? 0 : 0
    }

    public var template: Template? {
        guard case .template(let template) = names else { return nil }
        return template
    }

    /// The prefix to list; nil where keys are known or tried.
    public var prefix: String? {
        guard case .listing(let prefix) = names else { return nil }
        return prefix
    }

    /// What reports call a key's source: `s3://data/a/b.tar`.
    public func shown(_ key: String) -> String { "\(address.bucket.cname)/\(key)" }

    /// The name that a key's object gets, not validated.
    func object(of key: String, below subdirectory: String) -> String {
        let name = droppedBytes == 0 ? key : String(Substring(key.utf8.dropFirst(droppedBytes)))
        return subdirectory.isEmpty ? name : "\(subdirectory)/\(name)"
    }

    /// The key of an object's name: `object(of:below:)` the other way.
    func key(of object: String, below subdirectory: String) -> String {
        let depth = subdirectory.isEmpty ? 0 : subdirectory.utf8.count + 1
        return String(decoding: start.prefix(droppedBytes) + Array(object.utf8.dropFirst(depth)), as: UTF8.self)
    }

    /// What every key begins with.
    var start: [UInt8] { Self.start(of: names) }

    private static func start(of names: Names) -> [UInt8] {
        switch names {
        case .listing(let prefix): Array(prefix.utf8)
        case .template(let template): template.literals[0]
        case .known: []
        }
    }

    /// Places (bucket and name) of all names of a template; nil where names are not a template.
    func places(in bucket: Bucket, below subdirectory: String) -> Template? {
        guard let template else { return nil }
        var literals = template.literals
        let directory = subdirectory.isEmpty ? "" : "\(subdirectory)/"
        literals[0] = Array("\(bucket.uname)/\(directory)".utf8) + literals[0].dropFirst(droppedBytes)
        return Template(text: template.text, literals: literals, ranges: template.ranges)
    }
}
