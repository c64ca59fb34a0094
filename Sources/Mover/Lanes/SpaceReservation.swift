import NodeStore
import Synchronization

/// Bytes that running transfers still intend to write, per mountpath: a run stops before a disk is full, not when.
public final class SpaceReservation: Sendable {
    private struct Disk {
        var reserved: Int64 = 0
        /// Bytes that could be used when it was looked at last, and how much of that has been promised since.
        var usable: Int64 = 0
        var promised: Int64 = 0
        var lookedAt = -Double.infinity
    }

    /// How long a look at a disk is believed, in seconds.
    private static let lookSeconds = 0.1

    private let store: NodeStore
    private let disks: Mutex<[Disk]>

    public init(_ store: NodeStore) {
        self.store = store
        disks = Mutex(Array(repeating: Disk(), count: store.mountpaths.count))
    }

    /// What a mountpath keeps free: one percent of it, a GiB at most.
    public static func reserve(total: Int64) -> Int64 { min(total / 100, 1 << 30) }

    /// Sets `bytes` aside.
    /// - Throws: `ShardFailure` of class space when they do not fit.
    func take(_ bytes: Int64, mountpath: Int) throws(ShardFailure) {
        let path = store.mountpaths[mountpath].hostPath
        try disks.withLock { disks throws(ShardFailure) in
            if monotonicSeconds() - disks[mountpath].lookedAt > Self.lookSeconds {
                try look(&disks[mountpath], mountpath)
            }
            let usable = disks[mountpath].usable - disks[mountpath].reserved - disks[mountpath].promised
            guard bytes <= usable else {
                throw ShardFailure(
                    .space,
                    "\(path): \(bytes) bytes do not fit into \(max(usable, 0)) usable ones; free space and run again")
            }
            disks[mountpath].reserved += bytes
        }
    }

    private func look(_ disk: inout Disk, _ mountpath: Int) throws(ShardFailure) {
        do {
            let space = try store.space(mountpath: mountpath)
            disk.usable = space.free - Self.reserve(total: space.total)
            disk.promised = 0
            disk.lookedAt = monotonicSeconds()
        } catch {
            throw ShardFailure(.store, "\(error)")
        }
    }

    /// Gives back what has been written or will not be. Until the next look at the disk it counts as written.
    func release(_ bytes: Int64, mountpath: Int) {
        disks.withLock { disks in
            disks[mountpath].reserved -= bytes
            disks[mountpath].promised += bytes
        }
    }
}

/// What one transfer has set aside. Bytes that are written are on the disk, and no longer set aside as well: counted
/// twice, a large shard near its end would keep others out of room that is free.
final class Room {
    private let reservation: SpaceReservation
    private let mountpath: Int
    private var bytes: Int64

    /// - Throws: `ShardFailure` of class space when `bytes` do not fit.
    init(_ bytes: Int64, of reservation: SpaceReservation, mountpath: Int) throws(ShardFailure) {
        self.reservation = reservation
        self.mountpath = mountpath
        if bytes > 0 { try reservation.take(bytes, mountpath: mountpath) }
        self.bytes = bytes
    }

    /// `count` more bytes have been written.
    func written(_ count: Int64) {
        let part = min(count, bytes)
        guard part > 0 else { return }
        bytes -= part
        reservation.release(part, mountpath: mountpath)
    }

    /// Gives back what is left.
    func release() { written(bytes) }
}
