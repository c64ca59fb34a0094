import ObjectModel

extension JobSpec {
    static let sourceKeys: [JobKey<JobSourceSpec>] = [
        JobKey(
            "url", .text("a URL", "https://host/train-{000..999}.tar", "^.").checked(JobValue.withoutLogin), \.url,
            "A URL, a URL range, or an index page (a URL that ends in /); beside from: the folder of the list's names."),
        JobKey(
            "bucket", .text.checked(JobValue.withoutLogin), \.bucket,
            "A bucket at a provider, with a prefix or a template of names."),
        JobKey("from", .place, \.from, "A list of URLs, or a checksum file: a file or a URL."),
        JobKey(
            "to", .text, \.to, standard: "ht://…, or the bucket's own name",
            "The ais:// bucket, and the folder in it, that the objects go to."),
        JobKey("digests", .places, \.digests, "Checksum lists to verify with: files or URLs."),
        JobKey(
            "missing", missingValue, \.missing, standard: "fail", "What a shard that is missing at the source means."),
        JobKey("endpoint", .url, \.endpoint, "Where the bucket's provider is."),
        JobKey("region", .text, \.region, "The bucket's region."),
        JobKey("profile", .text, \.profile, "Profile of the provider's configuration (~/.aws/config, …)."),
        JobKey(
            "no-sign-request", .flag, \.isAnonymous, standard: "false", "Ask for a public bucket without credentials."),
        JobKey(
            "header", headersValue, \.headers, "Headers for the URL's own origin, no secrets: \"Name: value\"."
        ),
        JobKey(
            "header-file", .paths, \.headerFiles,
            "Files of such headers, one a line, readable by their owner only."),
        JobKey("include", .texts, \.include, "Only names that match a glob."),
        JobKey("exclude", .texts, \.exclude, "No names that match a glob."),
        JobKey("template", .choice, \.template, standard: "bash", "Style of a template of names in a bucket."),
        JobKey("count", .whole(1...Int.max), \.count, "How many names an fmt-style template gives."),
        JobKey("sizes", .flag, \.asksSizes, standard: "false", "plan asks for the sizes of a range, one HEAD each."),
    ]

    /// One of `url`, `bucket` and `from` is there; only `url` and `from` go together.
    static let sourceRules: [String: JSONValue] = [
        "anyOf": .array(["url", "bucket", "from"].map { required($0) }),
        "not": .object(["anyOf": .array([required("bucket", "url"), required("bucket", "from")])]),
    ]

    private static func required(_ names: String...) -> JSONValue {
        .object(["required": .array(names.map { .string($0) })])
    }

    struct Known: Sendable {
        var numbers: [Int]?
    }

    static let missingValue: JobValue<SourceSpec.MissingRule> = JobValue<MissingWord>.choice
        .map { $0 == .allow ? SourceSpec.MissingRule.allow : .fail }
        .orSection(
            JobValue<Known>.section(
                "missing", of: Known(),
                [
                    JobKey(
                        "known", .numbers, \.numbers, isRequired: true,
                        "The holes that the publisher admits: numbers of the range.")
                ]
            ).map { .known(Set($0.numbers ?? [])) })

    static let headersValue = headerValue.oneOrMore

    enum MissingWord: String, CaseIterable, Sendable { case fail, allow }

    /// Refuses names that carry secrets, as far as names tell.
    static let headerValue = JobValue.text("a header", "\"X-Team: vision\"", "^[!-9;-~]+:").checked {
        text throws(JobText.Fault) in
        let name = text.value.prefix { $0 != ":" }.lowercased()
        let secret = ["auth", "cookie", "token", "secret", "api-key", "apikey", "password", "signature", "credential"]
        guard !secret.contains(where: name.contains) else {
            throw .init(
                reason: "the header \(name) holds a secret; put it into a file of mode 600 and name that: header-file:")
        }
        return text
    }
}

extension JobValue where Value == JobText {
    /// A further check, which may throw what is wrong.
    func checked(_ check: @escaping @Sendable (JobText) throws(JobText.Fault) -> JobText) -> JobValue {
        JobValue(shape: shape) { node, reading throws(JobError) in
            let text = try self.read(node, reading)
            do throws(JobText.Fault) {
                return try check(text)
            } catch {
                throw reading.error(node, error.reason)
            }
        }
    }
}
