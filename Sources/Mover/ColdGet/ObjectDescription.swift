import Backends
import NodeStore

/// The metadata of a moved object, as a node would have written it, plus what aismove adds (node-store.md).
struct ObjectDescription {
    let job: ShardJob
    let announcement: ColdGet.Announcement
    let size: Int64
    let checksum: String?
    let verifiedBy: String

    var lom: LOM {
        let bucket = job.bucket.bucket
        var custom = CustomKeys()
        var sourceVersion: String?
        if let backend = job.backend {
            let source = backend.metadata(announcement.head, listed: job.shard.listed, into: bucket.bucket)
            for key in source.custom { custom[key.name] = key.value }
            // A bucket of the store's own does not say where its objects came from.
            if bucket.isRemote { sourceVersion = source.version } else { custom[CustomKeys.originalURL] = job.shownURL }
        } else {
            let fromSource = CustomMetadata.http(
                announcement.validator, originalURL: job.shownURL, into: bucket.bucket.provider)
            for (key, value) in fromSource { custom[key] = value }
        }
        custom[CustomKeys.verifiedBy] = verifiedBy
        // A repaired object stays the object of the source that placed it.
        let stored = job.surveyed.replacesObject ? nil : job.surveyed.stored
        custom[CustomKeys.aismoveSource] = stored?.custom[CustomKeys.aismoveSource] ?? job.sourceTag
        var lom = LOM(
            checksumType: checksum == nil ? .none : bucket.checksumType, checksumValue: checksum ?? "", size: size)
        lom.version = sourceVersion ?? version
        lom.custom = custom
        return lom
    }

    /// Buckets of `ais://` are versioned: "1", and one more with each update. Others have the source's version, if any.
    private var version: String? {
        let bucket = job.bucket.bucket
        guard bucket.versioningEnabled, job.backend == nil || !bucket.isRemote else { return nil }
        let stored = job.surveyed.stored?.version.flatMap { UInt64($0) } ?? 0
        return String(job.surveyed.replacesObject || stored == 0 ? stored + 1 : stored)
    }
}
