import CLinux
import Glibc
import ObjectModel

/// What an earlier run left of an object, locked for us: its sidecar, and its bytes up to where they can be trusted.
/// Read them again for the hash, then continue (`createWorkfile(for:at:continuing:)`) or `discard`; a value that is
/// just released leaves all as it was.
public final class PartialTransfer {
    public let record: PartialRecord
    /// Bytes that are surely what was received; the file is cut to them.
    public let byteCount: Int64
    private let staged: StagedFile
    private let sidecar: String
    private var isTaken = false

    init(_ record: PartialRecord, _ staged: StagedFile, byteCount: Int64, sidecar: String) {
        self.record = record
        self.staged = staged
        self.byteCount = byteCount
        self.sidecar = sidecar
    }

    deinit { if !isTaken { staged.keep() } }

    /// Reads the first `count` bytes, `byteCount` at most; independent of where writing goes on.
    public func reader(upTo count: Int64) -> ObjectReader {
        ObjectReader(staged.descriptor, size: min(count, byteCount))
    }

    /// The source has changed: removes file and sidecar.
    public func discard() {
        isTaken = true
        staged.discard()
        _ = try? staged.side.root.own.remove(sidecar)
    }

    func take(_ count: Int64) throws(StoreError) -> StagedFile {
        try staged.descriptor.truncate(to: count)
        isTaken = true
        return staged
    }
}

extension BucketStore {
    /// What an earlier run left of this object and nobody else holds. One system call when there is nothing.
    public func findPartial(_ object: String, at placement: Placement) throws(StoreError) -> PartialTransfer? {
        if placement.refusal != nil { return nil }
        let side = sides[placement.mountpathIndex]
        let sidecar = PartialRecord.fileName(digest(object))
        guard let file = try side.root.own.openIfThere(sidecar, O_RDONLY),
            let record = PartialRecord(decoding: try file.readAll(limit: 1 << 20)),
            record.bucket == uname, record.object == object,
            let staged = try StagedFile(continuing: record.workfile, side)
        else { return nil }
        let byteCount: Int64
        do throws(StoreError) {
            byteCount = record.usableBytes(fileSize: try staged.descriptor.status().size)
            guard byteCount > 0, byteCount <= record.size ?? .max else {
                _ = try? side.root.own.remove(sidecar)
                return nil
            }
            try staged.descriptor.truncate(to: byteCount)
        } catch {
            staged.keep()
            throw error
        }
        return PartialTransfer(record, staged, byteCount: byteCount, sidecar: sidecar)
    }
}

extension BucketStore {
    /// Whether an earlier run left anything on these mountpaths that might be continued; when it did not, `findPartial`
    /// need not be asked for each object.
    public var hasPartials: Bool {
        sides.contains { side in
            guard let listing = try? DirectoryListing(side.root.own) else { return true }
            return (0..<listing.count).contains { listing.name($0)?.hasPrefix(PartialRecord.prefix) ?? false }
        }
    }
}
