/// How a list is written. Told from its content, never from its file's name.
public enum ListFormat: String, Sendable, CaseIterable {
    /// A URL a line; blank lines and lines that begin with `#` are skipped.
    case urls
    /// `["URL", {"url": …, "name": …, "size": …, "digest": …}, …]`
    case jsonList
    /// `{"name": "URL", …}`
    case jsonMap
    /// An object a line (or one after the other).
    case jsonLines
    /// With a header: url, name, size, digest; separated by commas.
    case csv
    /// As csv, separated by tabs.
    case tsv
    /// `sha256sum` and its relatives, GNU or BSD form.
    case checksums

    /// Bytes looked at before deciding.
    static let lookaheadBytes = 64 << 10

    /// Decides from the first line that says anything. `hasBase`: lines may be names beside a base URL.
    static func sniff(_ input: ListInput, hasBase: Bool) throws(ListError) -> ListFormat? {
        if try input.lookahead(3).elementsEqual([0xef, 0xbb, 0xbf]) {
            for _ in 0..<3 { _ = try input.next() }
        }
        let start = try input.lookahead(lookaheadBytes)
        var line = input.line
        for bytes in start.split(separator: ASCII.newline, omittingEmptySubsequences: false) {
            let text = trimmed(bytes)
            if let first = text.first, first != ASCII.hash {
                return try decide(text, from: start[bytes.startIndex...], input, line: line, hasBase: hasBase)
            }
            line += 1
        }
        guard start.count < lookaheadBytes else {
            throw input.error("its first 64 KiB are comments or blank lines", line: 0)
        }
        return nil
    }

    private static func decide(
        _ text: ArraySlice<UInt8>, from rest: ArraySlice<UInt8>, _ input: ListInput, line: Int, hasBase: Bool
    ) throws(ListError) -> ListFormat {
        if text.first == ASCII.openBracket { return .jsonList }
        if text.first == ASCII.openBrace { return beginsWithItemKey(rest) ? .jsonLines : .jsonMap }
        if ChecksumLine.looksLikeOne(text) { return .checksums }
        for (format, separator) in [(ListFormat.tsv, ASCII.tab), (.csv, ASCII.comma)] {
            let fields = text.split(separator: separator, omittingEmptySubsequences: false).map {
                ItemColumn.normalised(String(decoding: $0, as: UTF8.self))
            }
            let required = hasBase ? ["url", "name"] : ["url"]
            if fields.contains(where: { required.contains($0) }) { return format }
        }
        guard hasBase || URLText.scheme(Array(text)) != nil else {
            throw input.error(
                "expected an http:// or https:// URL, a JSON list or map, a CSV header with \"url\", or a checksum line"
                    + " (checksum lists and bare names need the base URL beside them)", line: line)
        }
        return .urls
    }

    /// `{ "url"` and the like: an item; any other first key is a name of a map.
    private static func beginsWithItemKey(_ bytes: ArraySlice<UInt8>) -> Bool {
        let inside = bytes.drop { $0 != ASCII.openBrace }.dropFirst().drop { $0 <= ASCII.space }
        guard inside.first == ASCII.quote else { return false }
        return ItemColumn(String(decoding: inside.dropFirst().prefix { $0 != ASCII.quote }, as: UTF8.self)) != nil
    }
}

/// Without spaces, tabs and carriage returns around it.
func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isBlank(_ byte: UInt8) -> Bool { byte == ASCII.space || byte == ASCII.tab || byte == ASCII.carriageReturn }
    let start = bytes.drop(while: isBlank)
    let end = start.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start.startIndex
    return start[..<end]
}
