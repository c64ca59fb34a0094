import Foundation

/// The file that a metrics collector reads at any moment: replaced as a whole, readable by all.
public struct MetricsFile: Sendable {
    /// Bytes of an earlier file that are looked at.
    private static let previousBytesMax = 1 << 20

    public let path: String
    private let folder: String

    /// - Throws: `ReportError` when its folder cannot be written.
    public init(path: String) throws(ReportError) {
        self.path = path
        folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
        var isFolder: ObjCBool = false
        guard access(folder, W_OK) == 0,
            !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) || !isFolder.boolValue
        else {
            throw ReportError(
                "metrics", path: path, reason: "cannot be written; check the directory and its permissions")
        }
    }

    /// Puts the run's metrics in place of the earlier ones.
    public func write(_ summary: RunSummary, ended: Date) throws(ReportError) {
        let metrics = RunMetrics(summary, ended: ended, previous: previous)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let temporary = "\(folder).\(name).\(ProcessInfo.processInfo.processIdentifier).tmp"
        do {
            try Data().write(to: URL(fileURLWithPath: temporary))
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
            try handle.write(contentsOf: Data(metrics.text.utf8))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: temporary)
            try handle.synchronize()
            try handle.close()
            guard rename(temporary, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            unlink(temporary)
            throw ReportError("metrics", path: path, reason: "could not be written: \(error.localizedDescription)")
        }
    }

    private var previous: String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: Self.previousBytesMax)).flatMap { $0 }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
