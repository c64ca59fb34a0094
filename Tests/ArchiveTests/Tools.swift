import Foundation

/// Other people's programs, which judge ours.
enum Tools {
    static let python =
        ProcessInfo.processInfo.environment["AISMOVE_TEST_PYTHON"]
        ?? NSHomeDirectory() + "/.cache/aismove/venv/bin/python3"

    struct Failed: Error {
        let command: String
        let text: String
    }

    /// Runs a program found in PATH; its output.
    @discardableResult
    static func run(_ arguments: [String], in folder: String? = nil, input: [UInt8]? = nil) throws -> [UInt8] {
        let scratch = try Scratch()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        // Files, not pipes: no one has to empty them while the program runs.
        func handle(_ name: String, _ content: Data = Data()) throws -> FileHandle {
            let url = URL(fileURLWithPath: scratch.path + "/" + name)
            try content.write(to: url)
            return try FileHandle(forUpdating: url)
        }
        process.standardInput = try handle("in", Data(input ?? []))
        process.standardOutput = try handle("out")
        process.standardError = try handle("err")
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let text = try String(contentsOfFile: scratch.path + "/err", encoding: .utf8)
            throw Failed(command: arguments.joined(separator: " "), text: text)
        }
        return try read(scratch.path + "/out")
    }

    static func read(_ path: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func fixture(_ target: String, _ name: String) throws -> [UInt8] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try read(tests.appendingPathComponent("\(target)/Fixtures/\(name)").path)
    }
}

/// A folder that goes away with its owner.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/aismove-archive-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
}

/// A generator with a fixed seed (splitmix64), so that a failing case comes back.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return word ^ word >> 31
    }

    /// Bytes of which none is zero.
    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 1...255, using: &self) } }
}
