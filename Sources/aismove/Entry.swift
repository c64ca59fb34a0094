import ArgumentParser
import Backends
import Foundation
import Mover
import NodeStore

/// Parse, call, print, exit: the only place that turns an error into an exit code.
@main
enum Entry {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        holdStandardStreams()
        allowManyFiles()
        var code: Int32 = 0
        do {
            var command = try Aismove.parseAsRoot()
            try command.run()
        } catch {
            code = report(error)
        }
        if code == 0, let reason = Console.lostOutput {
            Console.error("standard output: \(reason)")
            code = Mover.ExitCode.store.rawValue
        }
        exit(code)
    }

    /// Where the caller has closed them, the first files opened would get their numbers, and messages would go into those.
    /// (For reading only: what is written stays an error.)
    private static func holdStandardStreams() {
        var descriptor: Int32
        repeat { descriptor = open("/dev/null", O_RDONLY) } while (0...STDERR_FILENO).contains(descriptor)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Lanes times transfers, and four descriptors a bucket and mountpath, are more than the 1,024 of most shells.
    private static func allowManyFiles() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 1 << 20))
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Prints one clear error and says which code it is.
    private static func report(_ error: any Error) -> Int32 {
        if let report = ErrorReport(error) {
            Console.error(report.message)
            return report.code.rawValue
        }
        if let told = error as? CodeOnly { return told.code }
        let code = Aismove.exitCode(for: error)
        if code.isSuccess {
            print(Aismove.fullMessage(for: error))
            return 0
        }
        Console.error(Aismove.message(for: error) + "\nSee 'aismove --help'.")
        return Mover.ExitCode.usage.rawValue
    }
}

/// A command's end other than success: the code, and one sentence that names the thing and the remedy.
struct CommandFailure: Error {
    var code: Mover.ExitCode
    var message: String

    init(_ code: Mover.ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }
}
