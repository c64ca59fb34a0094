import CCurl
import Glibc

/// The file that a request sends as its body, open for as long as libcurl reads from it.
final class Upload {
    private let number: Int32
    private let byteCount: Int64
    private var offset: Int64 = 0

    /// Nil when the file cannot be opened.
    init?(_ body: FileBody) {
        number = open(body.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard number >= 0 else { return nil }
        byteCount = body.byteCount
    }

    deinit { close(number) }

    /// The next bytes, no more than were announced. Nil when the file is shorter, or cannot be read.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let left = Int(min(Int64(buffer.count), byteCount - offset))
        guard left > 0 else { return 0 }
        while true {
            let count = pread(number, buffer.baseAddress, left, off_t(offset))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            offset += Int64(count)
            return count
        }
    }
}
