import Backends
import Hashing
import ObjectModel

/// One shard of a lock: which state of it is meant, and where it was. Keys as in docs/lock.md.
public struct LockEntry: Sendable, Hashable, Codable {
    /// `ais://imagenet/train/train-000000.tar`.
    public var object: String
    /// Number of its source, counted from 0.
    public var source: Int
    /// Without userinfo and query; of a bucket's object `s3://data/a/b.tar`.
    public var url: String
    /// Bytes.
    public var size: Int64
    /// Strong, without its quotes.
    public var etag: String?
    /// Version ID or generation.
    public var version: String?
    /// RFC 3339; only where nothing else tells one state from another.
    public var modified: String?
    /// Lower-case hexadecimal by algorithm.
    public var digests: [String: String]?

    /// - Parameters:
    ///   - state: what the source says of it; its name counts for nothing.
    ///   - size: of the whole object, in bytes.
    public init(object: String, source: Int, url: String, size: Int64, state: ListedObject) {
        self.object = object
        self.source = source
        self.url = url
        self.size = size
        etag = state.validator.etag
        version = state.version ?? state.validator.version
        if etag == nil, version == nil {
            modified = state.validator.lastModified.flatMap { HTTPDate.parse($0) }.map(HTTPDate.formatRFC3339)
        }
        for promised in state.digests where promised.parts == nil { add(promised.digest) }
    }

    /// The first digest of an algorithm counts.
    public mutating func add(_ digest: Digest) {
        let known = digests?[digest.algorithm.rawValue]
        digests = (digests ?? [:]).merging([digest.algorithm.rawValue: known ?? digest.hex]) { $1 }
    }

    /// Whether both were made of the same state at the source.
    public func isSameState(as other: LockEntry) -> Bool {
        url == other.url && size == other.size && etag == other.etag && version == other.version
            && modified == other.modified
    }

    /// The state as a listing would tell it.
    /// - Parameter origin: what promised digests are said to come from.
    /// - Throws: a sentence, when a digest or the time is malformed.
    func state(named name: String, origin: String) throws(Malformed) -> ListedObject {
        var promised: [PromisedDigest] = []
        for (name, hex) in (digests ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let algorithm = DigestAlgorithm(rawValue: name) else {
                throw Malformed(reason: "digest \"\(name)\" is not known; known are \(Self.algorithms)")
            }
            guard let digest = Digest(algorithm, hex: hex) else {
                throw Malformed(reason: "\(name) has \(algorithm.byteCount * 2) hexadecimal digits")
            }
            promised.append(PromisedDigest(digest: digest, origin: origin))
        }
        let seconds = modified.flatMap { HTTPDate.parseRFC3339($0) }
        if modified != nil, seconds == nil { throw Malformed(reason: "\"modified\" is no time of RFC 3339") }
        let validator = Validator(
            etag: etag, lastModified: seconds.map(HTTPDate.format), length: size, version: version)
        return ListedObject(name: name, size: size, validator: validator, version: version, digests: promised)
    }

    struct Malformed: Error {
        let reason: String
    }

    private static let algorithms = DigestAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
}
