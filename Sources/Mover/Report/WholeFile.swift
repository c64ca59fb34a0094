import Foundation

/// A file that is written as a run goes, and appears whole or not at all. A pipe, a device or what a symbolic link names is
/// written as it stands, never replaced. Not thread-safe.
final class WholeFile {
    private let path: String
    private let temporary: String
    private let isDirect: Bool
    private let handle: FileHandle
    private var isOpen = true

    /// - Throws: `RunError` (usage) when the directory cannot be written.
    init(path: String) throws(RunError) {
        self.path = path
        let kind = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        isDirect = kind.map { $0 != .typeRegular } ?? false
        temporary = isDirect ? path : "\(path).\(ProcessInfo.processInfo.processIdentifier).tmp"
        guard isDirect || FileManager.default.createFile(atPath: temporary, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporary)
        else { throw RunError(.usage, "\(path): cannot be written; check the directory and its permissions") }
        self.handle = handle
        if isDirect { try? handle.truncate(atOffset: 0) }
    }

    deinit { discard() }

    /// Adds bytes, or writes over those at `offset`.
    func write(_ data: Data, at offset: UInt64? = nil) throws(RunError) {
        do {
            if let offset { try handle.seek(toOffset: offset) }
            try handle.write(contentsOf: data)
        } catch {
            throw RunError(.store, "\(path): could not be written: \(error.localizedDescription)")
        }
    }

    /// Puts the file in place.
    func publish() throws(RunError) {
        do {
            if !isDirect { try handle.synchronize() }
            try handle.close()
        } catch {
            throw RunError(.store, "\(path): could not be written: \(error.localizedDescription)")
        }
        guard isDirect || rename(temporary, path) == 0 else {
            throw RunError(.store, "\(path): could not be put in place; check the directory and its permissions")
        }
        isOpen = false
    }

    /// Removes what was written; nothing once it is in place.
    func discard() {
        guard isOpen else { return }
        isOpen = false
        try? handle.close()
        if !isDirect { try? FileManager.default.removeItem(atPath: temporary) }
    }
}
