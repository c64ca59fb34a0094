import ObjectModel

/// A URL template with the buckets and object names that its shards get. A single URL is a range of one.
public struct RangeSource: Sendable {
    /// Buckets that a range in directories may make at most.
    public static let bucketsMax = 10_000

    public let url: URLTemplate
    public let names: ObjectNameTemplate
    /// The bucket of `--to`; nil when each directory is its own `ht://` bucket.
    public let bucket: Bucket?
    /// A template of whole places (bucket and name), for deciding whether two shards have the same.
    let places: Template
    /// What digest lists call the shards.
    let digestKeys: Template

    init(_ url: URLTemplate, bucket: Bucket?, subdirectory: String) throws(TemplateError) {
        self.url = url
        self.bucket = bucket
        names = try ObjectNameTemplate(url, subdirectory: bucket == nil ? nil : subdirectory)
        digestKeys = try ObjectNameTemplate(url, subdirectory: "").template
        if let bucket {
            var literals = names.template.literals
            literals[0] = Array("\(bucket.uname)/".utf8) + literals[0]
            places = Template(text: url.template.text, literals: literals, ranges: names.template.ranges)
        } else {
            var literals = url.pathLiterals
            literals[0] = Array("ht://\(url.authority)".utf8) + literals[0]
            places = Template(text: url.template.text, literals: literals, ranges: Array(url.pathRanges))
        }
        guard bucketCount <= Self.bucketsMax else {
            throw TemplateError(
                template: url.template.text,
                reason: "its directories would be \(bucketCount) buckets, more than \(Self.bucketsMax);"
                    + " give --to ais://BUCKET to keep them in one")
        }
    }

    /// Shards, holes included; `Int.max` when there are that many or more.
    public var count: Int { url.template.count }

    /// How many buckets the shards go to at most.
    public var bucketCount: Int {
        let directories = url.template.ranges[..<names.firstRange]
        return Template(
            text: "", literals: Array(repeating: [], count: directories.count + 1), ranges: Array(directories)
        )
        .count
    }

    /// The buckets in the order of the shards, each once.
    public func destinations() throws(NameError) -> [Destination] {
        if let bucket { return [Destination(bucket: bucket)] }
        let literals = Array(url.template.literals[...names.firstRange])
        let directories = Template(
            text: "", literals: literals, ranges: Array(url.template.ranges[..<names.firstRange]))
        var seen: Set<Bucket> = []
        var found: [Destination] = []
        for directory in directories {
            let place = try HTBucket.locate(url: directory)
            guard seen.insert(place.bucket).inserted else { continue }
            found.append(Destination(bucket: place.bucket, originalURL: place.originalURL))
        }
        return found
    }

    /// Whether one of the shards goes to a place, written as `Place` writes it.
    func holds(_ place: String) -> Bool { places.contains(place) != nil }

    public func makeCursor() -> RangeCursor { RangeCursor(self) }
}
