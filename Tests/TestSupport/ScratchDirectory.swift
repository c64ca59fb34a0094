import Foundation
import Glibc

/// A directory of one test's own below this process's scratch root.
public final class ScratchDirectory: Sendable {
    public let path: String

    init(_ label: String) throws {
        path = "\(try ScratchRoot.shared.get().path)/\(label).\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file below it, with the directories above; returns its path.
    @discardableResult
    public func write(_ name: String, _ contents: Data) throws -> String {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try contents.write(to: url)
        return url.path
    }

    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }
}

/// The process's scratch root and its keeper: a shell that waits for this process to end, however it ends, then stops
/// the servers named in `pids` (those that do not heed it, a second later by force) and removes the directory.
struct ScratchRoot: Sendable {
    let path: String

    static let shared = Result { try ScratchRoot() }

    private static let temporary = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"

    private init() throws {
        path = "\(Self.temporary)/aismove-tests.\(getpid())"
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let script = """
            trap '' INT TERM HUP
            while kill -0 "$1" 2>/dev/null; do sleep 0.5; done
            for pid in $(cat "$2/pids" 2>/dev/null); do kill "$pid" 2>/dev/null; done
            sleep 1
            for pid in $(cat "$2/pids" 2>/dev/null); do kill -9 "$pid" 2>/dev/null; done
            rm -rf "$2"
            """
        _ = try Spawn("/bin/sh", ["-c", script, "keeper", String(getpid()), path]).start()
    }

    /// Has the process stopped when the tests end, even by a crash.
    func adopt(pid: Int32) throws {
        let file = "\(path)/pids"
        guard let handle = fopen(file, "a") else { throw TestSupportError("cannot write \(file)") }
        fputs("\(pid)\n", handle)
        fclose(handle)
    }
}
