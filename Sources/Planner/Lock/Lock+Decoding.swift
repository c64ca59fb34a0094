import Foundation

extension Lock {
    /// Reads a lock as strictly as it was written: known version, as many lines as its header says, shards in order.
    public init(file: String) throws(LockError) {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw LockError(file: file, reason: "cannot be read; 'aismove plan SOURCE… --lock \(file)' writes it")
        }
        try self.init(file: file, data: data)
    }

    public init(file: String, data: Data) throws(LockError) {
        var lines = data.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        let decoder = JSONDecoder()
        func read<Line: Decodable>(_ number: Int, as type: Line.Type) throws(LockError) -> Line {
            guard let line = try? decoder.decode(type, from: Data(lines[number])) else {
                throw LockError(file: file, line: number + 1, reason: "is no such line of a lock (docs/lock.md)")
            }
            return line
        }
        guard !lines.isEmpty, let header = try? decoder.decode(Header.self, from: Data(lines[0])) else {
            throw LockError(
                file: file, line: 1, reason: "is no lock file; 'aismove plan SOURCE… --lock FILE' writes one")
        }
        guard header.aismoveLock == Self.version else {
            throw LockError(
                file: file, line: 1,
                reason: "is a lock of version \(header.aismoveLock); this aismove knows version \(Self.version)")
        }
        let count = header.sources.addingReportingOverflow(header.shards)
        guard header.sources >= 0, header.shards >= 0, !count.overflow, lines.count - 1 == count.partialValue else {
            throw LockError(
                file: file, line: 1,
                reason:
                    "says \(header.sources) sources and \(header.shards) shards, and \(lines.count - 1) lines follow;"
                    + " it was cut short or changed by hand: write it again")
        }
        var sources: [LockSource] = []
        for number in 0..<header.sources { sources.append(try read(1 + number, as: LockSource.self)) }
        var entries: [LockEntry] = []
        entries.reserveCapacity(header.shards)
        for number in 0..<header.shards {
            let line = 1 + header.sources + number
            let entry = try read(line, as: LockEntry.self)
            guard sources.indices.contains(entry.source), entry.size >= 0 else {
                throw LockError(
                    file: file, line: line + 1, reason: "names a source that is not there, or a negative size")
            }
            if let last = entries.last, !last.object.utf8.lexicographicallyPrecedes(entry.object.utf8) {
                throw LockError(file: file, line: line + 1, reason: "does not stand in order behind the line before it")
            }
            entries.append(entry)
        }
        self.init(file: file, sources: sources, entries: entries)
    }
}
