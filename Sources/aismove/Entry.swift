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
        allowManyFiles()
        do {
            var command = try Aismove.parseAsRoot()
            try command.run()
        } catch {
            exit(report(error))
        }
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
