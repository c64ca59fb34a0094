import NodeStore
import Synchronization

/// Bytes that running transfers still intend to write, per mountpath: a run stops before a disk is full, not when.
public final class SpaceReservation: Sendable {
    private let store: NodeStore
    private let reserved: Mutex<[Int64]>

    public init(_ store: NodeStore) {
        self.store = store
        reserved = Mutex(Array(repeating: 0, count: store.mountpaths.count))
    }

    /// What a mountpath keeps free: one percent of it, a GiB at most.
    public static func reserve(total: Int64) -> Int64 { min(total / 100, 1 << 30) }

    /// Sets `bytes` aside.
    /// - Throws: `ShardFailure` of class space when they do not fit.
    func take(_ bytes: Int64, mountpath: Int) throws(ShardFailure) {
        let path = store.mountpaths[mountpath].hostPath
        let space: (free: Int64, total: Int64)
        do { space = try store.space(mountpath: mountpath) } catch { throw ShardFailure(.store, "\(error)") }
        let usable = space.free - Self.reserve(total: space.total)
        let fits = reserved.withLock { reserved in
            guard reserved[mountpath] + bytes <= usable else { return false }
            reserved[mountpath] += bytes
            return true
        }
        guard fits else {
            throw ShardFailure(
                .space,
                "\(path): \(bytes) bytes do not fit into \(max(usable, 0)) usable ones; free space and run again")
        }
    }

    /// Gives back what has been written or will not be.
    func release(_ bytes: Int64, mountpath: Int) {
        reserved.withLock { $0[mountpath] -= bytes }
    }
}
