import Hashing

/// What an item of a list can say: the keys of JSON items and the columns of CSV and TSV.
enum ItemColumn: Hashable {
    case url, name, size, digest
    /// A column of its own for one kind of digest: `sha256`, `md5`, …
    case one(DigestAlgorithm)

    init?(_ text: String) {
        switch Self.normalised(text) {
        case "url": self = .url
        case "name": self = .name
        case "size": self = .size
        case "digest": self = .digest
        case let other:
            guard let algorithm = DigestText.algorithm(other) else { return nil }
            self = .one(algorithm)
        }
    }

    static let known = "url, name, size, digest, or a digest's name such as sha256"

    /// Lower case, without blanks and quotes around it.
    static func normalised(_ text: String) -> String {
        let text = trimmed(Array(text.utf8)[...])
        let plain =
            text.count >= 2 && text.first == ASCII.quote && text.last == ASCII.quote
            ? text.dropFirst().dropLast() : text
        return String(decoding: plain, as: UTF8.self).lowercased()
    }
}
