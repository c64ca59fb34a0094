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
        var spawn = Spawn(executable, arguments)
        spawn.environment = environment
        spawn.directory = directory
        // Files, not pipes: a server left running by a script would keep a pipe open.
        spawn.output = try scratch.write("out", "")
        spawn.errors = try scratch.write("err", "")
        if let input { spawn.input = try scratch.write("in", input) }
        let status = Spawn.wait(try spawn.start())
        return ProcessResult(
            status: status, stdout: try Data(contentsOf: URL(fileURLWithPath: spawn.output)),
            stderr: try Data(contentsOf: URL(fileURLWithPath: spawn.errors)))
    }

    /// `run` that throws, with what the program said, when it does not exit with 0.
    @discardableResult
    public static func runChecked(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil, input: Data? = nil,
        directory: String? = nil
    ) throws -> ProcessResult {
        let result = try run(executable, arguments, environment: environment, input: input, directory: directory)
        guard result.status == 0 else {
            throw TestSupportError("\(executable) \(arguments) exits with \(result.status): \(result.out)\(result.err)")
        }
        return result
    }
}
