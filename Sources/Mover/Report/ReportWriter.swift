import Foundation
import Synchronization

/// Writes the JSON report as the run goes: one record a line, the summary last. It appears as a `WholeFile`.
public final class ReportWriter: Sendable {
    private struct State {
        var file: WholeFile
        var hasBegun = false
        var isFirst = true
        var pending = Data()
        /// What kept a part of it from being written: the rest is of no use.
        var lost: (any Error)?
    }

    public let path: String
    private let state: Mutex<State>

    /// Opens a temporary beside `path`.
    /// - Throws: `ReportError` when the directory cannot be written.
    public init(path: String) throws(ReportError) {
        self.path = path
        do throws(WholeFile.Fault) {
            state = Mutex(State(file: try WholeFile(path: path)))
        } catch {
            throw ReportError(error)
        }
    }

    /// Says what the run works on, before its first record; without it the report names neither store nor sources.
    public func begin(_ header: ReportHeader) { state.withLock { Self.begin(header, &$0) } }

    private static func begin(_ header: ReportHeader, _ state: inout State) {
        guard !state.hasBegun, let line = try? encode(header) else { return }
        state.hasBegun = true
        state.pending.append(line.dropLast() + Data(",\"shards\":[\n".utf8))
    }

    public func add(_ record: ShardRecord) {
        guard let line = try? Self.encode(record) else { return }
        state.withLock { state in
            Self.begin(ReportHeader(), &state)
            if !state.isFirst { state.pending.append(Data(",\n".utf8)) }
            state.isFirst = false
            state.pending.append(line)
            if state.pending.count > 1 << 16 { Self.flush(&state) }
        }
    }

    /// Adds the summary and puts the file in place.
    public func finish(_ summary: RunSummary) throws(ReportError) {
        do {
            let line = try Self.encode(summary)
            try state.withLock { state in
                Self.begin(ReportHeader(), &state)
                state.pending.append(Data("\n],\"summary\":".utf8) + line + Data("}\n".utf8))
                if let lost = state.lost { throw lost }
                try state.file.write(state.pending)
                try state.file.publish()
            }
        } catch {
            discard()
            if let fault = error as? WholeFile.Fault { throw ReportError(fault) }
            throw ReportError(path: path, reason: "could not be written: \(error.localizedDescription)")
        }
    }

    /// Removes what was written; for a run that ends before it has a summary.
    public func discard() { state.withLock { $0.file.discard() } }

    private static func flush(_ state: inout State) {
        do {
            if state.lost == nil { try state.file.write(state.pending) }
        } catch {
            state.lost = error
        }
        state.pending.removeAll(keepingCapacity: true)
    }

    private static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}

/// A report, or another file that tells of a run, could not be written or read.
public struct ReportError: Error, Sendable, CustomStringConvertible {
    public var kind: String
    public var path: String
    public var reason: String

    public init(_ kind: String = "report", path: String, reason: String) {
        self.kind = kind
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(kind) \(path) \(reason)" }
}
