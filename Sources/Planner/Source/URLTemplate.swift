/// An HTTP(S) URL with brace ranges in its path and query, so that `%20`, `@`, ports and userinfo stay what they are.
public struct URLTemplate: Sendable {
    /// Gives the request URLs: as written, with bytes that no request may hold percent-escaped and the fragment left
    /// out. Its `text` has neither userinfo nor query, for messages.
    public let template: Template
    /// `http` or `https`.
    public let scheme: String
    /// `host[:port]` as written.
    public let authority: String
    /// How many of the template's ranges (the first ones) stand in the path.
    public let pathRangeCount: Int
    /// The path, percent-decoded once: literals around its ranges; the first begins with a slash.
    let pathLiterals: [[UInt8]]

    public init(_ text: String) throws(TemplateError) {
        let shown = URLText.redacted(text)
        func fault(_ reason: String) -> TemplateError { TemplateError(template: shown, reason: reason) }
        var parser = TemplateParser(text, shown: shown)
        let parts: URLText
        do throws(URLText.Fault) {
            parts = try URLText(parser.bytes)
        } catch {
            switch error {
            case .notHTTP: throw fault("it is not an http:// or https:// URL")
            case .noHost: throw fault("it has no host")
            case .badHost: throw fault("its host holds a byte that no host has")
            }
        }
        guard !parts.authority.utf8.contains(where: { $0 == ASCII.openBrace || $0 == ASCII.closeBrace }) else {
            throw fault("a range can stand in the path and in the query of a URL, not in its host or port")
        }
        try parser.parseBraces(in: parts.path)
        pathRangeCount = parser.rangeCount
        try parser.parseBraces(in: parts.query)
        let raw = parser.finish(end: parts.query.upperBound)
        let path = Self.path(raw.literals, from: parts.path.lowerBound, ranges: pathRangeCount)
        guard !path.dropLast().contains(where: Self.endsInsideEscape) else {
            throw fault("a range cannot be part of a percent escape")
        }
        var decoded: [[UInt8]] = []
        for literal in path {
            guard let bytes = PercentEscape.decode(literal) else { throw fault("it has a broken percent escape") }
            guard String(validating: bytes, as: UTF8.self) != nil else {
                throw fault("its path is not valid UTF-8 when its percent escapes are decoded")
            }
            guard bytes.allSatisfy({ $0 >= ASCII.space && $0 != 0x7f }) else {
                throw fault("its path holds a control byte")
            }
            decoded.append(bytes)
        }
        if decoded[0].isEmpty { decoded[0] = [ASCII.slash] }
        pathLiterals = decoded
        scheme = parts.scheme
        authority = parts.authority
        template = Template(text: shown, literals: raw.literals.map(PercentEscape.completed), ranges: raw.ranges)
    }

    /// Ranges of the path.
    var pathRanges: ArraySlice<TemplateRange> { template.ranges[..<pathRangeCount] }

    /// The path ends in a slash: a directory, not an object.
    var isDirectory: Bool { pathLiterals.last?.last == ASCII.slash }

    /// The literals of the path: the first without what stands before the path, the last without the query.
    private static func path(_ literals: [[UInt8]], from start: Int, ranges: Int) -> [[UInt8]] {
        var path = Array(literals[...ranges])
        path[0] = Array(path[0].dropFirst(start))
        path[ranges] = Array(path[ranges].prefix { $0 != ASCII.question })
        return path
    }

    /// True for `…%` and `…%2`: digits that follow would complete the escape.
    private static func endsInsideEscape(_ literal: [UInt8]) -> Bool {
        literal.suffix(2).contains(ASCII.percent)
    }
}
