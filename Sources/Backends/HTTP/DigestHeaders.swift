import Hashing

/// The digests that an answer promises for the bytes that aismove stores: the object's, as sent, never decoded.
///
/// - `Repr-Digest` (RFC 9530) speaks of the selected representation, which includes its content coding: the stored
///   bytes, on 200 and 206 alike. `Content-Digest` speaks of this message's content: only on 200.
/// - `Digest` (RFC 3230) speaks of the instance, `Content-MD5` (RFC 1864) of this body: the latter only on 200.
/// - `x-goog-hash` and `x-amz-checksum-*` speak of what the provider stores. A part's checksum may come with a 206
///   of S3, so there they are ignored.
/// - An ETag is an MD5 only where the caller knows it.
///
/// Servers and their proxies disagree on what the older fields mean once a content coding is in play: then only the
/// fields of RFC 9530 count. Whatever cannot be parsed, or is of an algorithm unknown here, is left out.
public enum DigestHeaders {
    /// The promised digests, strongest sources first; the same digest from two fields counts once.
    /// Empty for statuses other than 200 and 206.
    public static func promised(in head: HTTPResponseHead, etagIsMD5: Bool) -> [PromisedDigest] {
        guard head.status == 200 || head.status == 206 else { return [] }
        guard etagIsMD5 || head.headers.contains(where: isDigestField) else { return [] }
        let isWhole = head.status == 200
        let isCoded = !FieldText.contentCodings(head.headers).isEmpty
        var found = structured("Repr-Digest", in: head)
        if isWhole { found += structured("Content-Digest", in: head) }
        if !isCoded {
            found += instance(in: head) + google(in: head)
            if isWhole { found += amazon(in: head) + contentMD5(in: head) }
            if etagIsMD5 { found += etag(in: head) }
        }
        var seen: Set<Digest> = []
        return found.filter { seen.insert($0.digest).inserted }
    }

    /// Most answers promise nothing: one look at each name tells.
    private static func isDigestField(_ name: Span<UInt8>) -> Bool {
        func isOne(of names: String...) -> Bool { names.contains { HTTPHeaders.sameName(name, $0.utf8.span) } }
        switch name.count {
        case 6: return isOne(of: "Digest")
        case 11: return isOne(of: "Repr-Digest", "Content-MD5", "x-goog-hash")
        case 14: return isOne(of: "Content-Digest")
        case 18...: return HTTPHeaders.sameName(name.extracting(first: 15), "x-amz-checksum-".utf8.span)
        default: return false
        }
    }

    /// `sha-256=:base64:, sha-512=:base64:` (RFC 9530; a dictionary of RFC 8941, parameters ignored).
    private static func structured(_ field: String, in head: HTTPResponseHead) -> [PromisedDigest] {
        var found: [DigestAlgorithm: Digest] = [:]
        var order: [DigestAlgorithm] = []
        for member in FieldText.list(head.headers.all(field)) {
            guard let (key, item) = FieldText.keyed(member), let algorithm = registered(key), item.hasPrefix(":")
            else { continue }
            let parts = item.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let digest = base64(algorithm, String(parts[1])) else { continue }
            let rest = FieldText.trimmed(parts[2])
            guard rest.isEmpty || rest.hasPrefix(";") else { continue }
            if found.updateValue(digest, forKey: algorithm) == nil { order.append(algorithm) }
        }
        return order.compactMap { found[$0] }.map { PromisedDigest(digest: $0, origin: field) }
    }

    /// `SHA-256=base64,MD5=base64,CRC32c=hex` (RFC 3230; `id-` is the same where nothing is coded). Hex is taken
    /// for every algorithm: servers send it, and its length cannot be mistaken for base64's.
    private static func instance(in head: HTTPResponseHead) -> [PromisedDigest] {
        FieldText.list(head.headers.all("Digest")).compactMap { member in
            guard let (key, value) = FieldText.keyed(member),
                let algorithm = registered(key.hasPrefix("id-") ? String(key.dropFirst(3)) : key),
                let digest = base64(algorithm, value) ?? Digest(algorithm, hex: value)
            else { return nil }
            return PromisedDigest(digest: digest, origin: "Digest")
        }
    }

    /// `crc32c=base64,md5=base64`, in one field or several. They speak of the stored object: where that is coded
    /// and this answer is not, Google has decoded it on the way and the hashes are of other bytes.
    private static func google(in head: HTTPResponseHead) -> [PromisedDigest] {
        let stored = FieldText.trimmed(head.headers["x-goog-stored-content-encoding"] ?? "").lowercased()
        guard stored.isEmpty || stored == "identity" else { return [] }
        return googleHashes(in: head)
    }

    /// The hashes of the object as it is stored, whatever was sent.
    static func googleHashes(in head: HTTPResponseHead) -> [PromisedDigest] {
        FieldText.list(head.headers.all("x-goog-hash")).compactMap { member in
            guard let (key, value) = FieldText.keyed(member), key == "crc32c" || key == "md5",
                let algorithm = registered(key), let digest = base64(algorithm, value)
            else { return nil }
            return PromisedDigest(digest: digest, origin: "x-goog-hash")
        }
    }

    /// Full-object checksums; a composite one (of a multipart upload, `…-N`) is a digest of digests.
    private static func amazon(in head: HTTPResponseHead) -> [PromisedDigest] {
        let type = FieldText.trimmed(head.headers["x-amz-checksum-type"] ?? "").uppercased()
        guard type != "COMPOSITE" else { return [] }
        return [DigestAlgorithm.sha256, .sha1, .crc64nvme, .crc32c, .crc32].compactMap { algorithm in
            let field = "x-amz-checksum-\(algorithm.rawValue)"
            guard let value = head.headers[field], !value.contains("-"),
                let digest = base64(algorithm, FieldText.trimmed(value))
            else { return nil }
            return PromisedDigest(digest: digest, origin: field)
        }
    }

    private static func contentMD5(in head: HTTPResponseHead) -> [PromisedDigest] {
        guard let value = head.headers["Content-MD5"], let digest = base64(.md5, FieldText.trimmed(value)) else {
            return []
        }
        return [PromisedDigest(digest: digest, origin: "Content-MD5")]
    }

    private static func etag(in head: HTTPResponseHead) -> [PromisedDigest] {
        guard let etag = Validator(of: head).etag, let digest = Digest(.md5, hex: etag) else { return [] }
        return [PromisedDigest(digest: digest, origin: "ETag")]
    }

    /// IANA's "Hash Algorithms for HTTP Digest Fields", those that can be computed here.
    private static func registered(_ key: String) -> DigestAlgorithm? {
        switch key {
        case "sha-512": .sha512
        case "sha-256": .sha256
        case "sha": .sha1
        case "md5": .md5
        case "crc32c": .crc32c
        default: nil
        }
    }

    /// Padding may be missing (RFC 8941, 4.2.7).
    private static func base64(_ algorithm: DigestAlgorithm, _ text: String) -> Digest? {
        guard text.utf8.count <= 128 else { return nil }
        return Digest(algorithm, base64: text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4))
    }
}
