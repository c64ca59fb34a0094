import ObjectModel

/// The custom keys that an AIS node keeps with an object that came over HTTP (`cmn/cos` names), in writing order.
public enum CustomMetadata {
    /// For an object in an `ht://` bucket (`provider` is `.ht`; a node's cold GET): `source` = `ht`, `ETag` when
    /// strong, `orig_url`. For any other bucket (a node's download job): `source` = `web`, `ETag` when strong,
    /// `orig_url`, `LastModified` in RFC 3339.
    /// - Parameter originalURL: as requested, before redirects.
    public static func http(
        _ head: HTTPResponseHead, originalURL: String, into provider: Provider
    ) -> [(String, String)] {
        http(Validator(of: head), originalURL: originalURL, into: provider)
    }

    /// The same for an answer whose validator is known already.
    public static func http(
        _ validator: Validator, originalURL: String, into provider: Provider
    ) -> [(String, String)] {
        var keys = [("source", provider == .ht ? "ht" : "web")]
        if let etag = validator.etag { keys.append(("ETag", etag)) }
        keys.append(("orig_url", bareURL(originalURL)))
        if provider != .ht, let seconds = validator.lastModified.flatMap({ HTTPDate.parse($0) }) {
            keys.append(("LastModified", HTTPDate.formatRFC3339(seconds)))
        }
        return keys
    }

    /// What the keys of a stored object say about the state it was read in, to ask the source whether it changed.
    /// `version` is there for providers that have versions. Takes `LastModified` (RFC 3339) and `Last-Modified` (HTTP date).
    public static func validator(custom: [(String, String)], size: Int64) -> Validator {
        let value = { (key: String) in custom.first { $0.0 == key }?.1 }
        let seconds =
            value("LastModified").flatMap { HTTPDate.parseRFC3339($0) }
            ?? value("Last-Modified").flatMap { HTTPDate.parse($0) }
        return Validator(
            etag: value("ETag").flatMap { Validator.strongETag("\"\($0)\"") },
            lastModified: seconds.map(HTTPDate.format), length: size, version: value("version"))
    }

    /// The URL without userinfo, query and fragment, otherwise as written.
    public static func bareURL(_ url: String) -> String { URLText.redacted(url) }
}
