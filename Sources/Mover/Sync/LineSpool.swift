import Foundation

/// Lines that may be too many to keep: beyond a megabyte they go to a temporary file that has no name and is gone with
/// the process, however that ends. Not thread-safe.
final class LineSpool {
    private static let keptBytes = 1 << 20
    private static let newline = UInt8(ascii: "\n")

    private var kept = Data()
    private var file: FileHandle?
    private(set) var count = 0

    /// Precondition: the line holds no line feed.
    func append(_ line: some Sequence<UInt8>) throws(RunError) {
        kept.append(contentsOf: line)
        kept.append(Self.newline)
        count += 1
        if kept.count >= Self.keptBytes { try flush() }
    }

    /// The lines in order, each once; nothing may be appended meanwhile.
    func makeReader() throws(RunError) -> () throws(RunError) -> [UInt8]? {
        if let file {
            try flush()
            try attempt { try file.seek(toOffset: 0) }
        }
        var pending = file == nil ? kept : Data()
        return { [file] () throws(RunError) -> [UInt8]? in
            while true {
                if let end = pending.firstIndex(of: Self.newline) {
                    defer { pending = pending[pending.index(after: end)...] }
                    return Array(pending[..<end])
                }
                guard let file else { return nil }
                let more = try Self.attempt { try file.read(upToCount: 64 << 10) }
                guard let more, !more.isEmpty else { return nil }
                // Compacted: slices of Data keep what was read before.
                pending = Data(pending) + more
            }
        }
    }

    private func flush() throws(RunError) {
        if file == nil { file = try Self.makeFile() }
        guard let file else { return }
        try attempt { try file.write(contentsOf: kept) }
        kept.removeAll(keepingCapacity: true)
    }

    private static var directory: URL { FileManager.default.temporaryDirectory }

    private static func makeFile() throws(RunError) -> FileHandle {
        let place = directory.appending(path: "aismove.\(UUID().uuidString)")
        return try attempt {
            try Data().write(to: place, options: .withoutOverwriting)
            defer { try? FileManager.default.removeItem(at: place) }
            return try FileHandle(forUpdating: place)
        }
    }

    private func attempt<Value>(_ body: () throws -> Value) throws(RunError) -> Value { try Self.attempt(body) }

    private static func attempt<Value>(_ body: () throws -> Value) throws(RunError) -> Value {
        do {
            return try body()
        } catch {
            throw RunError(
                .store,
                "a temporary file in \(directory.path) cannot be used (\(error.localizedDescription)); make room"
                    + " there, or set TMPDIR to another directory")
        }
    }
}
