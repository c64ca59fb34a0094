import Foundation

/// A report's summary, read from its end: a report of millions of records costs no more than a short one.
enum ReportTail {
    /// Bytes of a summary at most.
    private static let bytesMax: UInt64 = 16 << 20

    static func summary(of path: String) throws(ReportError) -> RunSummary {
        func refused(_ reason: String) -> ReportError { ReportError(path: path, reason: reason) }
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        guard type == .typeRegular, let handle = FileHandle(forReadingAtPath: path) else {
            throw refused("cannot be read as a file")
        }
        defer { try? handle.close() }
        guard let length = try? handle.seekToEnd() else { throw refused("cannot be read") }
        let mark = Data("\n],\"summary\":".utf8)
        var bytes: UInt64 = 64 << 10
        while true {
            let start = length > bytes ? length - bytes : 0
            guard (try? handle.seek(toOffset: start)) != nil, let tail = try? handle.readToEnd() else {
                throw refused("cannot be read")
            }
            if let found = tail.range(of: mark, options: .backwards) {
                var text = tail[found.upperBound...]
                if text.last == UInt8(ascii: "\n") { text.removeLast() }
                guard let summary = try? JSONDecoder().decode(RunSummary.self, from: text.dropLast()) else {
                    throw refused("has a summary that this aismove does not understand")
                }
                return summary
            }
            guard start > 0, bytes < bytesMax else { throw refused("is not a report of aismove's") }
            bytes *= 4
        }
    }
}
