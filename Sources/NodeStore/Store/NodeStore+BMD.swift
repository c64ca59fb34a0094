import ObjectModel

extension NodeStore {
    static let lockName = "store.lock"

    /// The store's bucket metadata. Stale, damaged and missing copies are written again, one line each in `repairs`;
    /// a cluster's are left alone and only reported.
    public func loadBMD() throws(StoreError) -> (bmd: BMD, repairs: [String]) {
        let (bmd, pending) = try readBMD()
        if pending.isEmpty { return (bmd, []) }
        if ownership.clusterOwned {
            return (bmd, pending.map { "\($0.place.path): \($0.reason); left to the cluster" })
        }
        return try withExclusiveLock { () throws(StoreError) -> (bmd: BMD, repairs: [String]) in
            let copies = try readCopies()
            let current = try copies.current()
            return (current, try repair(copies, to: current))
        }
    }

    /// Every copy as it is now. The caller has the store's lock.
    func readCopies() throws(StoreError) -> BMDCopies {
        // What another command has made the store remember since this one began counts here, too.
        try readCopies(primary: ownership.isNodes ? bmdDirectory : try ordered[0].notedBMD())
    }

    func readCopies(primary path: String?) throws(StoreError) -> BMDCopies {
        var primary: PrimaryDirectory?
        if let path {
            let directory = try PrimaryDirectory(path, apartFrom: mountpaths)
            if !ownership.isNodes, let evidence = try directory.evidence() { throw Self.usedPrimary(path, evidence) }
            primary = directory
        }
        return try BMDCopies(mountpaths: ordered.map(\.bmdPlace), primary: primary?.bmdPlace)
    }

    private func readBMD() throws(StoreError) -> (BMD, [BMDCopies.Repair]) {
        let lock = try lockFile(Self.lockName)
        defer { withExtendedLifetime(lock) {} }
        try lock.lock(.shared)
        let copies = try readCopies()
        let current = try copies.current()
        return (current, copies.repairs(to: current))
    }

    /// Precondition: the exclusive lock is held. A mountpath's copy that cannot be written now will be another time; one at
    /// the primary is an error, for the primary may start before that.
    func repair(_ copies: BMDCopies, to current: BMD) throws(StoreError) -> [String] {
        let bytes = current.encoded()
        var lines: [String] = []
        for repair in copies.repairs(to: current) {
            let path = repair.place.path
            do throws(StoreError) {
                try repair.place.write(bytes)
                lines.append("\(path): \(repair.reason); repaired")
            } catch {
                if repair.isPrimarys { throw error }
                lines.append("\(path): \(repair.reason); could not be repaired: \(error.message)")
            }
        }
        return lines
    }

    /// A new store's first BMD, unless its mountpaths bring one.
    func ensureBMD() throws(StoreError) {
        guard !ownership.clusterOwned else { return }
        try withExclusiveLock { () throws(StoreError) in
            let copies = try readCopies(primary: bmdDirectory)
            if let foreign = copies.onlyAtPrimary {
                throw StoreError(
                    .usage, path: foreign,
                    message:
                        "is the BMD of another store: no mountpath here has a copy of it; name the directory of this "
                        + "store's own primary, or take the file away")
            }
            guard copies.areMissing else {
                _ = try repair(copies, to: try copies.current())
                return
            }
            var generator = SystemRandomNumberGenerator()
            try write(BMD(uuid: BMD.makeUUID(using: &generator)), replacing: nil, in: copies)
        }
    }

    /// Makes sure that the buckets are in the BMD, all in one write, and that their directories exist. Returns them in
    /// the order asked for; those that were there are returned as they are. `now` is in nanoseconds since 1970.
    public func register(_ requests: [BucketRequest], now: UInt64) throws(StoreError) -> [BMDBucket] {
        for request in requests { try refuseUnlessHT(request.bucket) }
        if ownership.clusterOwned { return try registered(requests) }
        return try withExclusiveLock { () throws(StoreError) -> [BMDBucket] in
            let copies = try readCopies()
            let before = try copies.current()
            var bmd = before
            var buckets: [BMDBucket] = []
            for request in requests {
                try makeDirectories(request.bucket)
                buckets.append(bmd.add(request, created: now))
            }
            if bmd.version != before.version { try write(bmd, replacing: before, in: copies) }
            return buckets
        }
    }

    /// Throws for an `ht://` bucket where the store's format has none.
    func refuseUnlessHT(_ bucket: Bucket) throws(StoreError) {
        guard bucket.provider == .ht, !format.hasHTBuckets else { return }
        throw StoreError(
            .usage, path: bucket.cname,
            message: "AIStore \(format.rawValue) has no ht:// buckets; give --to ais://NAME")
    }

    private func registered(_ requests: [BucketRequest]) throws(StoreError) -> [BMDBucket] {
        let (bmd, _) = try readBMD()
        var buckets: [BMDBucket] = []
        for request in requests {
            guard let bucket = bmd.find(request.bucket) else {
                throw ownership.refusal("cannot add \(request.bucket.cname) to the BMD", path: directory)
            }
            buckets.append(bucket)
        }
        return buckets
    }

    /// All eight on every mountpath, or a node answers 500 for the bucket.
    func makeDirectories(_ bucket: Bucket) throws(StoreError) {
        for root in roots {
            try root.makeDirectories(FQN.bucketRoot(bucket), containing: ContentType.allCases.map(\.rawValue))
        }
    }

    /// One copy after the other, each whole or not at all; the previous one stays beside it.
    func write(_ bmd: BMD, replacing previous: BMD?, in copies: BMDCopies) throws(StoreError) {
        let bytes = bmd.encoded()
        let old = previous?.encoded()
        for place in copies.holders { try place.write(bytes, previous: old) }
    }

    func withExclusiveLock<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let lock = try lockFile(Self.lockName)
        defer { withExtendedLifetime(lock) {} }
        try lock.lock(.exclusive)
        return try body()
    }
}
