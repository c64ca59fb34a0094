import ObjectModel

/// An entry of `sources:` as written.
struct JobSourceSpec: Sendable {
    var url: JobText?
    var bucket: JobText?
    var from: JobText?
    var to: JobText?
    var digests: [JobText]?
    var missing: SourceSpec.MissingRule?
    var endpoint: JobText?
    var region: JobText?
    var profile: JobText?
    var isAnonymous: Bool?
    var headers: [JobText]?
    var headerFiles: [JobText]?
    var include: [JobText]?
    var exclude: [JobText]?
    var template: Template.Style?
    var count: Int?
    var asksSizes: Bool?
    /// Where the key stands that says what is fetched.
    var mark = JobMark(line: 1, column: 1)

    /// The same as a word of the command line with its flags.
    var spec: SourceSpec {
        let words = [from, url ?? bucket].compactMap { $0 }
        var spec = SourceSpec(
            (url ?? bucket)?.value, from: from?.value, to: to?.value, include: Self.values(include),
            exclude: Self.values(exclude), template: template, count: count, missing: missing ?? .fail,
            digests: Self.values(digests))
        if words.contains(where: \.isReplaced) {
            spec.written = words.map { SourceSpec.shown($0.written) }.joined(separator: " ")
        }
        spec.headers = Self.values(headers)
        spec.headerFiles = Self.values(headerFiles)
        spec.reach = BucketReach(
            endpoint: endpoint?.value, region: region?.value, profile: profile?.value,
            isAnonymous: isAnonymous ?? false)
        return spec
    }

    /// A message without the values of `${ENV}`.
    func masked(_ reason: String) -> String {
        let single = [url, bucket, from, to, endpoint, region, profile].compactMap { $0 }
        let several = [digests, headerFiles, include, exclude].flatMap { $0 ?? [] }
        return (single + several).reduce(reason) { $1.masked($0) }
    }

    private static func values(_ texts: [JobText]?) -> [String] { texts?.map(\.value) ?? [] }
}

extension JobSourceSpec {
    /// What the keys must be together.
    static func check(
        _ source: inout JobSourceSpec, _ node: JobNode, _ reading: JobReading
    ) throws(JobError) {
        guard let named = ["url", "bucket", "from"].lazy.compactMap({ node.member($0) }).first else {
            throw reading.error(node, "a source needs url:, bucket: or from:")
        }
        source.mark = named.value.mark
        if let bucket = node.member("bucket"), let other = node.member("url") ?? node.member("from") {
            let second = max(bucket.mark.line, other.mark.line) == bucket.mark.line ? bucket : other
            throw JobError(
                file: reading.file, mark: second.mark,
                reason: "a source has either bucket: or \(other.key):; make it two sources")
        }
        if let url = source.url, SourceSpec.isBucket(url.value) {
            throw reading.error(named.value, "\(url.written) is a bucket; write bucket: \(url.written)")
        }
        if let bucket = source.bucket, !SourceSpec.isBucket(bucket.value) {
            throw reading.error(
                named.value, "\(bucket.written) is no bucket; write s3://, gs://, az://, oc:// or ais://, or url:")
        }
        for key in ["endpoint", "region", "profile", "no-sign-request", "template", "count"] where source.bucket == nil
        {
            guard let member = node.member(key) else { continue }
            throw JobError(file: reading.file, mark: member.mark, reason: "\(key): is for buckets only")
        }
        for key in ["header", "header-file", "sizes"] where source.bucket != nil {
            guard let member = node.member(key), key != "sizes" else { continue }
            throw JobError(
                file: reading.file, mark: member.mark,
                reason: "\(key): is for URLs only; buckets have credentials of their own (profile:, the environment)")
        }
    }
}
