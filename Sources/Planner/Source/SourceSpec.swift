/// A source as the user wrote it: a word of the command line or an entry of a job file, nothing understood yet.
public struct SourceSpec: Sendable, Hashable {
    /// What a hole of a range, or a listed shard that is gone, means for the run.
    public enum MissingRule: Sendable, Hashable {
        case fail
        case allow
        /// The holes that the publisher admits: values of the range where the source has one range, else positions
        /// counted from 0.
        case known(Set<Int>)
    }

    /// The URL; with `from`, the URL of the directory that the list's names stand beside. Nil: only `from`.
    public var word: String?
    /// `--from`: a list's file, `-`, or URL.
    public var from: String?
    /// As written before `${ENV}` was replaced; nil when nothing was.
    public var written: String?
    /// `--to BUCKET[/subdir]`.
    public var to: String?
    public var include: [String]
    public var exclude: [String]
    /// `--template`, for object names in buckets; nil when not given.
    public var template: Template.Style?
    /// `--count`, for fmt-style templates.
    public var count: Int?
    public var missing: MissingRule
    /// Files or URLs of digest lists.
    public var digests: [String]
    /// Headers for the URL's own origin, each written `Name: value`, and files of such.
    public var headers: [String] = []
    public var headerFiles: [String] = []
    /// How a bucket's provider is reached.
    public var reach = BucketReach()

    public init(
        _ word: String? = nil, from: String? = nil, written: String? = nil, to: String? = nil,
        include: [String] = [], exclude: [String] = [], template: Template.Style? = nil, count: Int? = nil,
        missing: MissingRule = .fail, digests: [String] = []
    ) {
        self.word = word
        self.from = from
        self.written = written
        self.to = to
        self.include = include
        self.exclude = exclude
        self.template = template
        self.count = count
        self.missing = missing
        self.digests = digests
    }

    /// How messages and `aismove_src` name the source: as written, without userinfo, query and `${ENV}` values.
    public var shown: String {
        if let written { return Self.shown(written) }
        return [from, word].compactMap { $0.map(Self.shown) }.joined(separator: " ")
    }
}
