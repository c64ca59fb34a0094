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
        let fromSource = CustomMetadata.http(
            announcement.validator, originalURL: job.url, into: bucket.bucket.provider)
        for (key, value) in fromSource { custom[key] = value }
        custom[CustomKeys.verifiedBy] = verifiedBy
        // A repaired object stays the object of the source that placed it.
        let stored = job.surveyed.replacesObject ? nil : job.surveyed.stored
        custom[CustomKeys.aismoveSource] = stored?.custom[CustomKeys.aismoveSource] ?? job.sourceTag
        var lom = LOM(
            checksumType: checksum == nil ? .none : bucket.checksumType, checksumValue: checksum ?? "", size: size)
        lom.version = version
        lom.custom = custom
        return lom
    }

    /// Buckets of `ais://` are versioned: "1", and one more with each update. Others have no version over HTTP.
    private var version: String? {
        guard job.bucket.bucket.versioningEnabled else { return nil }
        let stored = job.surveyed.stored?.version.flatMap { UInt64($0) } ?? 0
        return String(job.surveyed.replacesObject || stored == 0 ? stored + 1 : stored)
    }
}
