import CLinux
import Glibc

/// Standard input, read so that whoever wants to stop does not wait for the one who writes.
public enum StandardInput {
    public enum Content: Sendable, Hashable {
        case whole([UInt8])
        case stopped
        /// There is more than was allowed.
        case tooLong
    }

    private static let chunkBytes = 256 << 10
    private static let pollMilliseconds: Int32 = 100

    /// Reads to the end.
    /// - Parameters:
    ///   - bytesMax: of what is kept.
    ///   - stopped: asked at least five times a second.
    public static func read(bytesMax: Int, stopped: () -> Bool) throws(StoreError) -> Content {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        while !stopped() {
            var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            if try SystemCall.check("poll", "standard input", { poll(&descriptor, 1, pollMilliseconds) }) == 0 {
                continue
            }
            let count = try SystemCall.check("read", "standard input") {
                chunk.withUnsafeMutableBytes { Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
            }
            if count == 0 { return .whole(bytes) }
            guard bytes.count + count <= bytesMax else { return .tooLong }
            bytes += chunk[..<count]
        }
        return .stopped
    }
}
