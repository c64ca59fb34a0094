/// Sealed small objects of one lane that become durable and visible together.
///
///     one syncfs a mountpath (shared with other lanes that wait) → copies renamed, their directories synced
///     → objects renamed → each directory synced once → the bucket still there
///
/// Each object succeeds or fails on its own; what fails leaves nothing behind.
public final class SmallBatch {
    /// What became of one object.
    public struct Outcome: Sendable {
        public let object: String
        /// Nil when it stands.
        public let error: StoreError?
    }

    private typealias Touched = (directory: ObjectDirectory, side: BucketSide, objects: [Int])

    /// Directories of one file system that a batch syncs one by one.
    private static let directoriesMax = 2

    private var workfiles: [(file: Workfile, replace: Bool)] = []

    public init() {}

    public var count: Int { workfiles.count }

    /// Takes a work file that was sealed. Without `replace`, an object that already stands is `.conflict` with errno
    /// `EEXIST`.
    public func add(_ workfile: Workfile, replace: Bool = true) {
        precondition(workfile.isSealed, "a work file was batched before it was sealed")
        workfiles.append((workfile, replace))
    }

    /// Outcomes in the order of adding. The batch is empty afterwards and can be used again.
    public func commit() -> [Outcome] {
        var errors = [StoreError?](repeating: nil, count: workfiles.count)
        syncFiles(&errors)
        publish(&errors) { file in
            zip(file.placement.copies, file.copies).map { (file.bucket.sides[$0], $1, file.mayReplaceCopies) }
        }
        publish(&errors) { file in [(file.staged.side, file.staged, nil)] }
        let outcomes = zip(workfiles, errors).map { Outcome(object: $0.file.object, error: $1) }
        for (index, entry) in workfiles.enumerated() {
            if errors[index] != nil { entry.file.discard() } else { entry.file.removeSidecarIfAny() }
        }
        workfiles.removeAll()
        return outcomes
    }

    private func syncFiles(_ errors: inout [StoreError?]) {
        var synced: [ObjectIdentifier: StoreError?] = [:]
        for (index, entry) in workfiles.enumerated() where entry.file.bucket.sync {
            for staged in entry.file.copies + [entry.file.staged] {
                let fileSystem = staged.side.root.fileSystem
                let key = ObjectIdentifier(fileSystem)
                if synced[key] == nil {
                    synced[key] = .some(failure { () throws(StoreError) in try fileSystem.sync() })
                }
                let own = failure { () throws(StoreError) in try staged.descriptor.checkWritten() }
                errors[index] = errors[index] ?? synced[key].flatMap { $0 } ?? own
            }
        }
    }

    /// Renames some files of each object that has not failed, then syncs each directory touched, once.
    private func publish(
        _ errors: inout [StoreError?], files: (Workfile) -> [(side: BucketSide, file: StagedFile, replace: Bool?)]
    ) {
        var touched: [ObjectIdentifier: Touched] = [:]
        for (index, entry) in workfiles.enumerated() where errors[index] == nil {
            for (side, staged, replace) in files(entry.file) where errors[index] == nil {
                errors[index] = failure { () throws(StoreError) in
                    try entry.file.refuseReplacing(entry.replace)
                    let directory = try staged.publish(
                        entry.file.placement.storedName, replace: replace ?? entry.replace)
                    touched[ObjectIdentifier(directory), default: (directory, side, [])].objects.append(index)
                }
            }
        }
        syncDirectories(Array(touched.values), &errors)
    }

    /// Syncs each directory once. Many directories of one file system cost less together, above all when other lanes
    /// join in.
    private func syncDirectories(_ touched: [Touched], _ errors: inout [StoreError?]) {
        var counts: [ObjectIdentifier: Int] = [:]
        for entry in touched { counts[ObjectIdentifier(entry.side.root.fileSystem), default: 0] += 1 }
        var synced: [ObjectIdentifier: StoreError?] = [:]
        for (directory, side, objects) in touched {
            let sync = objects.contains { workfiles[$0].file.bucket.sync }
            let fileSystem = side.root.fileSystem
            let key = ObjectIdentifier(fileSystem)
            let together = sync && counts[key, default: 0] > Self.directoriesMax
            if together, synced[key] == nil {
                synced[key] = .some(failure { () throws(StoreError) in try fileSystem.sync() })
            }
            let shared = together ? synced[key].flatMap { $0 } : nil
            let error =
                shared
                ?? failure { () throws(StoreError) in
                    if sync, !together { try directory.entries.sync() }
                    try side.confirm()
                }
            for index in objects { errors[index] = errors[index] ?? error }
        }
    }

    private func failure(_ body: () throws(StoreError) -> Void) -> StoreError? {
        do throws(StoreError) {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
