import Foundation
import Glibc

/// A server program on 127.0.0.1, started by a test and stopped by its process ID, whatever becomes of the test.
public final class ServerProcess: Sendable {
    /// When it can be used.
    public enum Ready: Sendable {
        /// Its output has a line that begins so.
        case line(String)
        /// A GET of this URL is answered with 200.
        case url(String)
    }

    public let pid: Int32
    private let scratch: ScratchDirectory

    /// A port that was free a moment ago.
    public static func freePort() throws -> Int { try Ports.free() }

    /// `count` ports in a row, the first one divisible by ten, all free a moment ago.
    public static func freePorts(_ offsets: [Int]) throws -> Int {
        for _ in 0..<200 {
            let first = Int.random(in: 1200...4500) * 10
            if Ports.areFree(offsets.map { first + $0 }) { return first }
        }
        throw TestSupportError("no free TCP ports")
    }

    /// Starts a program and waits until it is ready; what it wrote is in the error when it does not become so.
    /// - Parameter environment: added to this process's own, without proxies.
    public init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
        ready: Ready, timeout: Double = 60
    ) throws {
        scratch = try TestSupport.scratch("server")
        var spawn = Spawn(executable, arguments)
        var variables = ProcessInfo.processInfo.environment
        for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            variables[name] = nil
        }
        variables["no_proxy"] = "*"
        variables["PYTHONUNBUFFERED"] = "1"
        variables["AWS_EC2_METADATA_DISABLED"] = "true"
        variables.merge(environment) { $1 }
        spawn.environment = variables
        spawn.directory = directory
        spawn.output = "\(scratch.path)/out"
        spawn.errors = "\(scratch.path)/out"
        pid = try spawn.start()
        try ScratchRoot.shared.get().adopt(pid: pid)
        let deadline = Date(timeIntervalSinceNow: timeout)
        while !isReady(ready, variables) {
            var status: Int32 = 0
            let hasEnded = waitpid(pid, &status, WNOHANG) == pid
            guard !hasEnded, Date() < deadline else {
                throw TestSupportError("\(executable) \(arguments) does not start: \(output.suffix(2000))")
            }
            usleep(50_000)
        }
    }

    deinit { stop() }

    /// What it has written so far, standard error included.
    public var output: String { (try? String(contentsOfFile: "\(scratch.path)/out", encoding: .utf8)) ?? "" }

    /// SIGTERM, then SIGKILL; safe to call again.
    public func stop() {
        guard kill(pid, SIGTERM) == 0 else { return }
        var status: Int32 = 0
        for _ in 0..<40 {
            if waitpid(pid, &status, WNOHANG) != 0 { return }
            usleep(50_000)
        }
        kill(pid, SIGKILL)
        _ = Spawn.wait(pid)
    }

    private func isReady(_ ready: Ready, _ environment: [String: String]) -> Bool {
        switch ready {
        case .line(let prefix): output.split(separator: "\n").contains { $0.hasPrefix(prefix) }
        case .url(let url):
            (try? TestSupport.run(
                "curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "2", url],
                environment: environment))?.out == "200"
        }
    }
}
