import Hashing

/// Objects that were uploaded in parts. Source: AWS, "Checking object integrity for data uploads".
extension S3Backend {
    private static let composites: [DigestAlgorithm] = [.sha256, .sha1, .crc32c, .crc32]

    /// `MD5-COUNT` as ETag, unless encryption spoils it, and composite checksums (`VALUE-COUNT`, or with the count in the
    /// ETag alone), which only whole answers tell of the whole.
    public func parts(_ head: HTTPResponseHead) -> PartsPromise? {
        guard let etag = Validator(of: head).etag, let total = Validator(of: head).length,
            let (tag, count) = Self.counted(etag)
        else { return nil }
        var digests: [PromisedDigest] = []
        for algorithm in head.status == 200 ? Self.composites : [] {
            let field = "x-amz-checksum-\(algorithm.rawValue)"
            guard let text = head.headers[field].map({ FieldText.trimmed($0) }) else { continue }
            let (value, parts) = Self.counted(text) ?? (text[...], nil)
            let isComposite = parts != nil || head.headers["x-amz-checksum-type"]?.uppercased() == "COMPOSITE"
            guard isComposite, parts ?? count == count, let digest = Digest(algorithm, base64: value) else { continue }
            digests.append(PromisedDigest(digest: digest, origin: field))
        }
        if Self.etagIsMD5(head, bucket), let digest = Digest(.md5, hex: tag) {
            digests.append(PromisedDigest(digest: digest, origin: "ETag"))
        }
        var whole = Self.staying(HTTPRequest(.head, url: head.url, headers: [HTTPHeader("If-Match", "\"\(etag)\"")]))
        whole.bringsCredentials = true
        return PartsPromise(count: count, total: total, digests: digests, whole: whole)
    }

    /// `VALUE-COUNT`, taken apart.
    private static func counted(_ text: String) -> (value: Substring, count: Int)? {
        guard let dash = text.lastIndex(of: "-"), let count = Int(text[text.index(after: dash)...]), count > 0 else {
            return nil
        }
        return (text[..<dash], count)
    }
}
