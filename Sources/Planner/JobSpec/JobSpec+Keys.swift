import ObjectModel

/// The one definition of a job file's keys: reader, `job check`, `docs/job.schema.json` and the table of `docs/jobs.md`
/// come from it.
extension JobSpec {
    static let value = JobValue.section("the job file", of: JobSpec(), keys)

    static let keys: [JobKey<JobSpec>] = [
        JobKey(
            "job", nameValue,
            \.settings.name, isRequired: true,
            "The job's name: letters, digits, '.', '_', '-'. It is kept with each object, so that sync knows its own."),
        JobKey("store", .path, \.settings.store, standard: "$AISMOVE_STORE", "The store to fill."),
        JobKey(
            "sources", sourcesValue, \.sources, isRequired: true, "What is fetched, and where it goes."),
        JobKey(
            "latest", .flag, \.settings.latest, standard: "false",
            "Ask the source whether present objects have changed."),
        JobKey(
            "skip-lookup", .flag, \.settings.skipLookup, standard: "false",
            "Do not confirm a bucket at its source on first access."),
        JobKey("verify", .section("verify", of: Job.Verify(), verifyKeys), \.settings.verify, "What is checked."),
        JobKey(
            "transfer", .section("transfer", of: Job.Transfer(), transferKeys), \.settings.transfer,
            "How much moves, how fast, and when."),
        JobKey("sync", .section("sync", of: Job.Sync(), syncKeys), \.settings.sync, "What aismove sync may evict."),
        JobKey(
            "durable", .flag, \.settings.durable, standard: "true",
            "Sync to disk before an object becomes visible; false is for scratch stores."),
        JobKey(
            "on-locked", .choice, \.settings.onLocked, standard: "wait",
            "What to do while another run holds a destination bucket."),
        JobKey("report", reportValue, \.settings.report, "The JSON report; FILE is short for {file: FILE}."),
        JobKey("metrics", .path, \.settings.metrics, "Prometheus metrics for the textfile collector."),
        JobKey(
            "lock", .path, \.settings.lock, "The lock that prefetch obeys; plan --lock writes it, and sync refuses it."),
        JobKey("summary", .path, \.settings.summary, "A Markdown summary, for $GITHUB_STEP_SUMMARY."),
        JobKey("junit", .path, \.settings.junit, "The shards as JUnit XML."),
        JobKey(
            "network", .section("network", of: Job.Network(), networkKeys), \.settings.network,
            "How servers are reached."),
        JobKey(
            "cluster", clusterValue, \.settings.cluster,
            "The running cluster that this node belongs to; URL is short for {url: URL}."),
    ]

    static let verifyKeys: [JobKey<Job.Verify>] = [
        JobKey(
            "tar", .choice, \.tar, standard: "auto",
            "The tar check; auto = framing, for names that say tar."),
        JobKey(
            "digest", .choice, \.digest, standard: "if-present",
            "required fails a shard for which no digest is known."),
        JobKey("mismatch", .choice, \.mismatch, standard: "fail", "What to do when a promised digest differs."),
        JobKey("sidecar", .choice, \.sidecar, "Fetch URL.sha256 (…) beside each shard and verify with it."),
    ]

    static let transferKeys: [JobKey<Job.Transfer>] = [
        JobKey("lanes", .whole(1...1024), \.lanes, standard: "16", "Transfers at once."),
        JobKey("limit-rate", .size, \.limitRate, "Bytes a second in all."),
        JobKey("limit-requests", .number, \.limitRequests, "Requests a second in all."),
        JobKey(
            "retries", .whole(0...1000), \.retries, standard: "8", "Requests beyond the first that a shard may cost."),
        JobKey("timeout", .duration, \.timeout, "Give up on a transfer after this long in all."),
        JobKey(
            "stall-timeout", .duration, \.stallTimeout, standard: "60s",
            "Give up on a connection after this long without a byte."),
        JobKey("deadline", .duration, \.deadline, "Stop cleanly, to be resumed, after this long."),
        JobKey("jitter", .duration, \.jitter, "Start after a random wait of up to this long."),
        JobKey("window", .window, \.window, "Move only at this time of day, local time; stop cleanly when it ends."),
    ]

    static let syncKeys: [JobKey<Job.Sync>] = [
        JobKey("delete", .flag, \.delete, standard: "false", "Evict what the source no longer has."),
        JobKey(
            "max-delete", .share, \.maxDelete, standard: "2%",
            "Evict nothing when more than this share of the candidates would go."),
    ]

    static let networkKeys: [JobKey<Job.Network>] = [
        JobKey("proxy", .url, \.proxy, standard: "environment", "Proxy for every request."),
        JobKey("noproxy", .texts, \.noProxy, "Hosts, domains or CIDR blocks to reach directly."),
        JobKey("cacert", .path, \.caFile, standard: "the system's", "PEM file of certificate authorities to trust."),
        JobKey("cert", .path, \.certificateFile, "PEM file of a client certificate."),
        JobKey("key", .path, \.keyFile, "PEM file of the client certificate's key."),
        JobKey("insecure-host", .texts, \.insecureHosts, "Hosts whose certificate is not verified."),
        JobKey("netrc-file", .path, \.netrcFile, standard: "$NETRC, ~/.netrc", "Credentials by host."),
    ]

    static let nameValue = JobValue<JobText>.text(
        "a name", "imagenet-nightly", "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
    ).map { $0.value }

    static let sourcesValue = JobValue.section(
        "a source", of: JobSourceSpec(), sourceKeys, rules: sourceRules, check: JobSourceSpec.check
    ).list

    static let reportValue: JobValue<Job.Report> = JobValue<JobText>.path
        .checked(JobReportFile.check)
        .map { Job.Report(file: $0) }
        .orSection(
            .section(
                "report", of: Job.Report(),
                [
                    JobKey(
                        "file", .path.checked(JobReportFile.check), \.file, isRequired: true,
                        "Where it is written; {job} and {time} are filled in."),
                    JobKey(
                        "keep", .whole(1...100_000), \.keep,
                        "How many reports of this job are kept; the file's name holds {time} then."),
                ], check: JobReportFile.checkRotation))

    static let clusterValue: JobValue<Job.Cluster> = JobValue<JobText>.url
        .map { Job.Cluster(url: $0) }
        .orSection(
            .section(
                "cluster", of: Job.Cluster(),
                [
                    JobKey(
                        "url", .url, \.url, "The cluster's API: buckets are registered and objects changed through it."),
                    JobKey("node-id", .text, \.nodeID, "This node's daemon ID, where its mountpaths do not say it."),
                    JobKey("bmd", .path, \.bmd, "The folder of the primary's own copy of the BMD."),
                    JobKey(
                        "whole-cluster-is-down", .flag, \.isDown, standard: "false",
                        "No node runs: the BMD is written behind its back."),
                ]))
}
