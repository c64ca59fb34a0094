import ObjectModel

/// What a change of properties did.
public struct PropsUpdate: Sendable, Hashable {
    public let before: BMDBucket
    public let after: BMDBucket
    /// Of the BMD afterwards; it stays when nothing was different. Nil where the BMD is a cluster's.
    public let version: UInt64?

    public init(before: BMDBucket, after: BMDBucket, version: UInt64?) {
        self.before = before
        self.after = after
        self.version = version
    }

    /// Names and values that differ now, in byte order.
    public var differences: [(name: String, before: String, after: String)] {
        let (old, new) = (PropList(before), PropList(after))
        let names = Set(old.entries.map(\.name) + new.entries.map(\.name))
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { name in
            let (was, now) = (old[name]?.text ?? "-", new[name]?.text ?? "-")
            return was == now ? nil : (name, was, now)
        }
    }
}

extension NodeStore {
    /// Adds a bucket that is not there yet, with the properties that `request` asks for, in one write of the BMD.
    ///
    /// Throws `.usage` when it is there, and for properties that it cannot have; `.clusterOwned` in a cluster's store.
    /// `now` is in nanoseconds since 1970.
    public func createBucket(_ request: BucketRequest, now: UInt64) throws(StoreError) -> BMDBucket {
        let bucket = request.bucket
        try refuseChange("cannot create \(bucket.cname)")
        try refuseUnlessHT(bucket)
        return try withExclusiveLock { () throws(StoreError) -> BMDBucket in
            let copies = try readCopies()
            let current = try copies.current()
            if current.find(bucket) != nil {
                throw StoreError(
                    .usage, path: bucket.cname, message: "the bucket is there already; see `aismove bucket show`")
            }
            var bmd = current
            let added = bmd.add(request, created: now)
            let rules = PropRules(
                bucket: bucket, changes: request.changes, before: nil, after: added.props,
                mountpathCount: mountpaths.count)
            try rules.check()
            try makeDirectories(bucket)
            try write(bmd, replacing: current, in: copies)
            return added
        }
    }

    /// Changes a bucket's properties, all in one write of the BMD; fields that aismove does not know stay.
    ///
    /// Throws `.usage` for an unknown bucket and for properties that it cannot have (then nothing is changed);
    /// `.clusterOwned` in a cluster's store.
    public func setProps(_ bucket: Bucket, _ changes: [PropChange]) throws(StoreError) -> PropsUpdate {
        try refuseChange("cannot change the properties of \(bucket.cname)")
        return try withExclusiveLock { () throws(StoreError) -> PropsUpdate in
            let copies = try readCopies()
            let current = try copies.current()
            guard let before = current.find(bucket) else { throw Self.unknownBucket(bucket) }
            var bmd = current
            bmd.update(bucket) { props in
                for change in changes { change.apply(to: &props) }
            }
            guard let after = bmd.find(bucket), after.props != before.props else {
                return PropsUpdate(before: before, after: before, version: current.version)
            }
            let rules = PropRules(
                bucket: bucket, changes: changes, before: before.props, after: after.props,
                mountpathCount: mountpaths.count)
            try rules.check()
            try write(bmd, replacing: current, in: copies)
            return PropsUpdate(before: before, after: after, version: bmd.version)
        }
    }

    func refuseChange(_ what: String) throws(StoreError) {
        if ownership.clusterOwned { throw ownership.refusal(what, path: directory) }
    }

    /// Why a command cannot go on without a bucket.
    public static func unknownBucket(_ bucket: Bucket) -> StoreError {
        StoreError(
            .usage, path: bucket.cname, message: "no such bucket in this store; `aismove ls` lists what there is")
    }
}
