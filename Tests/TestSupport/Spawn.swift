import Foundation
import Glibc

/// A child process by `posix_spawn`. Foundation's `Process` takes a child for running as long as a server that the
/// child left behind holds the descriptors it inherited.
struct Spawn {
    var executable: String
    var arguments: [String]
    var environment: [String: String]?
    var directory: String?
    /// Paths; what is left out is `/dev/null`.
    var input = "/dev/null"
    var output = "/dev/null"
    var errors = "/dev/null"

    init(_ executable: String, _ arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
    }

    /// Starts it; a name without `/` is looked up in PATH. Descriptors above 2 are not inherited.
    func start() throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        if let close = Self.symbol("posix_spawn_file_actions_addclosefrom_np") {
            _ = unsafeBitCast(close, to: CloseFrom.self)(&actions, 3)
        }
        if let directory, let change = Self.symbol("posix_spawn_file_actions_addchdir_np") {
            _ = unsafeBitCast(change, to: ChangeDirectory.self)(&actions, directory)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads that tests run on block signals; a server must hear SIGTERM.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0.key)=\($0.value)" }
        var pid = pid_t()
        let code = Self.withCStrings([executable] + arguments) { argv in
            Self.withCStrings(variables) { posix_spawnp(&pid, executable, &actions, &attributes, argv, $0) }
        }
        guard code == 0 else {
            throw TestSupportError("cannot start \(executable): \(String(cString: strerror(code)))")
        }
        return pid
    }

    /// Exit status of a child, 128 + signal when a signal ended it.
    static func wait(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    // Glibc has these behind _GNU_SOURCE, where Swift's module does not look.
    private typealias Actions = UnsafeMutablePointer<posix_spawn_file_actions_t>
    private typealias CloseFrom = @convention(c) (Actions, Int32) -> Int32
    private typealias ChangeDirectory = @convention(c) (Actions, UnsafePointer<CChar>) -> Int32

    private static func symbol(_ name: String) -> UnsafeMutableRawPointer? { dlsym(nil, name) }

    private static func withCStrings<R>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
    ) -> R {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
