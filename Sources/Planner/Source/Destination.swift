import ObjectModel

/// A bucket that shards go to, and what has to be known to register it.
public struct Destination: Sendable, Hashable {
    public let bucket: Bucket
    /// Of an `ht://` bucket: the directory URL with its scheme, AIStore's `extra.http.original_url`.
    public let originalURL: String?

    public init(bucket: Bucket, originalURL: String? = nil) {
        self.bucket = bucket
        self.originalURL = originalURL
    }

    /// Where an object goes, as the places of templates are written.
    func place(of object: String) -> String {
        originalURL.map { "ht" + $0.drop { $0 != ":" } + object } ?? bucket.objectUname(object)
    }

    /// Why this destination cannot be used with a bucket that is already registered with `registeredURL`: http and
    /// https of one directory are the same bucket, but the node asks only the URL it knows. Nil when it can.
    public func refusal(registeredURL: String?) -> SourceError? {
        guard let originalURL, let registeredURL, originalURL != registeredURL else { return nil }
        return SourceError(
            word: originalURL,
            reason: "bucket \(bucket.cname) is registered for \(registeredURL);"
                + " use that URL, or give --to ais://BUCKET for a bucket of its own")
    }

    /// AIStore 5.0 has no `ht` provider. Nil when the store's format can hold this bucket.
    public func refusal(storeFormatHasHT: Bool) -> SourceError? {
        guard bucket.provider == .ht, !storeFormatHasHT else { return nil }
        return SourceError(
            word: originalURL ?? bucket.cname,
            reason: "a store of format 5.0 cannot hold an ht:// bucket; give --to ais://BUCKET[/subdir]")
    }

    /// The one line for an `ht://` bucket in a store of format 4.9; nil for other buckets.
    public var notice: String? {
        guard bucket.provider == .ht else { return nil }
        return "\(bucket.cname): nodes of AIStore 5.0 cannot address ht:// buckets; --to ais://BUCKET is the remedy"
    }
}
