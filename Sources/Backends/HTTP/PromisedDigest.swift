import Hashing

/// A digest that someone gave for the whole object before it was read, and who did.
public struct PromisedDigest: Sendable, Hashable, CustomStringConvertible {
    public let digest: Digest
    /// A header's name (`Repr-Digest`, `ETag`) or a list's (`SHA256SUMS`).
    public let origin: String

    public init(digest: Digest, origin: String) {
        self.digest = digest
        self.origin = origin
    }

    /// As `verified_by` says it: `sha256 (SHA256SUMS)`.
    public var description: String { "\(digest.algorithm.rawValue) (\(origin))" }
}
