import Backends
import Hashing

/// `URL.sha256` and its kin: one checksum, beside the file that it belongs to.
enum Sidecar {
    /// The sidecar's URL: the suffix goes behind the path, before a query.
    static func url(for url: String, kind: String) -> String {
        let end = url.firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
        return "\(url[..<end]).\(kind)\(url[end...])"
    }

    /// The first word, or the word behind `=` (BSD form), as a digest.
    /// - Throws: `ShardFailure` when the file holds no such digest.
    static func digest(in text: String, kind: String, url: String) throws(ShardFailure) -> PromisedDigest {
        let words = text.split(whereSeparator: \.isWhitespace).prefix(8)
        if let algorithm = DigestAlgorithm(rawValue: kind) {
            for word in words {
                if let digest = Digest(algorithm, hex: String(word)) {
                    return PromisedDigest(digest: digest, origin: ".\(kind)")
                }
            }
        }
        throw ShardFailure(.digest, "\(url) holds no \(kind) checksum")
    }
}
