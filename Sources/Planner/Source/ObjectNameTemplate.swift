import ObjectModel

/// The object names of a URL template: byte work on the decoded side, in step with the URLs.
///
///     without --to   the last path component; every directory is a bucket of its own
///     with --to      subdir + the path below the longest directory that holds no range
///
/// The path is percent-decoded once, and before it is cut, as AIStore does (`%2F` is a slash). A query is part of the
/// request, not of the name.
public struct ObjectNameTemplate: Sendable {
    /// Gives the names; has only the URL's path ranges that stand in the name.
    public let template: Template
    /// The URL template's number of the first range in the name: ranges before it are directories, that is, buckets.
    public let firstRange: Int
    /// No name of the template can be refused.
    public let isAlwaysValid: Bool

    /// `subdirectory` is nil without `--to`, else what stands before each name (without slashes around it).
    init(_ url: URLTemplate, subdirectory: String?) throws(TemplateError) {
        let text = url.template.text
        guard !url.isDirectory else {
            throw TemplateError(template: text, reason: "it ends in a slash, so it names directories and no objects")
        }
        let literals = url.pathLiterals
        let cut = subdirectory == nil ? literals.lastIndex { $0.contains(ASCII.slash) } ?? 0 : 0
        let slash = literals[cut].lastIndex(of: ASCII.slash) ?? -1
        var names = Array(literals[cut...])
        names[0] = Array(names[0][(slash + 1)...])
        if let subdirectory, !subdirectory.isEmpty { names[0] = Array("\(subdirectory)/".utf8) + names[0] }
        firstRange = cut
        template = Template(text: text, literals: names, ranges: Array(url.pathRanges[cut...]))
        isAlwaysValid = ObjectName.refusal(template.longestName.span) == nil
    }
}
