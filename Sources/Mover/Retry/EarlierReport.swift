import Foundation
import Planner

/// A report of an earlier run, as untrusted input: read line by line, as `ReportWriter` writes it, whatever its length.
///
///     {"sources":[…],"store":"…","version":1,"shards":[      one record a line, commas between them      ],"summary":{…}}
public struct EarlierReport: Sendable {
    /// Bytes of a record at most.
    static let recordBytesMax = 1 << 20
    /// Bytes of the first or the last line at most.
    static let frameBytesMax = 16 << 20

    public let path: String
    public let header: ReportHeader

    /// Reads the first line.
    /// - Throws: `ListError` for what is not a report of this format.
    public init(path: String) throws(ListError) {
        self.path = path
        var lines = try Self.lines(path)
        guard let first = try Self.next(&lines, path) else {
            throw ListError(file: path, line: 0, reason: "is empty; a report ends with its summary")
        }
        header = try Self.header(first, path)
    }

    private static func lines(_ path: String) throws(ListError) -> BoundedLines {
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        let isReadable = type == .typeRegular || type == .typeSymbolicLink
        guard isReadable, let handle = FileHandle(forReadingAtPath: path) else {
            throw ListError(file: path, line: 0, reason: "cannot be read as a file; give a report's path")
        }
        return BoundedLines(handle, lineBytesMax: frameBytesMax)
    }

    private static func next(_ lines: inout BoundedLines, _ path: String) throws(ListError) -> Data? {
        do {
            return try lines.next()
        } catch is BoundedLines.TooLong {
            throw ListError(file: path, line: lines.number + 1, reason: "is too long for a line of a report")
        } catch {
            throw ListError(file: path, line: 0, reason: "cannot be read: \(error.localizedDescription)")
        }
    }

    static func header(_ line: Data, _ path: String) throws(ListError) -> ReportHeader {
        let mark = Data(",\"shards\":[".utf8)
        struct Version: Decodable { var version: Int }
        let text = line.dropLast(line.suffix(mark.count) == mark ? mark.count : 0) + Data("}".utf8)
        guard let version = try? JSONDecoder().decode(Version.self, from: text) else {
            throw ListError(file: path, line: 1, reason: "is not a report as aismove writes it, one record a line")
        }
        guard version.version == ReportHeader.formatVersion else {
            throw ListError(
                file: path, line: 1,
                reason: "is a report of version \(version.version); this aismove reads version"
                    + " \(ReportHeader.formatVersion)")
        }
        guard let header = try? JSONDecoder().decode(ReportHeader.self, from: text) else {
            throw ListError(
                file: path, line: 1, reason: "does not name its sources: it is of an older aismove, or damaged")
        }
        return header
    }

    /// Goes through the records from the start.
    /// - Returns: the summary.
    @discardableResult
    func read(_ body: (ShardRecord, _ line: Int) throws(ListError) -> Void) throws(ListError) -> RunSummary {
        var reading = try Reading(path)
        while let record = try reading.next() { try body(record, reading.line) }
        guard let summary = reading.summary else {
            throw ListError(file: path, line: reading.line, reason: "ends without its summary: it has been cut short")
        }
        return summary
    }

    /// Where one passage through the records stands.
    struct Reading {
        private let path: String
        private var lines: BoundedLines
        /// Set behind the last record.
        private(set) var summary: RunSummary?

        init(_ path: String) throws(ListError) {
            self.path = path
            lines = try EarlierReport.lines(path)
            _ = try EarlierReport.next(&lines, path)
        }

        var line: Int { lines.number }

        /// The next record, nil at the end.
        mutating func next() throws(ListError) -> ShardRecord? {
            let end = Data("],\"summary\":".utf8)
            while summary == nil, var text = try EarlierReport.next(&lines, path) {
                if text.isEmpty { continue }
                if text.starts(with: end) {
                    summary = try decode(RunSummary.self, text.dropFirst(end.count).dropLast())
                    return nil
                }
                guard text.count <= EarlierReport.recordBytesMax else {
                    throw ListError(file: path, line: line, reason: "is too long for a record")
                }
                if text.last == UInt8(ascii: ",") { text.removeLast() }
                return try decode(ShardRecord.self, text)
            }
            return nil
        }

        private func decode<Value: Decodable>(_ type: Value.Type, _ text: Data) throws(ListError) -> Value {
            do {
                return try JSONDecoder().decode(type, from: text)
            } catch {
                let what = type == RunSummary.self ? "the summary" : "a record"
                throw ListError(file: path, line: line, reason: "is not \(what) as aismove writes it")
            }
        }
    }
}
