/// The page's own directory, and which references name a file right in it. String rules only: what is not plainly
/// a file here (another origin or directory, a query, a fragment, a directory) is not listed.
struct IndexReferences {
    enum Meaning: Equatable {
        case file(name: String, url: String)
        case refused(String)
        /// A parent, a directory, a sort link, another place.
        case elsewhere
    }

    /// `https://host/dir/`, as given.
    private let directoryURL: [UInt8]
    /// `https://host[:port]` in lower case, without userinfo.
    private let origin: [UInt8]
    /// `/dir/`, decoded.
    private let directoryPath: [UInt8]

    /// nil when `pageURL` has no scheme or no host.
    init?(pageURL: String) {
        let url = Array(pageURL.utf8.prefix { $0 != 0x3F && $0 != 0x23 })
        guard let schemeEnd = Self.schemeEnd(url), url[schemeEnd...].starts(with: Array("//".utf8)) else { return nil }
        let authority = url[(schemeEnd + 2)...].prefix { $0 != 0x2F }
        let host = authority.suffix(from: authority.lastIndex(of: 0x40).map { $0 + 1 } ?? authority.startIndex)
        guard !host.isEmpty else { return nil }
        origin = Self.lowercased(url[..<(schemeEnd + 2)] + host)
        let path = url[authority.endIndex...]
        let directory = path.lastIndex(of: 0x2F).map { Array(path[...$0]) } ?? [0x2F]
        directoryURL = url[..<authority.endIndex] + directory
        directoryPath = PercentEncoding.decoded(directory)
    }

    /// - Parameter reference: the value of `href`, entities decoded.
    func meaning(of reference: [UInt8]) -> Meaning {
        let trimmed = reference.drop { $0 <= 0x20 }
        var rest = trimmed[..<((trimmed.lastIndex { $0 > 0x20 }).map { $0 + 1 } ?? trimmed.startIndex)]
        guard !rest.isEmpty, !rest.contains(0x3F), !rest.contains(0x23) else { return .elsewhere }
        if let end = Self.schemeEnd(Array(rest)) {
            guard Self.lowercased(rest.prefix(origin.count)) == origin, end < origin.count else { return .elsewhere }
            rest = rest.dropFirst(origin.count)
            guard rest.first == 0x2F else { return .elsewhere }
        }
        if rest.first == 0x2F {
            guard let slash = rest.lastIndex(of: 0x2F), PercentEncoding.decoded(rest[...slash]) == directoryPath else {
                return .elsewhere
            }
            rest = rest[(slash + 1)...]
        }
        while rest.starts(with: Array("./".utf8)) { rest = rest.dropFirst(2) }
        guard !rest.isEmpty, !rest.contains(0x2F) else { return .elsewhere }
        return file(PercentEncoding.decoded(rest), encoded: PercentEncoding.repaired(rest))
    }

    /// - Parameter name: as a listing gives it, not encoded.
    func meaning(ofPlainName name: String) -> Meaning {
        let bytes = Array(name.utf8)
        return file(bytes, encoded: PercentEncoding.encoded(bytes))
    }

    private func file(_ name: [UInt8], encoded: [UInt8]) -> Meaning {
        guard !name.isEmpty, name != Array(".".utf8), name != Array("..".utf8) else { return .elsewhere }
        guard !name.contains(0x2F) else { return .refused("a slash inside a file name") }
        guard let text = String(validating: name, as: UTF8.self) else { return .refused("the name is not UTF-8") }
        return .file(name: text, url: String(decoding: directoryURL + encoded, as: UTF8.self))
    }

    /// Index of the `:` that ends a scheme, plus one; nil when there is none before the first `/`.
    private static func schemeEnd(_ url: [UInt8]) -> Int? {
        guard let colon = url.firstIndex(of: 0x3A), colon > 0, isLetter(url[0]) else { return nil }
        let scheme = url[..<colon]
        let isScheme = scheme.allSatisfy {
            isLetter($0) || ($0 >= 0x30 && $0 <= 0x39) || [0x2B, 0x2D, 0x2E].contains($0)
        }
        return isScheme ? colon + 1 : nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

    private static func lowercased(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    }
}
