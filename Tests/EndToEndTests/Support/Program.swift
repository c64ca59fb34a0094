import Foundation
import Glibc
import TestSupport

/// The program under test: the debug build beside the running test bundle, or what `AISMOVE_TEST_BINARY` names.
enum Program {
    static let path: String = {
        if let named = ProcessInfo.processInfo.environment["AISMOVE_TEST_BINARY"] { return named }
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folders = [bundle, CommandLine.arguments.first ?? ""].map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().path
        }
        let places = (folders + ["\(TestSupport.repositoryRoot)/.build/debug"]).map { "\($0)/aismove" }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? places[0]
    }()

    /// Seconds after which a run is killed: a hang must fail its test, not the suite. `AISMOVE_TEST_PATIENCE` says otherwise.
    static let patience = ProcessInfo.processInfo.environment["AISMOVE_TEST_PATIENCE"].flatMap { Int($0) } ?? 120

    /// Runs it to its end; status 137 when it had to be killed.
    static func run(
        _ arguments: [String], environment: [String: String], input: Data? = nil
    ) throws -> ProcessResult {
        try TestSupport.run(
            "timeout", ["--signal=KILL", String(patience), path] + arguments, environment: environment, input: input)
    }
}

/// One started process of the program, for signals and for two at once.
final class Running {
    let pid: Int32
    private let process = Process()
    private let out: String
    private let err: String

    /// - Parameter input: what standard input is; nothing where it is not given.
    init(
        _ arguments: [String], environment: [String: String], scratch: ScratchDirectory, input: Pipe? = nil
    ) throws {
        let name = UUID().uuidString
        out = try scratch.write("\(name).out", "")
        err = try scratch.write("\(name).err", "")
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = input ?? FileHandle.nullDevice as Any
        process.standardOutput = FileHandle(forWritingAtPath: out)
        process.standardError = FileHandle(forWritingAtPath: err)
        try process.run()
        pid = process.processIdentifier
        let patience = DispatchTime.now() + .seconds(Program.patience)
        DispatchQueue.global().asyncAfter(deadline: patience) { [weak process] in
            if let process, process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
        }
    }

    deinit { if process.isRunning { Glibc.kill(pid, SIGKILL) } }

    var isRunning: Bool { process.isRunning }

    /// Whether it no longer leaves this signal to the kernel.
    func catches(_ signal: Int32) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let masks = status.split(separator: "\n").filter { $0.hasPrefix("SigIgn:") || $0.hasPrefix("SigCgt:") }
        return masks.contains { line in
            let mask = line.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) } ?? 0
            return mask & (1 << UInt64(signal - 1)) != 0
        }
    }

    func send(_ signal: Int32) { if process.isRunning { Glibc.kill(pid, signal) } }

    /// The highest resident memory so far, in KiB, as the kernel has counted it; nil once it has ended.
    var peakKiB: Int? {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    /// Standard error so far.
    var errSoFar: String { (try? String(contentsOfFile: err, encoding: .utf8)) ?? "" }

    /// How it ended and what it said.
    struct Ended {
        /// Exit status; 128 + signal when a signal ended it.
        let status: Int32
        let out: String
        let err: String
    }

    func wait() throws -> Ended {
        process.waitUntilExit()
        let isSignal = process.terminationReason == .uncaughtSignal
        return Ended(
            status: process.terminationStatus + (isSignal ? 128 : 0),
            out: try String(contentsOfFile: out, encoding: .utf8), err: errSoFar)
    }
}

/// Waits, at most ten seconds, until something holds.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<500 {
        if try condition() { return true }
        usleep(20000)
    }
    return false
}
