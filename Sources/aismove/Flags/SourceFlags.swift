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
            attached AIS cluster.
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

    @Option(help: "What a shard that is missing at the source means: fail (exit 4) or allow.")
    var missing = MissingChoice.fail

    @Option(
        name: .customLong("known-missing"),
        help: ArgumentHelp("Holes that the publisher admits, e.g. 17,402.", valueName: "numbers"))
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

    func understand() throws -> [Source] {
        guard isGiven else {
            throw CommandFailure(.usage, "no source: give a URL, a URL range, a bucket (s3://…), or --from FILE")
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
            missing: try missingRule(), digests: digests)
        spec.reach = bucketFlags.reach
        return spec
    }

    private func missingRule() throws -> SourceSpec.MissingRule {
        guard let knownMissing else { return missing == .allow ? .allow : .fail }
        var numbers: Set<Int> = []
        for part in knownMissing.split(separator: ",") {
            guard let number = Int(part.trimmingPrefix(" ")) else {
                throw CommandFailure(.usage, "--known-missing: '\(part)' is not a number; write 17,402")
            }
            numbers.insert(number)
        }
        return .known(numbers)
    }
}

extension Template.Style: ExpressibleByArgument {}
