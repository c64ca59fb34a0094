import Hashing

/// A digest that someone gave for the whole object before it was read, and who did.
public struct PromisedDigest: Sendable, Hashable, CustomStringConvertible {
    public let digest: Digest
    /// A header's name (`Repr-Digest`, `ETag`) or a list's (`SHA256SUMS`).
    public let origin: String
    /// Where it is a digest of the parts' digests, as of multipart uploads: the parts' sizes in order, in bytes.
    public let parts: [Int64]?

    public init(digest: Digest, origin: String, parts: [Int64]? = nil) {
        self.digest = digest
        self.origin = origin
        self.parts = parts
    }

    /// `sha256`, `md5 of 3 parts`.
    public var name: String {
        digest.algorithm.rawValue + (parts.map { " of \($0.count) part\($0.count == 1 ? "" : "s")" } ?? "")
    }

    /// As `verified_by` says it: `sha256 (SHA256SUMS)`, `md5 of 3 parts (ETag)`.
    public var description: String { "\(name) (\(origin))" }
}
