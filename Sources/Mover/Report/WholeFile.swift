import Foundation

/// A file that is written as a run goes, and appears whole or not at all. A pipe, a device or what a symbolic link names is
/// written as it stands, never replaced. Not thread-safe.
final class WholeFile {
    /// What could not be done, and why.
    struct Fault: Error {
        let path: String
        let reason: String
        /// It shows before anything was done.
        let isBeforehand: Bool
    }

    private let path: String
    private let temporary: String
    private let isDirect: Bool
    private let handle: FileHandle
    private var isOpen = true

    /// - Throws: when the directory cannot be written.
    init(path: String) throws(Fault) {
        self.path = path
        let kind = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        isDirect = kind.map { $0 != .typeRegular } ?? false
        temporary = isDirect ? path : "\(path).\(ProcessInfo.processInfo.processIdentifier).tmp"
        guard isDirect || FileManager.default.createFile(atPath: temporary, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporary)
        else {
            throw Fault(
                path: path, reason: "cannot be written; check the directory and its permissions", isBeforehand: true)
        }
        self.handle = handle
        // Only files can be cut to nothing.
        if isDirect { try? handle.truncate(atOffset: 0) }
    }

    deinit { discard() }

    /// Adds bytes, or writes over those at `offset`.
    func write(_ data: Data, at offset: UInt64? = nil) throws(Fault) {
        do {
            if let offset { try handle.seek(toOffset: offset) }
            try handle.write(contentsOf: data)
        } catch {
            throw fault("could not be written: \(error.localizedDescription)")
        }
    }

    /// Puts the file in place.
    func publish() throws(Fault) {
        do {
            if !isDirect { try handle.synchronize() }
            try handle.close()
        } catch {
            throw fault("could not be written: \(error.localizedDescription)")
        }
        guard isDirect || rename(temporary, path) == 0 else {
            throw fault("could not be put in place; check the directory and its permissions")
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

    private func fault(_ reason: String) -> Fault { Fault(path: path, reason: reason, isBeforehand: false) }
}

extension RunError {
    init(_ fault: WholeFile.Fault) {
        self.init(fault.isBeforehand ? .usage : .store, "\(fault.path): \(fault.reason)")
    }
}

extension ReportError {
    init(_ fault: WholeFile.Fault) { self.init(path: fault.path, reason: fault.reason) }
}
