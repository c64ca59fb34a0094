import Foundation

/// How a process ended and what it wrote.
public struct ProcessResult: Sendable {
    /// Exit status; 128 + signal when a signal ended it.
    public let status: Int32
    public let stdout: Data
    public let stderr: Data

    public var out: String { String(decoding: stdout, as: UTF8.self) }
    public var err: String { String(decoding: stderr, as: UTF8.self) }
}

extension TestSupport {
    /// Runs a program to its end. A name without `/` is looked up in PATH. `environment` replaces the whole of it.
    public static func run(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil, input: Data? = nil,
        directory: String? = nil
    ) throws -> ProcessResult {
        let scratch = try scratch("run")
        let process = Process()
        let isPath = executable.contains("/")
        process.executableURL = URL(fileURLWithPath: isPath ? executable : "/usr/bin/env")
        process.arguments = isPath ? arguments : [executable] + arguments
        if let environment { process.environment = environment }
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        let out = try scratch.write("out", "")
        let err = try scratch.write("err", "")
        // Files, not pipes: a server left running by a script would keep a pipe open.
        process.standardOutput = FileHandle(forWritingAtPath: out)
        process.standardError = FileHandle(forWritingAtPath: err)
        process.standardInput = FileHandle.nullDevice
        if let input { process.standardInput = FileHandle(forReadingAtPath: try scratch.write("in", input)) }
        try process.run()
        process.waitUntilExit()
        let status = process.terminationStatus
        return ProcessResult(
            status: process.terminationReason == .uncaughtSignal ? 128 + status : status,
            stdout: try Data(contentsOf: URL(fileURLWithPath: out)),
            stderr: try Data(contentsOf: URL(fileURLWithPath: err)))
    }

    /// `run` that throws, with what the program said, when it does not exit with 0.
    @discardableResult
    public static func runChecked(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil
    ) throws -> ProcessResult {
        let result = try run(executable, arguments, environment: environment)
        guard result.status == 0 else {
            throw TestSupportError("\(executable) \(arguments) exits with \(result.status): \(result.out)\(result.err)")
        }
        return result
    }
}
