import CLinux
import Glibc

/// The one place where −1 becomes an error. Nobody else reads `errno`.
enum SystemCall {
    /// Runs the call until it is not interrupted by a signal; throws what the kernel said, with operation and path.
    @inline(__always)
    static func check<Result: SignedInteger>(
        _ operation: StaticString, _ path: @autoclosure () -> String, _ call: () -> Result
    ) throws(StoreError) -> Result {
        while true {
            let result = call()
            if result != -1 { return result }
            let code = errno
            if code != EINTR { throw StoreError(code, operation, path()) }
        }
    }

    /// The same where failures are expected: the call's result, or −errno.
    @inline(__always)
    static func attempt(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            if result != -1 { return result }
            let code = errno
            if code != EINTR { return -code }
        }
    }
}

extension StoreError {
    /// `ENOSPC` and `EDQUOT` are `.space`, all others `.io`.
    init(_ code: Int32, _ operation: StaticString, _ path: String) {
        let full = code == ENOSPC || code == EDQUOT
        let remedy =
            switch code {
            case ENOSPC: "; make room, or move less"
            case EDQUOT: "; raise the quota, or move less"
            case EACCES, EPERM: "; run as the owner of the mountpath, or as root"
            case EROFS: "; mount it writable"
            case EMFILE, ENFILE: "; raise the limit of open files (ulimit -n)"
            case EIO: "; look at the kernel's log, the disk may be failing"
            default: ""
            }
        self.init(
            full ? .space : .io, path: path, message: "\(operation): \(String(cString: strerror(code)))\(remedy)",
            errno: code)
    }
}
