import Backends
import ObjectModel

/// Objects of a bucket at a provider, and which of them are asked for.
public struct BucketSource: Sendable {
    public enum Names: Sendable {
        /// What the provider lists under a prefix; empty = all of the bucket.
        case listing(prefix: String)
        /// Keys that are tried; no listing is needed.
        case template(Template)
        /// Keys with their objects' names: of repairs and locks.
        case known([Entry])
    }

    /// One known object: its key at the source, its name in the store.
    public struct Entry: Sendable, Hashable {
        public let key: String
        public let object: String
        /// Its state, where a lock says it.
        public let listed: ListedObject?

        public init(key: String, object: String, listed: ListedObject? = nil) {
            self.key = key
            self.object = object
            self.listed = listed
        }
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
        droppedBytes = isRenamed ? Self.directoryBytes(names) : 0
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

    /// Places (bucket and name) of all names of a template; nil where names are not a template.
    func places(in bucket: Bucket, below subdirectory: String) -> Template? {
        guard let template else { return nil }
        var literals = template.literals
        let directory = subdirectory.isEmpty ? "" : "\(subdirectory)/"
        literals[0] = Array("\(bucket.uname)/\(directory)".utf8) + literals[0].dropFirst(droppedBytes)
        return Template(text: template.text, literals: literals, ranges: template.ranges)
    }

    private static func directoryBytes(_ names: Names) -> Int {
        switch names {
        case .listing(let prefix): bytes(upToSlashOf: Array(prefix.utf8))
        case .template(let template): bytes(upToSlashOf: template.literals[0])
        case .known: 0
        }
    }

    private static func bytes(upToSlashOf text: [UInt8]) -> Int {
        text.lastIndex(of: ASCII.slash).map { $0 + 1 } ?? 0
    }
}
