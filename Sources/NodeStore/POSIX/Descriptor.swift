import CLinux
import Glibc

/// An open file or directory: one owner, closed in `deinit`. `path` is for messages only.
final class Descriptor: Sendable {
    let number: Int32
    let path: String

    init(adopting number: Int32, path: String) {
        self.number = number
        self.path = path
    }

    deinit { _ = close(number) }

    /// Opens an absolute path.
    convenience init(_ path: String, _ flags: Int32, mode: UInt32 = 0) throws(StoreError) {
        let number = try SystemCall.check("open", path) { aismove_openat(AT_FDCWD, path, flags, mode) }
        self.init(adopting: number, path: path)
    }

    func status() throws(StoreError) -> FileStatus {
        var raw = aismove_status()
        _ = try SystemCall.check("fstat", path) { aismove_fstat(number, &raw) }
        return FileStatus(raw: raw)
    }

    /// Writes all of it at the file's position.
    func write(_ bytes: RawSpan) throws(StoreError) {
        var done = 0
        while done < bytes.byteCount {
            let rest = bytes.extracting(done...)
            done += try SystemCall.check("write", path) {
                rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            }
        }
    }

    /// The whole of a small file. Throws `.unreadable` beyond `limit` bytes.
    func readAll(limit: Int = 64 << 20) throws(StoreError) -> [UInt8] {
        let size = Int(clamping: try status().size)
        guard size <= limit else {
            throw StoreError(.unreadable, path: path, message: "\(size) bytes are more than such a file can have")
        }
        var bytes = [UInt8](repeating: 0, count: size + 1)
        var done = 0
        while done < bytes.count {
            let start = done
            let count = try SystemCall.check("read", path) {
                bytes.withUnsafeMutableBytes { pread(number, $0.baseAddress! + start, $0.count - start, off_t(start)) }
            }
            if count == 0 { break }
            done += count
        }
        return Array(bytes[..<done])
    }

    /// To the disk, with all metadata.
    func sync() throws(StoreError) {
        _ = try SystemCall.check("fsync", path) { fsync(number) }
    }

    /// To the disk, with what is needed to read the data back.
    func syncData() throws(StoreError) {
        _ = try SystemCall.check("fdatasync", path) { fdatasync(number) }
    }

    func truncate(to length: Int64) throws(StoreError) {
        _ = try SystemCall.check("ftruncate", path) { ftruncate(number, off_t(length)) }
        _ = try SystemCall.check("lseek", path) { lseek(number, off_t(length), SEEK_SET) }
    }

    enum Lock: Sendable { case shared, exclusive }

    /// Takes the kernel's lock on this open file; waits for it.
    func lock(_ lock: Lock) throws(StoreError) {
        let operation = lock == .shared ? LOCK_SH : LOCK_EX
        _ = try SystemCall.check("flock", path) { aismove_flock(number, operation) }
    }

    /// Takes the exclusive lock if nobody holds it.
    func tryLock() throws(StoreError) -> Bool {
        let result = SystemCall.attempt { aismove_flock(number, LOCK_EX | LOCK_NB) }
        if result == -EWOULDBLOCK { return false }
        if result < 0 { throw StoreError(-result, "flock", path) }
        return true
    }

    /// Gives the file its owner and its permissions, when it has others.
    /// - Returns: what it was before.
    @discardableResult
    func belong(to owner: Owner, permissions: UInt32) throws(StoreError) -> FileStatus {
        let status = try status()
        if status.owner != owner {
            let result = SystemCall.attempt { fchown(number, owner.user, owner.group) }
            if result == -EPERM {
                throw StoreError(
                    .mountpath, path: path,
                    message: "cannot be given to user \(owner.user), group \(owner.group), who own the mountpath; "
                        + "run as that user, or as root", errno: EPERM)
            }
            if result < 0 { throw StoreError(-result, "fchown", path) }
        }
        if status.permissions != permissions {
            _ = try SystemCall.check("fchmod", path) { fchmod(number, permissions) }
        }
        return status
    }
}
