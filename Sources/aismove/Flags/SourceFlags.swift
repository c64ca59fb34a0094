import ArgumentParser
import Mover
import NodeStore
import Planner

/// What to fetch, and where it goes.
struct SourceFlags: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            """
            A URL, a URL range (train-{000000..001281}.tar), an index page (URL ending in /); s3://, gs://, az://, oc:// or \
            ais:// with a bucket and a prefix or a template of names; @ALIAS before the bucket reads it through an \
            attached AIS cluster. Or one job file (JOB.yaml), which names its sources itself.
            """, valueName: "source")
    )
    var words: [String] = []

    @Option(
        help: ArgumentHelp(
            """
            Put the objects into this bucket, below this directory, by their names below the source's directory. Default: \
            ht:// buckets, one a directory; a bucket's objects go to the bucket of its own name.
            """,
            valueName: "bucket[/subdir]"))
    var to: String?

    @Option(
        name: .customLong("from"),
        help: ArgumentHelp(
            """
            A list of URLs (one a line, JSON, CSV, JSONL, SHA256SUMS beside the URL of its directory): a file, a URL, \
            or - for standard input.
            """, valueName: "file"))
    var lists: [String] = []

    @Option(help: ArgumentHelp("Only names that match (repeatable).", valueName: "glob"))
    var include: [String] = []

    @Option(help: ArgumentHelp("No names that match (repeatable).", valueName: "glob"))
    var exclude: [String] = []

    @Option(
        help: ArgumentHelp(
            "Checksum list (SHA256SUMS, MD5SUMS, CSV …) to verify the shards with: a file or a URL (repeatable).",
            valueName: "file|url"))
    var digests: [String] = []

    @Option(help: "What a shard that is missing at the source means: fail (exit 4) or allow. Default: fail.")
    var missing: MissingChoice?

    @Option(
        name: .customLong("known-missing"),
        help: ArgumentHelp(
            "Holes that the publisher admits, as reports tell them, e.g. 17,402,500-509.", valueName: "numbers"))
    var knownMissing: String?

    @Option(
        help: "Style of object-name templates in buckets: bash {00..99}, at @99, fmt %02d. URLs have brace ranges only."
    )
    var template: Template.Style?

    @Option(help: "How many names an fmt-style template gives.")
    var count: Int?

    @OptionGroup var bucketFlags: BucketFlags

    @Flag(
        help:
            "Ask the source whether present objects have changed: one conditional request each, where no listing tells."
    )
    var latest = false

    enum MissingChoice: String, ExpressibleByArgument, CaseIterable { case fail, allow }

    var isGiven: Bool { !words.isEmpty || !lists.isEmpty }

    /// Whether nothing says what to fetch, where to, or which of it.
    var areEmpty: Bool {
        words.isEmpty && lists.isEmpty && to == nil && include.isEmpty && exclude.isEmpty && digests.isEmpty
            && missing == nil && knownMissing == nil && template == nil && count == nil
    }

    /// The one word that is a job file; nil when the words are sources.
    func jobFile() throws -> String? {
        guard let file = words.first(where: Self.isJobFile) else { return nil }
        guard words.count == 1, lists.isEmpty else {
            throw CommandFailure(
                .usage, "\(file) is a job file, which names its sources itself: give nothing beside it")
        }
        return file
    }

    static func isJobFile(_ word: String) -> Bool {
        (word.hasSuffix(".yaml") || word.hasSuffix(".yml")) && !word.contains("://")
    }

    func understand() throws -> [Source] {
        guard isGiven else {
            throw CommandFailure(
                .usage, "no source: give a URL, a URL range, a bucket (s3://…), --from FILE, or a job file")
        }
        if words.filter({ $0 == "-" }).count + lists.filter({ $0 == "-" }).count > 1 {
            throw CommandFailure(.usage, "standard input can be read only once: give '-' once")
        }
        do {
            return try specs().map { try $0.understand() }
        } catch let error as SourceError {
            throw CommandFailure(.usage, "\(error)")
        }
    }

    /// `--sidecar` asks a web server; a bucket's objects have no URL to put a suffix to.
    func refuse(sidecar: String?, for sources: [Source]) throws {
        guard sidecar != nil, let bucket = sources.first(where: { $0.bucketSource != nil }) else { return }
        throw CommandFailure(
            .usage,
            "--sidecar is for URLs, and \(bucket.spec.shown) is a bucket; --digests FILE verifies its objects too")
    }

    /// With one list, the words are the URL of the directory that its names stand beside.
    private func specs() throws -> [SourceSpec] {
        if lists.count == 1, words.count == 1, words[0].hasSuffix("/") {
            return [try spec(words[0], from: lists[0])]
        }
        return try words.map { try spec($0, from: nil) } + lists.map { try spec(nil, from: $0) }
    }

    private func spec(_ word: String?, from: String?) throws -> SourceSpec {
        var spec = SourceSpec(
            word, from: from, to: to, include: include, exclude: exclude, template: template, count: count,
            missing: try missingRule() ?? .fail, digests: digests)
        spec.reach = bucketFlags.reach
        return spec
    }

    /// Says of a job's source what the flags say otherwise.
    func override(_ spec: inout SourceSpec, missing rule: SourceSpec.MissingRule?) {
        if let to { spec.to = to }
        if !include.isEmpty { spec.include = include }
        if !exclude.isEmpty { spec.exclude = exclude }
        if !digests.isEmpty { spec.digests = digests }
        if let rule { spec.missing = rule }
        guard let word = spec.word, SourceSpec.isBucket(word) else { return }
        if let template { spec.template = template }
        if let count { spec.count = count }
        bucketFlags.override(&spec.reach)
    }

    /// Holes that can be named at most.
    private static let knownMissingMax = 1_000_000

    /// Nil when no flag says it.
    func missingRule() throws -> SourceSpec.MissingRule? {
        guard let knownMissing else { return missing.map { $0 == .allow ? .allow : .fail } }
        var numbers: Set<Int> = []
        for part in knownMissing.split(separator: ",") {
            let ends = part.trimmingPrefix(" ").split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = Int(ends[0]), first >= 0, let last = Int(ends[ends.count - 1]), first <= last,
                last - first < Self.knownMissingMax - numbers.count
            else {
                throw CommandFailure(
                    .usage, "--known-missing: '\(part)' is no number and no range; write 17,402,500-509")
            }
            numbers.formUnion(first...last)
        }
        return .known(numbers)
    }
}

extension Template.Style: ExpressibleByArgument {}
