import Backends
import Hashing
import Planner

/// How what a source has now differs from what a lock says, found before any byte of the body is used.
struct LockedDifference {
    let failureClass: FailureClass
    let reason: String

    /// Nil when both are the same, or when only the bytes can tell. Equal digests (from MD5 up) prove equal bytes, whatever
    /// ETag a server that was moved gives them now.
    init?(_ locked: ListedObject, _ now: ColdGet.Announcement) {
        if let size = locked.size, let total = now.total, size != total {
            self.init(.size, locked, now)
            return
        }
        let told = now.promised.filter { promise in
            promise.parts == nil && !locked.digests.contains { $0.origin == promise.origin }
        }
        for digest in locked.digests {
            guard let other = told.first(where: { $0.digest.algorithm == digest.digest.algorithm }) else { continue }
            if other.digest != digest.digest {
                self.init(.digest, locked, now)
                return
            }
            if digest.digest.algorithm.strength >= DigestAlgorithm.md5.strength { return nil }
        }
        switch locked.validator.isSameObject(as: now.validator) {
        case true: return nil
        case false: self.init(.wrongContent, locked, now)
        case nil:
            // With digests the bytes will tell; with a length alone there is nothing more to ask for.
            let state = locked.validator
            let hasNone = state.etag == nil && state.version == nil && state.lastModified == nil
            guard locked.digests.isEmpty, !hasNone else { return nil }
            self.init(.wrongContent, locked, now)
        }
    }

    private init(_ failureClass: FailureClass, _ locked: ListedObject, _ now: ColdGet.Announcement) {
        self.failureClass = failureClass
        let then = Self.text(locked.size, locked.validator, locked.digests)
        let found = Self.text(now.total, now.validator, now.promised.filter { !locked.digests.contains($0) })
        reason = "the source has moved: locked \(then), now \(found)"
    }

    /// `1024 bytes, ETag "abc", md5 900150…`.
    static func text(_ size: Int64?, _ validator: Validator, _ digests: [PromisedDigest]) -> String {
        var parts = [size.map { "\($0) bytes" } ?? "a length that is not told"]
        if let version = validator.version { parts.append("version \(version)") }
        if let etag = validator.etag { parts.append("ETag \"\(etag)\"") }
        if validator.etag == nil, validator.version == nil, let time = validator.lastModified {
            parts.append("of \(time)")
        }
        let strongest = digests.max { $0.digest.algorithm.strength < $1.digest.algorithm.strength }
        if let digest = strongest?.digest { parts.append("\(digest.algorithm.rawValue) \(digest.hex)") }
        return parts.joined(separator: ", ")
    }
}
