import CLinux
import Glibc

/// Standard output for the bytes of objects.
public enum StandardOutput {
    /// Writes all of it.
    /// - Returns: false when the reader has gone away.
    public static func write(_ bytes: RawSpan) throws(StoreError) -> Bool {
        var written = 0
        while written < bytes.byteCount {
            let count = bytes.extracting(written...).withUnsafeBytes {
                Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EPIPE { return false }
                throw StoreError(.io, path: "standard output", message: String(cString: strerror(errno)), errno: errno)
            }
            written += count
        }
        return true
    }
}
