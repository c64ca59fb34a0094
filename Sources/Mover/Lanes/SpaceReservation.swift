import NodeStore
import ObjectModel

/// Bytes that running transfers still intend to write, per file system: a run stops before a disk is full, not when.
public final class SpaceReservation: Sendable {
    private struct Disk {
        var reserved: Int64 = 0
        /// Bytes that could be used when it was looked at last, and how many were written since.
        var usable: Int64 = 0
        var writtenSinceLook: Int64 = 0
        var lookedAt = -Double.infinity
    }

    /// How long a look at a disk is believed, in seconds.
    private static let lookSeconds = 0.1

    private let store: NodeStore
    /// By the number of the first mountpath on it: mountpaths of one file system share its room.
    private let disks = Guarded<[Int: Disk]>([:])

    public init(_ store: NodeStore) { self.store = store }

    /// What a mountpath keeps free: one percent of it, a GiB at most.
    public static func reserve(total: Int64) -> Int64 { min(total / 100, 1 << 30) }

    /// Sets `bytes` aside.
    /// - Throws: `ShardFailure` of class space when they do not fit.
    func take(_ bytes: Int64, mountpath: Int) throws(ShardFailure) {
        try disks.withLock { disks throws(ShardFailure) in
            var disk = disks[store.fileSystem(of: mountpath)] ?? Disk()
            if monotonicSeconds() - disk.lookedAt > Self.lookSeconds { try look(&disk, mountpath) }
            let usable = disk.usable - disk.reserved - disk.writtenSinceLook
            guard bytes <= usable else {
                throw ShardFailure(
                    .space,
                    "\(store.mountpaths[mountpath].hostPath): \(bytes) bytes do not fit into \(max(usable, 0)) usable "
                        + "ones; free space and run again")
            }
            disk.reserved += bytes
            disks[store.fileSystem(of: mountpath)] = disk
        }
    }

    private func look(_ disk: inout Disk, _ mountpath: Int) throws(ShardFailure) {
        do {
            let space = try store.space(mountpath: mountpath)
            disk.usable = space.free - Self.reserve(total: space.total)
            disk.writtenSinceLook = 0
            disk.lookedAt = monotonicSeconds()
        } catch {
            throw ShardFailure(.store, "\(error)")
        }
    }

    /// Gives back what has been written or will not be. Until the next look at the disk it counts as written.
    func release(_ bytes: Int64, mountpath: Int) {
        disks.withLock { disks in
            disks[store.fileSystem(of: mountpath)]?.reserved -= bytes
            disks[store.fileSystem(of: mountpath)]?.writtenSinceLook += bytes
        }
    }
}

/// What one transfer has set aside. Bytes that are written are on the disk, and no longer set aside as well: counted
/// twice, a large shard near its end would keep others out of room that is free.
final class Room {
    private let reservation: SpaceReservation
    private let mountpath: Int
    private var bytes: Int64
    /// Written, but not told to the reservation yet: telling takes a lock that all lanes share.
    private var untold: Int64 = 0
    private static let tellBytes: Int64 = 1 << 20
    /// Whole copies of a mirrored bucket's object, by mountpath; written at the end.
    private var copies: [(mountpath: Int, bytes: Int64)] = []

    /// - Throws: `ShardFailure` of class space when `bytes`, or a copy of `size` bytes, do not fit.
    init(
        _ bytes: Int64, of reservation: SpaceReservation, mountpath: Int, copies: [Int] = [], size: Int64 = 0
    ) throws(ShardFailure) {
        self.reservation = reservation
        self.mountpath = mountpath
        self.bytes = 0
        if bytes > 0 { try reservation.take(bytes, mountpath: mountpath) }
        self.bytes = bytes
        for copy in copies {
            do throws(ShardFailure) {
                try reservation.take(size, mountpath: copy)
            } catch {
                release()
                throw error
            }
            self.copies.append((copy, size))
        }
    }

    /// `count` more bytes have been written.
    func written(_ count: Int64) {
        untold = min(untold + count, bytes)
        if untold >= Self.tellBytes { tell() }
    }

    private func tell() {
        guard untold > 0 else { return }
        bytes -= untold
        reservation.release(untold, mountpath: mountpath)
        untold = 0
    }

    /// Gives back what is left.
    func release() {
        written(bytes)
        tell()
        for copy in copies { reservation.release(copy.bytes, mountpath: copy.mountpath) }
        copies = []
    }
}
