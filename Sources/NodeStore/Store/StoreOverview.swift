import ObjectModel

/// What `aismove store show` tells.
public struct StoreOverview: Sendable, Hashable {
    public struct MountpathInfo: Sendable, Hashable {
        public let mountpath: Mountpath
        /// Bytes.
        public let free: Int64
        /// Bytes.
        public let total: Int64
        /// `ext4`, `xfs`, …; nil when unknown.
        public let fileSystemType: String?
        public let owner: String
    }

    public struct BucketInfo: Sendable, Hashable {
        public let bucket: BMDBucket
        /// Main copies at their place.
        public let objects: Int
        /// Bytes of those.
        public let bytes: Int64
    }

    public let directory: String
    public let format: StoreFormat
    public let ownership: Ownership
    public let mountpaths: [MountpathInfo]
    public let uuid: String
    public let version: UInt64
    /// Where one more copy of the BMD is kept (`--bmd`).
    public let bmdDirectory: String?
    public let buckets: [BucketInfo]
    /// What was repaired in the BMD's copies on the way, and what is missing.
    public let repairs: [String]
}

extension NodeStore {
    /// Reads every bucket's directories, not the objects. A bucket whose directories are missing counts as empty.
    public func describe() throws(StoreError) -> StoreOverview {
        let loaded = try loadBMD()
        let bmd = loaded.bmd
        var repairs = loaded.repairs
        var infos: [StoreOverview.MountpathInfo] = []
        for root in roots {
            let space = try root.descriptor.space()
            infos.append(
                StoreOverview.MountpathInfo(
                    mountpath: root.mountpath, free: space.free, total: space.total,
                    fileSystemType: try MountedFileSystem.of(root.mountpath.hostPath)?.type,
                    owner: "\(root.owner.user):\(root.owner.group)"))
        }
        var buckets: [StoreOverview.BucketInfo] = []
        for bucket in bmd.buckets {
            var usage = (objects: 0, bytes: Int64(0))
            do throws(StoreError) {
                usage = try openBucket(bucket, sync: false).usage()
            } catch {
                guard error.kind == .bucketRemoved else { throw error }
                repairs.append("\(error)")
            }
            buckets.append(StoreOverview.BucketInfo(bucket: bucket, objects: usage.objects, bytes: usage.bytes))
        }
        return StoreOverview(
            directory: directory, format: format, ownership: ownership, mountpaths: infos, uuid: bmd.uuid,
            version: bmd.version, bmdDirectory: bmdDirectory, buckets: buckets, repairs: repairs)
    }
}
