import Backends
import Hashing

/// Makes an item of the values that a list gives for it, whatever its format.
struct ItemBuilder {
    let input: ListInput
    /// URL of the directory that names stand beside; ends in a slash.
    let base: String?
    /// What `verified_by` calls the list: its file without directories.
    let origin: String

    var url: [UInt8]?
    var name: [UInt8]?
    var size: String?
    var digests: [PromisedDigest] = []
    var line = 0

    init(_ input: ListInput, base: String?) {
        self.input = input
        self.base = base
        let file = input.file == "-" ? "list" : URLText.redacted(input.file)
        origin = file.split(separator: "/").last.map(String.init) ?? file
    }

    /// An empty one for the next item, which begins at `line`.
    func fresh(line: Int) -> ItemBuilder {
        var next = self
        (next.url, next.name, next.size, next.digests, next.line) = (nil, nil, nil, [], line)
        return next
    }

    mutating func set(_ column: ItemColumn, _ value: [UInt8]) throws(ListError) {
        guard !value.isEmpty else { return }
        switch column {
        case .url: url = value
        case .name: name = value
        case .size: size = String(decoding: value, as: UTF8.self)
        case .digest: try add(String(decoding: value, as: UTF8.self), nil)
        case .one(let algorithm): try add(String(decoding: value, as: UTF8.self), algorithm)
        }
    }

    private mutating func add(_ text: String, _ algorithm: DigestAlgorithm?) throws(ListError) {
        do throws(DigestText.Fault) {
            let digest = if let algorithm { try DigestText.parse(text, algorithm) } else { try DigestText.parse(text) }
            digests.append(PromisedDigest(digest: digest, origin: origin))
        } catch {
            throw input.error(error.description, line: line)
        }
    }

    func item() throws(ListError) -> ListedItem {
        var item = ListedItem(url: "", digests: digests, line: line)
        if let name { item.name = text(name, &item) }
        item.url = try requestURL(&item)
        if let size {
            guard let bytes = Int64(size), bytes >= 0, size.utf8.allSatisfy(ASCII.isDigit) else {
                throw input.error("size \"\(size.prefix(40))\" is not a number of bytes", line: line)
            }
            item.size = bytes
        }
        return item
    }

    /// The URL given, or the name beside the base URL.
    private func requestURL(_ item: inout ListedItem) throws(ListError) -> String {
        if let url, let scheme = URLText.scheme(url) {
            guard scheme == "http" || scheme == "https" else {
                throw input.error("expected an http:// or https:// URL, not \(scheme)://", line: line)
            }
            _ = text(url, &item)
            let cut = url.prefix { $0 != ASCII.hash }
            return String(decoding: PercentEscape.completed(cut), as: UTF8.self)
        }
        guard let base else {
            let what = url == nil ? "expected a URL" : "expected an http:// or https:// URL"
            throw input.error("\(what) (names alone need a base URL beside the list)", line: line)
        }
        guard let relative = url ?? name else { throw input.error("expected a URL or a name", line: line) }
        if item.name == nil { item.name = text(relative, &item) }
        return base + String(decoding: PercentEscape.path(relative), as: UTF8.self)
    }

    /// Bytes that are no text are kept as a defect of this item: the list goes on.
    private func text(_ bytes: [UInt8], _ item: inout ListedItem) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        item.defect = "is not valid UTF-8"
        return String(decoding: bytes, as: UTF8.self)
    }
}
