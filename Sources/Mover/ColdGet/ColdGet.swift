import Archive
import Backends
import Hashing
import NodeStore
import ObjectModel

/// The cold GET of one object: architecture's steps 6–10 as one loop on one thread.
///
///     for each buffer of the body:  hash it · write it to the workfile · feed it to the tar walker
///     then compare size and digests with what was promised, and describe the object in its metadata
///
/// Not done here: making it visible (the caller commits), retrying from scratch (the caller starts over).
struct ColdGet {
    /// An object that is whole and verified, in a workfile.
    struct Received {
        let workfile: Workfile
        let lom: LOM
        let record: ShardRecord
    }

    /// What the source said before the body.
    struct Announcement {
        var head: HTTPResponseHead
        var total: Int64?
        var promised: [PromisedDigest]
        var validator: Validator
        /// Offset of the first byte that `body` delivers; what lies before it is on disk.
        var offset: Int64 = 0
    }

    private static let checkpointBytes: Int64 = 64 << 20

    let context: RunContext
    let job: ShardJob
    let announcement: Announcement

    /// Takes the whole body.
    /// - Parameter scratch: buffer for re-reading what an earlier run left; the body's own may be the same one.
    /// - Throws: `ShardFailure`, `BodyInterruption`; the workfile is gone unless the interruption can be continued.
    func run(body: any ObjectBody, scratch: TransferBuffer) throws -> Received {
        try checkPromises()
        let room = try reserve()
        defer { room.release() }
        let kept = announcement.offset > 0 ? job.partial?.reader(upTo: announcement.offset) : nil
        let workfile = try openWorkfile()
        do {
            return try receive(body: body, kept: kept, into: workfile, scratch: scratch, room: room)
        } catch let interruption as BodyInterruption {
            if case .restart = interruption { workfile.discard() } else { keep(workfile) }
            throw interruption
        } catch {
            workfile.discard()
            throw error
        }
    }

    /// Everything that can be refused before a byte moves.
    private func checkPromises() throws(ShardFailure) {
        if let directory { throw ShardFailure(.wrongContent, "is a directory at the source; write \(directory)") }
        if context.options.isLocked, let locked = job.shard.listed,
            let moved = LockedDifference(locked, announcement)
        {
            throw ShardFailure(moved.failureClass, moved.reason)
        }
        if let listed = job.shard.size, let total = announcement.total, listed != total {
            throw ShardFailure(.size, "the list says \(listed) bytes, the source \(total)")
        }
        if let total = announcement.total, !LOM.canRepresent(size: total) {
            throw ShardFailure(.name, "AIS cannot represent this size: \(total) bytes")
        }
        if context.options.requireDigest, announcement.promised.isEmpty {
            throw ShardFailure(.digest, "no digest is known for it, and --require-digest asks for one")
        }
    }

    /// Where the source has led to the same URL with a slash behind it: a page that lists a directory.
    private var directory: String? {
        let url = announcement.head.url
        guard job.backend == nil, url.utf8.count != job.url.utf8.count,
            let asked = try? URLParts(job.url), let came = try? URLParts(url), came.path == asked.path + "/"
        else { return nil }
        return URLText.redacted(url)
    }

    private func reserve() throws(ShardFailure) -> Room {
        guard let total = announcement.total else {
            return try Room(0, of: context.space, mountpath: job.placement.mountpathIndex)
        }
        return try Room(
            total - announcement.offset, of: context.space, mountpath: job.placement.mountpathIndex,
            copies: job.placement.copies, size: total)
    }

    private func openWorkfile() throws -> Workfile {
        let partial = job.partial
        job.partial = nil
        if announcement.offset > 0 {
            return try job.bucket.createWorkfile(
                for: job.shard.object, at: job.placement, continuing: partial, keptBytes: announcement.offset)
        }
        partial?.discard()
        return try job.bucket.createWorkfile(for: job.shard.object, at: job.placement)
    }

    private func receive(
        body: any ObjectBody, kept: ObjectReader?, into workfile: Workfile, scratch: TransferBuffer, room: Room
    ) throws -> Received {
        let checksumType = job.bucket.bucket.checksumType
        var subjects = announcement.promised.map(\.subject)
        if let algorithm = checksumType.algorithm { subjects.append(.whole(algorithm)) }
        let digests = RunningDigests(subjects)
        var pump = Pump(
            context: context, job: job, announcement: announcement, body: body, kept: kept, workfile: workfile,
            scratch: scratch, digests: digests, room: room)
        let tar: TarSummary?
        do {
            tar = try ShardCheck.run(
                name: job.shard.object, mode: context.options.tarMode(for: job.shard.object),
                next: { try pump.next() })
        } catch let error as TarError {
            throw ShardFailure(.tar, "\(error)")
        } catch let error as DecompressionError {
            throw ShardFailure(.tar, "\(error)")
        }
        let computed = digests.finalize()
        let checksum = checksumType.algorithm.flatMap { computed[.whole($0)]?.hex }
        return try describe(workfile: workfile, size: pump.size, computed: computed, checksum: checksum, tar: tar)
    }

    /// Compares what came with what was promised, and writes it down.
    private func describe(
        workfile: Workfile, size: Int64, computed: ComputedDigests, checksum: String?, tar: TarSummary?
    ) throws(ShardFailure) -> Received {
        if let expected = announcement.total ?? job.shard.size, expected != size {
            throw ShardFailure(.size, "\(size) bytes came, \(expected) were announced")
        }
        guard LOM.canRepresent(size: size) else {
            throw ShardFailure(.name, "AIS cannot represent this size: \(size) bytes")
        }
        var record = job.record(.moved)
        switch DigestVerdict(promised: announcement.promised, computed: computed) {
        case .agreed(let by): record.verifiedBy = verifiedBefore(checksum) ?? by
        case .differs(let reason):
            guard context.options.digestMismatch == .log else { throw ShardFailure(.digest, reason) }
            record.mismatch = reason
            record.verifiedBy = "mismatch"
        }
        record.outcome = announcement.offset > 0 ? .resumed : job.surveyed.replacesObject ? .updated : .moved
        record.size = size
        record.tarMembers = tar?.members
        record.samples = tar?.samples
        let lom = ObjectDescription(
            job: job, announcement: announcement, size: size, checksum: checksum,
            verifiedBy: record.verifiedBy ?? "length only"
        ).lom
        return Received(workfile: workfile, lom: lom, record: record)
    }

    /// What had verified the object that is repaired, where the same bytes have come again.
    private func verifiedBefore(_ checksum: String?) -> String? {
        guard job.surveyed.isRepair, let stored = job.surveyed.stored, stored.checksumValue == checksum else {
            return nil
        }
        return stored.custom[CustomKeys.verifiedBy]
    }

    /// Leaves a partial shard for the next run where it can be continued.
    private func keep(_ workfile: Workfile) {
        if announcement.validator.isStrong { workfile.keepPartial() } else { workfile.discard() }
    }

    /// Brings the next buffer: from disk what an earlier run left, then from the network; hashes every one, writes
    /// the new ones.
    private struct Pump {
        let context: RunContext
        let job: ShardJob
        let announcement: Announcement
        let body: any ObjectBody
        let kept: ObjectReader?
        let workfile: Workfile
        let scratch: TransferBuffer
        let digests: RunningDigests
        let room: Room
        var size: Int64 = 0
        /// Size at the last checkpoint; 0 before the first.
        private var checkpointed: Int64 = 0

        init(
            context: RunContext, job: ShardJob, announcement: Announcement, body: any ObjectBody, kept: ObjectReader?,
            workfile: Workfile, scratch: TransferBuffer, digests: RunningDigests, room: Room
        ) {
            self.context = context
            self.job = job
            self.announcement = announcement
            self.body = body
            self.kept = kept
            self.workfile = workfile
            self.scratch = scratch
            self.digests = digests
            self.room = room
        }

        mutating func next() throws -> TransferBuffer? {
            if size < announcement.offset { return try reread() }
            guard let buffer = try body.next() else { return nil }
            if size == 0 { try checkContent(buffer) }
            if announcement.total == nil { try makeSure(of: buffer.count) }
            try buffer.withBytes { bytes in
                digests.update(bytes)
                try workfile.append(bytes)
            }
            size += Int64(buffer.count)
            room.written(Int64(buffer.count))
            try checkpoint()
            return buffer
        }

        /// Where no length was announced, nothing has been set aside: looks for room before each write.
        private func makeSure(of count: Int) throws(ShardFailure) {
            let (bytes, mountpath) = (Int64(count), job.placement.mountpathIndex)
            try context.space.take(bytes, mountpath: mountpath)
            context.space.release(bytes, mountpath: mountpath)
        }

        private mutating func reread() throws -> TransferBuffer? {
            scratch.removeAll()
            guard let kept, try kept.read(into: scratch) > 0 else {
                throw BodyInterruption.restart("the partial shard on disk is shorter than it was")
            }
            scratch.withBytes { digests.update($0) }
            size += Int64(scratch.count)
            checkpointed = size
            return scratch
        }

        private func checkContent(_ buffer: TransferBuffer) throws {
            let reason = buffer.withBytes {
                WrongContent.reason(name: job.shard.object, head: announcement.head, firstBytes: $0)
            }
            if let reason { throw ShardFailure(.wrongContent, reason) }
        }

        /// With a strong validator the first bytes leave a sidecar, and every 64 MiB are synced.
        private mutating func checkpoint() throws {
            guard announcement.validator.isStrong, announcement.total.map({ size < $0 }) ?? true else { return }
            guard checkpointed == 0 || size - checkpointed >= ColdGet.checkpointBytes else { return }
            let record = PartialRecord(
                url: job.shownURL, validator: announcement.validator.etag ?? "", size: announcement.total)
            try workfile.checkpoint(record, sync: checkpointed > 0)
            checkpointed = size
        }
    }
}
