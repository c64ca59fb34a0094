import Backends
import Foundation
import NodeStore

/// What a listing says about an object's state, compared with what the store knows of the one it has.
public struct ListedState {
    private let listed: ListedObject

    public init(_ listed: ListedObject) { self.listed = listed }

    /// Whether both are the same bytes: decided by the first of version, ETag, a digest, time of change that both have.
    /// Nil when they have none in common.
    public func isSame(as stored: LOM) -> Bool? {
        if let version = listed.version, let kept = stored.custom[CustomKeys.version] { return version == kept }
        if let etag = listed.validator.etag, let kept = stored.custom[CustomKeys.etag] { return etag == kept }
        for promised in listed.digests {
            if let kept = Self.digest(promised.digest.algorithm.rawValue, of: stored) {
                return promised.digest.hex == kept
            }
        }
        guard let changed = listed.validator.lastModified.flatMap({ HTTPDate.parse($0) }),
            let kept = Self.changed(stored)
        else { return nil }
        return changed == kept
    }

    /// A digest of the object in the store, in hexadecimal.
    private static func digest(_ algorithm: String, of stored: LOM) -> String? {
        if stored.checksumType.algorithm?.rawValue == algorithm { return stored.checksumValue }
        switch algorithm {
        case "md5": return stored.custom[CustomKeys.md5]
        case "crc32c":
            guard let text = stored.custom[CustomKeys.crc32c], let bytes = Data(base64Encoded: text) else { return nil }
            return bytes.map { String(format: "%02x", $0) }.joined()
        default: return nil
        }
    }

    private static func changed(_ stored: LOM) -> Int64? {
        if let text = stored.custom[CustomKeys.lastModified] { return HTTPDate.parseRFC3339(text) }
        return stored.custom[CustomKeys.lastModifiedHTTP].flatMap { HTTPDate.parse($0) }
    }
}
