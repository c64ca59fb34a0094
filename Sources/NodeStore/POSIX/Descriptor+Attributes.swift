import CLinux
import Glibc

/// Extended attributes and the space they need.
extension Descriptor {
    /// An attribute's value; nil when it is not there or the file system has none.
    func attribute(_ name: String, capacity: Int = 4_096) throws(StoreError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: capacity)
        let count = SystemCall.attempt {
            Int32(clamping: bytes.withUnsafeMutableBytes { fgetxattr(number, name, $0.baseAddress, $0.count) })
        }
        if count == -ENODATA || count == -ENOTSUP { return nil }
        if count < 0 { throw StoreError(-count, "fgetxattr", path) }
        return Array(bytes[..<Int(count)])
    }

    /// Sets an attribute. A value that does not fit is this file's failure (`.name`), also where the file system calls
    /// it `ENOSPC`, unless the disk is really full.
    func setAttribute(_ name: String, _ value: [UInt8]) throws(StoreError) {
        let result = SystemCall.attempt {
            value.withUnsafeBytes { fsetxattr(number, name, $0.baseAddress, $0.count, 0) }
        }
        switch result {
        case 0...: return
        case -ENOSPC, -E2BIG, -ERANGE:
            if result == -ENOSPC, try space().free == 0 { throw StoreError(ENOSPC, "fsetxattr", path) }
            throw StoreError(
                .name, path: path, message: "metadata too large for the file system (\(value.count) bytes)",
                errno: -result)
        case -ENOTSUP:
            throw StoreError(
                .mountpath, path: path,
                message: "the file system keeps no extended attributes (user.*); choose or mount another",
                errno: ENOTSUP)
        default: throw StoreError(-result, "fsetxattr", path)
        }
    }

    func removeAttribute(_ name: String) throws(StoreError) {
        _ = try SystemCall.check("fremovexattr", path) { fremovexattr(number, name) }
    }

    /// Bytes that this user can still write, and bytes in all.
    func space() throws(StoreError) -> (free: Int64, total: Int64) {
        var raw = aismove_space()
        _ = try SystemCall.check("statfs", path) { aismove_fstatfs(number, &raw) }
        return (raw.free_bytes, raw.total_bytes)
    }

    /// Appends the whole of another file.
    func append(contentsOf source: Descriptor) throws(StoreError) {
        var offset: off_t = 0
        while true {
            let count = try SystemCall.check("sendfile", path) { sendfile(number, source.number, &offset, 1 << 30) }
            if count == 0 { return }
        }
    }

    /// Throws when writing this file to the disk failed at any time since it was opened; waits, but flushes nothing.
    func checkWritten() throws(StoreError) {
        _ = try SystemCall.check("writing back", path) { aismove_wait_written(number) }
    }
}
