import Hashing
import NodeStore
import ObjectModel

/// Gives out one object at a time. Belongs to one thread.
final class ObjectExporter {
    private let bucket: BucketStore
    private let folder: ExportFolder
    private let options: ExportOptions
    private let buffer = TransferBuffer(capacity: 1 << 20)
    /// Clones do not work from these mountpaths.
    private var uncloneable: Set<Int> = []

    init(bucket: BucketStore, folder: ExportFolder, options: ExportOptions) {
        self.bucket = bucket
        self.folder = folder
        self.options = options
    }

    /// - Returns: what became of it, and how it was given out, where it was.
    func export(_ object: WalkedObject) -> (ShardRecord, ExportFile.Mode?) {
        var record = ShardRecord(
            source: object.fqn, object: "\(bucket.bucket.bucket.cname)/\(object.name)", outcome: .moved)
        record.mountpath = bucket.store.mountpaths[object.mountpathIndex].hostPath
        do {
            let mode = try give(object, &record)
            return (record, mode)
        } catch {
            let failure = (error as? ShardFailure) ?? ShardFailure(error)
            (record.outcome, record.failureClass, record.reason) = (.failed, failure.failureClass, failure.reason)
            record.verifiedBy = nil
            return (record, nil)
        }
    }

    private func give(_ object: WalkedObject, _ record: inout ShardRecord) throws -> ExportFile.Mode? {
        if case .odd(let reason) = object.role { throw ShardFailure(.store, reason) }
        if object.misplaced { throw ShardFailure.misplaced }
        let reader = try bucket.open(storedName: object.storedName, on: object.mountpathIndex)
        let lom = try bucket.metadata(reader)
        record.size = lom.size
        guard reader.size == lom.size else {
            throw ShardFailure(.size, "\(reader.size) bytes on disk, metadata says \(lom.size)")
        }
        return try outside {
            let place = try folder.place(object.name)
            switch try place.standing(beside: reader) {
            case .nothing: break
            case .theObject:
                record.outcome = .present
                return nil
            case .file(let other):
                if try isSame(other, as: reader, lom) {
                    (record.outcome, record.verifiedBy) = (.present, Self.verified(lom))
                    return nil
                }
                guard options.replaces else {
                    throw ShardFailure(
                        .conflict, "another file stands at \(place.path); remove it, or replace it with --force")
                }
                record.outcome = .updated
            case .other(let kind):
                throw ShardFailure(.conflict, "\(kind) stands at \(place.path); remove it")
            }
            reader.seek(to: 0)
            let (file, mode) = try stage(reader, at: place, object.mountpathIndex)
            record.verifiedBy = try fill(file, mode, from: reader, lom)
            try file.publish(replace: record.outcome == .updated)
            return mode
        }
    }

    /// What fails outside of the store is no damage of the store's.
    private func outside<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as StoreError {
            let failure = ShardFailure(error)
            throw failure.failureClass == .store ? ShardFailure(.transfer, failure.reason) : failure
        }
    }

    private func stage(
        _ reader: ObjectReader, at place: ExportPlace, _ mountpath: Int
    ) throws(StoreError) -> (ExportFile, ExportFile.Mode) {
        switch options.mode {
        case .link: return (try ExportFile(reader, at: place, mode: .link), .link)
        case .reflink: return (try ExportFile(reader, at: place, mode: .reflink), .reflink)
        case .auto where !uncloneable.contains(mountpath):
            do throws(StoreError) {
                return (try ExportFile(reader, at: place, mode: .reflink), .reflink)
            } catch {
                guard error.kind == .conflict else { throw error }
                uncloneable.insert(mountpath)
            }
        case .auto, .copy: break
        }
        return (try ExportFile(reader, at: place, mode: .copy), .copy)
    }

    /// Copies where that is the way, and compares the bytes wherever they pass or are asked for.
    private func fill(
        _ file: ExportFile, _ mode: ExportFile.Mode, from reader: ObjectReader, _ lom: LOM
    ) throws -> String? {
        if mode == .copy {
            try copy(reader, lom) { try file.append($0) }
        } else if options.verifies {
            try copy(try file.reader() ?? reader, lom) { _ in }
        } else {
            return nil
        }
        return Self.verified(lom)
    }

    private func copy(_ reader: ObjectReader, _ lom: LOM, _ sink: (RawSpan) throws -> Void) throws {
        let checked = CheckedReader(reader, lom)
        while try checked.fill(buffer) { try buffer.withBytes(sink) }
    }

    /// Whether a file that stands there has the object's bytes: by checksum, else by both files' own.
    private func isSame(_ file: ObjectReader, as reader: ObjectReader, _ lom: LOM) throws -> Bool {
        guard file.size == lom.size else { return false }
        if let algorithm = lom.checksumType.algorithm {
            return try digest(file, algorithm).hex == lom.checksumValue
        }
        return try digest(file, .sha256) == digest(reader, .sha256)
    }

    private func digest(_ reader: ObjectReader, _ algorithm: DigestAlgorithm) throws -> Digest {
        let context = DigestContext(algorithm)
        buffer.removeAll()
        while try reader.read(into: buffer) > 0 {
            buffer.withBytes { context.update($0) }
            buffer.removeAll()
        }
        return context.finalize()
    }

    private static func verified(_ lom: LOM) -> String {
        lom.checksumType == .none ? "length only" : "\(lom.checksumType.rawValue) (metadata)"
    }
}
