import Backends
import Foundation
import Mover
import ObjectModel
import Planner

/// A job as understood, in words: `aismove job check`. What `${ENV}` stands for is not told of sources and files.
struct JobExplanation {
    private let job: Job
    /// Every value with its default.
    private let options: RunOptions

    init(_ job: Job) {
        self.job = job
        options = RunOptions(job: job)
    }

    var lines: [String] {
        var lines = ["job \(job.name) (\(job.file)): sound"]
        lines.append("store: \(job.store?.written ?? "--store or AISMOVE_STORE")")
        for (index, source) in job.sources.enumerated() {
            let parts = SourceExplanation(source).lines
            lines += parts.enumerated().map { ($0.offset == 0 ? "source \(index + 1): " : "  ") + $0.element }
        }
        lines += ["verify: \(verification)", "moving: \(limits)", "when: \(schedule)", "sync: \(deletion)"]
        if let cluster = job.cluster.url { lines.append("cluster: \(URLText.redacted(cluster.written))") }
        return lines + outputs
    }

    private var verification: String {
        let tar =
            switch options.tarCheck {
            case .off: "no tar check"
            case .auto: "the framing of shards whose names say tar"
            case .framing: "the tar framing of every shard"
            case .webdataset: "the tar framing and WebDataset samples of every shard"
            }
        let digest = options.requireDigest ? "a digest is required of each" : "every digest that is offered"
        let sidecar = options.sidecar.map { ["URL.\($0) beside each"] } ?? []
        let mismatch = options.digestMismatch == .fail ? "a mismatch fails the shard" : "a mismatch is only logged"
        return (["length", tar, digest] + sidecar + [mismatch]).joined(separator: "; ")
    }

    private var limits: String {
        var parts = ["\(options.lanes) lanes"]
        if let rate = options.limitRate { parts.append("\(ByteSize.format(rate))/s") }
        if let requests = options.limitRequests { parts.append("\(requests.formatted()) requests/s") }
        parts.append("\(options.retries) retries")
        parts.append("stalled after \(DurationText.format(options.network.stallTimeout))")
        if let timeout = options.network.timeout { parts.append("at most \(DurationText.format(timeout)) a shard") }
        if options.latest { parts.append("present objects are compared with the source") }
        if options.skipLookup { parts.append("buckets are not confirmed") }
        if !options.durable { parts.append("NOT synced to disk") }
        return parts.joined(separator: "; ")
    }

    private var schedule: String {
        let transfer = job.transfer
        var parts: [String] = []
        if let window = transfer.window { parts.append("\(window), local time") }
        if let jitter = transfer.jitter { parts.append("starts within \(DurationText.format(jitter))") }
        if let deadline = transfer.deadline { parts.append("stops after \(DurationText.format(deadline))") }
        let locked =
            switch options.onLocked {
            case .skip: "does nothing while another run holds a bucket"
            case .wait: "waits while another run holds a bucket"
            case .fail: "fails while another run holds a bucket"
            }
        return ((parts.isEmpty ? ["whenever it is started"] : parts) + [locked]).joined(separator: "; ")
    }

    private var deletion: String {
        guard job.sync.delete == true else { return "evicts nothing" }
        let share = PercentText.format(job.sync.maxDelete ?? 0.02)
        return "evicts what the source no longer has of what this job placed, at most \(share) at once"
    }

    private var outputs: [String] {
        let report = job.report.file.map { file in
            let kept = job.report.keep.map { ", the last \($0) are kept" } ?? ""
            return "report: \(file.written)\(kept)"
        }
        let others = [("metrics", job.metrics), ("lock", job.lock), ("summary", job.summary), ("junit", job.junit)]
        return [report].compactMap { $0 } + others.compactMap { name, file in file.map { "\(name): \($0.written)" } }
    }

    /// What is not here, and may be where the job runs.
    var warnings: [String] {
        let network = job.network
        let files = [network.caFile, network.certificateFile, network.keyFile, network.netrcFile, job.cluster.bmd]
        var warnings = ([job.store] + files).compactMap { $0 }
            .filter { !FileManager.default.isReadableFile(atPath: $0.value) }
            .map { "\($0.written) is not here, or cannot be read" }
        if job.store == nil, ProcessInfo.processInfo.environment["AISMOVE_STORE"] == nil {
            warnings.append("no store named: neither store: nor AISMOVE_STORE")
        }
        for host in network.insecureHosts ?? [] {
            warnings.append("the certificate of \(host.written) is not verified (insecure-host)")
        }
        return warnings + job.sources.flatMap { SourceExplanation($0).warnings }
    }
}
