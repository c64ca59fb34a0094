/// The files that an index page names.
public struct IndexListing: Sendable, Hashable {
    public enum Format: String, Sendable {
        case nginxHTML, apacheHTML, caddyHTML, nginxJSON
    }

    /// In UTF-8 order of the names, each name once.
    public var entries: [IndexEntry]
    /// References that name a file in this directory which no object name can hold, in the order of the page.
    public var refused: [RefusedReference]
    /// Whether the page was seen to its end: `</html>` or `]`. Without it, absence from `entries` means nothing.
    public var isComplete: Bool
    public var format: Format
}

public struct IndexEntry: Sendable, Hashable {
    /// Percent-decoded once; one path component, never `.` or `..`. Not yet checked for what AIS can hold.
    public var name: String
    /// Absolute, in the page's directory, percent-encoded.
    public var url: String
    /// Bytes; nil unless the page gives an exact integer.
    public var size: Int64?
    /// Date as nginx writes it in JSON (an HTTP date); always nil from HTML, whose times have no zone.
    public var modified: String?
}

public struct RefusedReference: Sendable, Hashable {
    /// As the page has it.
    public var reference: String
    public var reason: String
}

/// Why a page is no listing. `description` says what to do.
public struct IndexPageError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Error, Sendable, Hashable {
        case notAnIndex, malformedJSON, tooManyEntries, badPageURL
    }

    public var reason: Reason
    /// Without userinfo, query and fragment.
    public var url: String

    public var description: String {
        switch reason {
        case .notAnIndex:
            "\(url): not an index page of nginx, Apache or Caddy; give the URLs by a range or by --from"
        case .malformedJSON: "\(url): not nginx's JSON index: malformed, or not UTF-8"
        case .tooManyEntries: "\(url): more than \(IndexPage.maxEntries) entries; split the directory or use a range"
        case .badPageURL: "\(url): not an absolute URL"
        }
    }
}
