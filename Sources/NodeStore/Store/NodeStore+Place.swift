import ObjectModel

extension NodeStore {
    /// Where an object of a bucket would belong, registered or not. Pure; for plans. (`BucketStore.place` is the same
    /// for a bucket that is open, and also knows its copies.)
    public func place(_ object: String, in bucket: Bucket) -> Placement {
        if let reason = ObjectName.refusal(object.utf8.span) {
            return Placement(mountpathIndex: 0, storedName: "", refusal: NameError(object, reason))
        }
        let index = HRW.mountpath(for: HRW.digest(bucket.objectUname(object)), among: mountpaths) ?? 0
        do throws(NameError) {
            let stored = try FQN.storedName(of: object, in: bucket, on: mountpaths[index])
            return Placement(mountpathIndex: index, storedName: stored.name, originalFQN: stored.originalFQN)
        } catch {
            return Placement(mountpathIndex: index, storedName: "", refusal: error)
        }
    }
}
