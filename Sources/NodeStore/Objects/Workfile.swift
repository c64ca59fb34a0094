import ObjectModel

/// An object on its way in: bytes are appended in `%wk` of its mountpath, then it appears below `%ob` whole, synced
/// and with its metadata, or not at all. Locked while it lives; removed in `deinit` unless committed or kept.
///
/// Not thread-safe: it belongs to one lane.
public final class Workfile {
    public let object: String
    public let placement: Placement
    let bucket: BucketStore
    let staged: StagedFile
    /// Staged copies of a mirrored bucket, from `seal` on.
    var copies: [StagedFile] = []
    /// Bytes written so far, those of an earlier run included.
    public internal(set) var byteCount: Int64
    /// Bytes that are on the disk.
    public private(set) var syncedBytes: Int64 = 0
    var hasSidecar: Bool
    var isSealed = false

    init(
        _ object: String, _ placement: Placement, _ bucket: BucketStore, _ staged: StagedFile, byteCount: Int64,
        hasSidecar: Bool
    ) {
        self.object = object
        self.placement = placement
        self.bucket = bucket
        self.staged = staged
        self.byteCount = byteCount
        self.hasSidecar = hasSidecar
    }

    deinit { if hasSidecar { removeSidecar() } }

    /// For messages.
    public var path: String { staged.descriptor.path }

    /// Writes all of it. Throws `.space` when the disk is full.
    public func append(_ bytes: RawSpan) throws(StoreError) {
        try staged.descriptor.write(bytes)
        byteCount += Int64(bytes.byteCount)
    }

    /// Syncs the data and writes down how to continue: every 64 MiB, and early in a shard whose source gave a strong
    /// validator. Without syncing (`sync: false` of the bucket) only the length in this same boot will count.
    /// - Parameter sync: false leaves out the sync of this one checkpoint, too.
    public func checkpoint(_ record: PartialRecord, sync: Bool = true) throws(StoreError) {
        if bucket.sync, sync {
            try staged.descriptor.syncData()
            syncedBytes = byteCount
        }
        var record = record
        record.bucket = bucket.uname
        record.object = object
        record.workfile = staged.name
        record.bootID = PartialRecord.currentBootID
        record.syncedBytes = syncedBytes
        let own = staged.side.root.own
        // Losing a sidecar in a crash only means to start over, so it is not synced.
        try own.replaceFile(
            sidecarName, with: record.encoded(), scratch: own, owner: staged.side.root.owner, sync: false)
        hasSidecar = true
    }

    /// Leaves file and sidecar to a later run. Without a checkpoint there is nothing to continue, and all is removed.
    public func keepPartial() {
        guard hasSidecar, !isSealed else { return discard() }
        hasSidecar = false
        staged.keep()
    }

    /// Removes all of it; the bytes are not wanted.
    public func discard() {
        staged.discard()
        for copy in copies { copy.discard() }
        copies = []
        if hasSidecar { removeSidecar() }
    }

    var sidecarName: String { PartialRecord.fileName(bucket.digest(object)) }

    /// After the object stands, a sidecar left behind does no harm: the next sweep removes it.
    func removeSidecarIfAny() {
        if hasSidecar { removeSidecar() }
    }

    func removeSidecar() {
        hasSidecar = false
        _ = try? staged.side.root.own.remove(sidecarName)
    }
}

extension BucketStore {
    /// A new work file, or `continuing` an earlier one (`findPartial`), whose first `keptBytes` then count as written.
    ///
    /// Throws `.name` for a name that AIS cannot hold, and `.clusterOwned` for an object of another node.
    public func createWorkfile(
        for object: String, at placement: Placement, continuing partial: PartialTransfer? = nil,
        keptBytes: Int64 = .max
    ) throws(StoreError) -> Workfile {
        try refuse(placement)
        guard try store.ownership.isHere(digest(object), path: fqn(placement)) else {
            throw StoreError(
                .clusterOwned, path: fqn(placement),
                message: "belongs to another node of the cluster; run aismove on that node")
        }
        if let partial {
            let kept = min(keptBytes, partial.byteCount)
            return Workfile(object, placement, self, try partial.take(kept), byteCount: kept, hasSidecar: true)
        }
        let staged = try StagedFile(sides[placement.mountpathIndex], base: Placement.split(object).name)
        return Workfile(object, placement, self, staged, byteCount: 0, hasSidecar: false)
    }
}
