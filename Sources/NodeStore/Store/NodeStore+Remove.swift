import CLinux
import Glibc
import ObjectModel

/// What the removal of a bucket took away.
public struct BucketRemoval: Sendable, Hashable {
    public let bucket: BMDBucket
    /// Objects at their place, and their bytes.
    public let objects: Int
    public let bytes: Int64
    /// Of the BMD afterwards.
    public let version: UInt64
}

/// Removing a bucket.
///
///     directories → `.aismove/removed.*` of their mountpath, by rename · parents synced → the BMD's next version
///     → the renamed trees deleted
///
/// In this order a crash leaves an entry without directories: to remove it again, or to fetch into it, is all it takes.
/// The other way round it would leave directories without an entry, whose objects would come back to life in the next
/// bucket of that name.
extension NodeStore {
    static let removedPrefix = "removed."

    /// Takes a bucket out of the BMD, with all that its directories hold. The caller has the bucket's run lock.
    ///
    /// Throws `.usage` for an unknown bucket, and, with `onlyEmpty`, for one with data, naming some of it;
    /// `.clusterOwned` in a cluster's store.
    public func removeBucket(_ bucket: Bucket, onlyEmpty: Bool = false) throws(StoreError) -> BucketRemoval {
        try refuseChange("cannot remove \(bucket.cname)")
        try sweepRemoved()
        guard let known = try loadBMD().bmd.find(bucket) else { throw Self.unknownBucket(bucket) }
        if onlyEmpty { try refuseData(of: bucket) }
        let usage = try usage(of: known)
        let version = try withExclusiveLock { () throws(StoreError) -> UInt64 in
            let copies = try readCopies()
            let current = try copies.current()
            var bmd = current
            guard bmd.remove(bucket) else { throw Self.unknownBucket(bucket) }
            for root in roots { try root.setAside(FQN.bucketRoot(bucket)) }
            try write(bmd, replacing: current, in: copies)
            return bmd.version
        }
        try sweepRemoved()
        try removeSidecars(of: bucket)
        return BucketRemoval(bucket: known, objects: usage.objects, bytes: usage.bytes, version: version)
    }

    /// Deletes what removals, those that ended badly too, have set aside.
    func sweepRemoved() throws(StoreError) {
        for root in roots {
            let listing = try DirectoryListing(root.own)
            for index in 0..<listing.count where listing.kind(index) == .directory {
                guard let name = listing.name(index), name.hasPrefix(Self.removedPrefix) else { continue }
                try root.own.removeTree(name)
            }
        }
    }

    private func usage(of bucket: BMDBucket) throws(StoreError) -> (objects: Int, bytes: Int64) {
        do throws(StoreError) {
            return try openBucket(bucket, sync: false).usage()
        } catch {
            guard error.kind == .bucketRemoved else { throw error }
            return (0, 0)
        }
    }

    private func refuseData(of bucket: Bucket) throws(StoreError) {
        for root in roots {
            for content in ContentType.allCases where content != .work {
                guard let file = try root.anyFile(below: FQN.bucketDirectory(bucket, content)) else { continue }
                throw StoreError(
                    .usage, path: file,
                    message: "\(bucket.cname) has data, which no bucket would own; remove it with its objects "
                        + "(without --keep-data), or keep the bucket")
            }
        }
    }

    /// Sidecars name their bucket; what they would continue is gone.
    private func removeSidecars(of bucket: Bucket) throws(StoreError) {
        for root in roots {
            let listing = try DirectoryListing(root.own)
            for index in 0..<listing.count where listing.kind(index) == .file {
                guard let name = listing.name(index), name.hasPrefix(PartialRecord.prefix),
                    let file = try root.own.openIfThere(name, O_RDONLY),
                    PartialRecord(decoding: try file.readAll(limit: 1 << 20))?.bucket == bucket.uname
                else { continue }
                try root.own.remove(name)
            }
        }
    }
}

extension MountpathRoot {
    /// The directory at a path below the root; nil when it is missing.
    private func openIfThere(_ relative: String) throws(StoreError) -> Descriptor? {
        var directory = descriptor
        for component in relative.split(separator: "/") {
            guard let next = try directory.openIfThere(String(component), O_RDONLY | O_DIRECTORY) else { return nil }
            directory = next
        }
        return directory
    }

    func anyFile(below relative: String) throws(StoreError) -> String? {
        let (parent, name) = Placement.split(relative)
        return try openIfThere(parent)?.anyFile(below: name)
    }

    /// Renames a directory below the root into aismove's own one, durably; nothing when it is missing.
    fileprivate func setAside(_ relative: String) throws(StoreError) {
        let (path, name) = Placement.split(relative)
        guard let parent = try openIfThere(path), try parent.status(of: name) != nil else { return }
        let aside = NodeStore.removedPrefix + String(UInt64.random(in: .min ... .max), radix: 16)
        let result = parent.rename(name, to: own, aside, replace: true)
        if result < 0 { throw StoreError(-result, "rename", parent.path(of: name)) }
        try own.sync()
        try parent.sync()
        // A namespace without buckets needs no directory.
        let (provider, namespace) = Placement.split(path)
        if !provider.isEmpty { _ = try openIfThere(provider)?.removeDirectory(namespace) }
    }
}
