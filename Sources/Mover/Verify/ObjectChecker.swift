import Archive
import Backends
import Hashing
import NodeStore
import ObjectModel

/// Reads one object back and says what is wrong with it. Belongs to one thread.
final class ObjectChecker {
    struct Checked {
        var record: ShardRecord
        var damage: Verification.Damage?
    }

    private let bucket: BucketStore
    private let tarCheck: RunOptions.TarCheck
    private let buffer = TransferBuffer(capacity: 1 << 20)

    init(bucket: BucketStore, tarCheck: RunOptions.TarCheck) {
        self.bucket = bucket
        self.tarCheck = tarCheck
    }

    /// - Parameter files: an object's file, or its main one and its copies. Not empty.
    func check(_ files: [WalkedObject]) -> Checked {
        let main = files[0]
        let checked = check(main)
        guard checked.damage == nil, main.role == .main, let reason = copiesProblem(files) else { return checked }
        var record = checked.record
        (record.outcome, record.failureClass, record.reason) = (.failed, .store, reason)
        let damage = Verification.Damage(
            bucket: bucket.bucket.bucket, walked: main, failureClass: .store, reason: reason, isOnlyCopies: true)
        return Checked(record: record, damage: damage)
    }

    /// Copies are the same bytes under the same metadata.
    private func copiesProblem(_ files: [WalkedObject]) -> String? {
        do {
            let main = try bucket.open(storedName: files[0].storedName, on: files[0].mountpathIndex)
            let attribute = try main.attribute() ?? []
            let lom = try LOM(decoding: attribute)
            if let problem = bucket.copiesProblem(lom, at: bucket.place(files[0].name)) { return problem }
            for copy in files.dropFirst() {
                let reader = try bucket.open(storedName: copy.storedName, on: copy.mountpathIndex)
                guard try reader.attribute() == attribute else { return "its copy \(copy.fqn) has other metadata" }
                do {
                    _ = try read(copy, reader, lom)
                } catch {
                    return "its copy \(copy.fqn) is damaged: \(ShardFailure(error).reason)"
                }
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func check(_ object: WalkedObject) -> Checked {
        let title = "\(bucket.bucket.bucket.cname)/\(object.name)"
        var record = ShardRecord(source: object.fqn, object: title, outcome: .present)
        record.mountpath = bucket.store.mountpaths[object.mountpathIndex].hostPath
        var lom: LOM?
        do {
            if case .odd(let reason) = object.role { throw ShardFailure(.store, reason) }
            let reader = try bucket.open(storedName: object.storedName, on: object.mountpathIndex)
            record.size = reader.size
            let found = try bucket.metadata(reader)
            lom = found
            if object.misplaced {
                throw ShardFailure.misplaced
            }
            record.verifiedBy = found.custom[CustomKeys.verifiedBy]
            record.tarMembers = try read(object, reader, found)?.members
            return Checked(record: record, damage: nil)
        } catch {
            let failure = ShardFailure(error)
            record.outcome = .failed
            record.failureClass = failure.failureClass
            record.reason = failure.reason
            var damage = Verification.Damage(
                bucket: bucket.bucket.bucket, walked: object, failureClass: failure.failureClass,
                reason: failure.reason, url: sourceURL(of: object, lom: lom))
            // A shard that is no sound tar although its bytes are as they were has to become another one.
            if failure.failureClass == .digest || failure.failureClass == .size { damage.expected = lom }
            return Checked(record: record, damage: damage)
        }
    }

    /// Size, checksum and tar in one pass over the file.
    private func read(_ object: WalkedObject, _ reader: ObjectReader, _ lom: LOM) throws -> TarSummary? {
        let checked = CheckedReader(reader, lom)
        let next: () throws -> TransferBuffer? = { [buffer] in try checked.fill(buffer) ? buffer : nil }
        var options = RunOptions()
        options.tarCheck = tarCheck
        var tarProblem: ShardFailure?
        var summary: TarSummary?
        do {
            summary = try ShardCheck.run(name: object.name, mode: options.tarMode(for: object.name), next: next)
        } catch let error as TarError {
            tarProblem = ShardFailure(.tar, "\(error)")
        } catch let error as DecompressionError {
            tarProblem = ShardFailure(.tar, "\(error)")
        }
        while try next() != nil {}
        if let tarProblem { throw tarProblem }
        return summary
    }

    /// Where to fetch it again: its own metadata knows, or the `ht://` bucket's original URL.
    private func sourceURL(of object: WalkedObject, lom: LOM?) -> String? {
        if let url = lom?.custom[CustomKeys.originalURL] { return url }
        let registered = bucket.bucket
        if registered.isRemote, registered.bucket.provider != .ht {
            return "\((registered.backend ?? registered.bucket).cname)/\(object.name)"
        }
        guard registered.bucket.provider == .ht, let base = registered.originalURL else { return nil }
        return base + URLText.escapedPath(object.name)
    }
}
