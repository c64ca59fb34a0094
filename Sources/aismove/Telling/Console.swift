import Foundation
import Synchronization

/// Standard output and standard error, whole lines at a time.
enum Console {
    static let isTerminal = isatty(STDERR_FILENO) == 1

    static func error(_ message: String) { write("aismove: \(message)\n", to: STDERR_FILENO) }
    static func note(_ message: String) { write(message + "\n", to: STDERR_FILENO) }
    static func line(_ message: String) { write(message + "\n", to: STDOUT_FILENO) }

    /// Names come from elsewhere: what would steer a terminal or break a line is shown as `\u{…}`.
    static func harmless(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isSteering) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if isSteering(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// Why something that was written to standard output is not there, nil when all is: a full disk.
    static var lostOutput: String? {
        let number = lostBy.load(ordering: .relaxed)
        return number == 0 ? nil : String(cString: strerror(number))
    }

    private static let lostBy = Atomic<Int32>(0)

    /// Whether who read standard output has gone away.
    static var isReaderGone: Bool { readerIsGone.load(ordering: .relaxed) }

    private static let readerIsGone = Atomic<Bool>(false)

    /// Writes all of it; a reader that has gone away is no error, nor is a descriptor that the caller has closed.
    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withContiguousStorageIfAvailable {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            guard let written, written > 0 else {
                let reason = written == -1 ? errno : EIO
                if reason == EINTR { continue }
                if descriptor == STDOUT_FILENO {
                    switch reason {
                    case EPIPE: readerIsGone.store(true, ordering: .relaxed)
                    case EBADF: break
                    default: lostBy.store(reason, ordering: .relaxed)
                    }
                }
                return
            }
            bytes = bytes.dropFirst(written)
        }
    }

    /// Columns of the terminal, 80 where it does not say.
    static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
    }
}
