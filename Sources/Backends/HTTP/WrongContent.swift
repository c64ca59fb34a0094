/// Finds error pages that a server sent with status 200 in place of an object.
///
/// Only names that promise a binary format are judged: a page under `a.json`, `a.html`, `a.txt` or `a` may well be
/// the object. A page is text (no control bytes) that begins with `<`, `{` or `[`; no format in the table does.
/// A tar may begin with them, when its first member's name does, but then its header holds zero bytes.
/// Where the server itself says HTML, XML or JSON, any text counts as a page, except for a tar: the tar check is
/// the better judge there. Binary bytes are accepted whatever the server calls them.
public enum WrongContent {
    /// How many bytes of the body decide.
    public static let examinedBytes = 512

    /// Why the body cannot be the object `name`, nil when it can.
    /// - Parameter firstBytes: the body's beginning, `examinedBytes` of it or all of it when shorter.
    public static func reason(name: String, head: HTTPResponseHead, firstBytes: RawSpan) -> String? {
        // The bytes first: nearly all objects are told by their first few.
        guard let look = look(firstBytes), let format = BinaryFormat(name: name) else { return nil }
        let type = FieldText.mediaType(head.headers["Content-Type"])
        let isPageType = type.map(isPage) ?? false
        guard look != .otherText || (isPageType && !format.isTar) else { return nil }
        let what =
            switch look {
            case .markup: "begins like an HTML or XML page"
            case .json: "begins like JSON"
            case .otherText: "is text"
            }
        let said = type.map { "Content-Type \($0)" } ?? "no Content-Type"
        return "wrong content: the answer \(what) (\(said)), not like a .\(format.fileExtension) file"
    }

    private enum Look { case markup, json, otherText }

    /// nil for binary bytes and for no bytes.
    private static func look(_ bytes: RawSpan) -> Look? {
        var first: UInt8?
        let start = hasByteOrderMark(bytes) ? 3 : 0
        for offset in start..<max(start, min(bytes.byteCount, examinedBytes)) {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
            let isSpace = byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
            guard isSpace || (byte > 0x20 && byte != 0x7F) else { return nil }
            if first == nil && !isSpace { first = byte }
        }
        switch first {
        case nil: return nil
        case 0x3C: return .markup
        case 0x7B, 0x5B: return .json
        default: return .otherText
        }
    }

    private static func hasByteOrderMark(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= 3 else { return false }
        return (0..<3).allSatisfy {
            bytes.unsafeLoad(fromUncheckedByteOffset: $0, as: UInt8.self) == [0xEF, 0xBB, 0xBF][$0]
        }
    }

    private static func isPage(_ type: String) -> Bool {
        switch type {
        case "text/html", "application/xhtml+xml", "application/json", "text/json", "application/xml", "text/xml": true
        default: type.hasSuffix("+json") || type.hasSuffix("+xml")
        }
    }
}

/// A format that a name promises and that is never text.
struct BinaryFormat {
    let fileExtension: String
    /// Checked as a tar later, compressed or not.
    let isTar: Bool

    private static let tars: Set<String> = [
        "tar", "tgz", "tbz", "tbz2", "txz", "tzst", "tar.gz", "tar.bz2", "tar.xz", "tar.zst", "tar.lz4",
    ]

    private static let others: Set<String> = [
        "gz", "bz2", "xz", "zst", "lz4", "zip", "7z", "rar",
        "jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff", "avif", "heic", "jp2", "jxl",
        "mp3", "mp4", "m4a", "m4v", "aac", "flac", "ogg", "opus", "wav", "avi", "mkv", "mov", "webm",
        "npy", "npz", "parquet", "arrow", "feather", "orc", "avro", "tfrecord", "tfrecords", "h5", "hdf5",
        "safetensors", "pt", "pth",
    ]

    /// nil when the name promises nothing of the kind.
    init?(name: String) {
        let leaf = name.split(separator: "/").last ?? ""
        let parts = leaf.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.last else { return nil }
        let lastTwo = parts.suffix(2).joined(separator: ".")
        if parts.count > 2 && Self.tars.contains(lastTwo) {
            (fileExtension, isTar) = (lastTwo, true)
        } else if Self.tars.contains(String(last)) {
            (fileExtension, isTar) = (String(last), true)
        } else if Self.others.contains(String(last)) {
            (fileExtension, isTar) = (String(last), false)
        } else {
            return nil
        }
    }
}
