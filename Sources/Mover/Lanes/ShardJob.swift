import Backends
import NodeStore
import Planner

/// One shard on its way through a lane. Belongs to that lane's thread.
final class ShardJob {
    let surveyed: SurveyedShard
    let bucket: BucketStore
    let placement: Placement
    /// The bucket at a provider that it comes from; nil for a URL.
    let backend: (any BucketBackend)?
    /// What to ask for: the shard's URL, or where its bucket has it.
    let url: String
    /// `aismove_src` of its source (node-store.md): what a later sync may evict.
    let sourceTag: String
    /// Its source says that it may be missing.
    let mayMiss: Bool
    /// Bytes of an earlier run that may be continued.
    var partial: PartialTransfer?
    /// Attempts that have failed, in all.
    var attempts = 0
    /// The failed verification after which the shard is being fetched once more.
    var firstVerdict: ShardFailure?
    /// Monotonic seconds at the first request.
    var started: Double?
    /// From `URL.sha256`, where `--sidecar` asks for it.
    var sidecarDigest: PromisedDigest?

    /// How often a shard may be sent to another URL, one after the other.
    static let elsewhereAtMost = 6
    /// Where the next request goes, when an answer has said so; used once.
    var elsewhere: String?
    /// Answers in a row that have sent it elsewhere.
    var detours = 0
    /// How often its credentials were renewed.
    var renewals = 0

    init(
        _ surveyed: SurveyedShard, bucket: BucketStore, placement: Placement, backend: (any BucketBackend)?,
        sourceTag: String, mayMiss: Bool
    ) {
        self.backend = backend
        url = surveyed.shard.key.flatMap { backend?.url(of: $0) } ?? surveyed.shard.url
        self.surveyed = surveyed
        self.bucket = bucket
        self.placement = placement
        self.sourceTag = sourceTag
        self.mayMiss = mayMiss
    }

    var shard: PlannedShard { surveyed.shard }
    private(set) lazy var shownURL = shard.shownURL

    /// From where an earlier run's bytes continue; nil when there are none.
    var resumePoint: ResumePoint? {
        partial.flatMap {
            ResumePoint(
                keptBytes: $0.byteCount, validator: Validator(etag: $0.record.validator, length: $0.record.size))
        }
    }

    /// What lists and sidecars promise.
    var digests: [PromisedDigest] { shard.digests + (sidecarDigest.map { [$0] } ?? []) }

    /// `ais://imagenet/train-000000.tar`.
    private(set) lazy var objectTitle = "\(bucket.bucket.bucket.cname)/\(shard.object)"

    /// `reason`, with how often it was tried.
    func spent(_ reason: String) -> String {
        attempts > 1 ? "\(reason) (after \(attempts) attempts)" : reason
    }

    /// What the shard fails with when it is not asked for again.
    func givenUp(after failure: RetryPolicy.Failure, reason: String) -> ShardFailure {
        ShardFailure(failure.isRefusal ? .refused : .transfer, spent(reason))
    }

    /// A record of this shard with what is known by now.
    func record(_ outcome: Outcome) -> ShardRecord {
        var record = ShardRecord(source: shownURL, object: objectTitle, outcome: outcome)
        record.size = shard.size
        record.retry = RetryNote(shard)
        record.allowed = mayMiss ? true : nil
        record.mountpath = bucket.store.mountpaths[placement.mountpathIndex].hostPath
        if let started {
            record.seconds = ((monotonicSeconds() - started) * 1000).rounded() / 1000
            record.retries = attempts + (firstVerdict == nil ? 0 : 1)
        }
        return record
    }

    /// The whole is to be fetched, whatever the store has: a check has shown a change, or could not be made.
    var mustFetch = false

    /// The validator of the object that is in the store; nil unless the shard is only being checked (`--latest`).
    private var storedValidator: Validator? {
        guard surveyed.decision == .recheck, let lom = surveyed.stored, !mustFetch, firstVerdict == nil else {
            return nil
        }
        return CustomMetadata.validator(custom: lom.custom.pairs.map { ($0.key, $0.value) }, size: lom.size)
    }

    /// For `--latest`: a GET that brings a body only where the object has changed; where the store knows no validator,
    /// a HEAD, to compare lengths.
    func checkRequest(_ backend: any Backend, _ url: String) -> HTTPRequest? {
        storedValidator.map { backend.conditionalRequest(url, unlike: $0) ?? backend.headRequest(url) }
    }

    /// Whether a 200 to a check is of the object that is in the store (servers may ignore conditions). Without a
    /// validator the digests decide that the answer to a HEAD promises; without one that both have equal lengths must
    /// do, unless the source says that it changed after our file was written (an object of an `ht://` bucket keeps no
    /// time).
    func isUnchanged(_ validator: Validator, isHead: Bool, promised: [PromisedDigest]) -> Bool {
        guard let storedValidator, let stored = surveyed.stored else { return false }
        if let isSame = storedValidator.isSameObject(as: validator) { return isSame }
        guard isHead, validator.length == storedValidator.length else { return false }
        let told = ListedObject(name: shard.object, size: validator.length, validator: Validator(), digests: promised)
        if let isSame = ListedState(told).isSame(as: stored) { return isSame }
        let changed = validator.lastModified.flatMap { HTTPDate.parse($0) }
        guard let changed, let written = surveyed.storedModified else { return true }
        return changed <= written / 1_000_000_000
    }
}
