import Backends
import Foundation
import Hashing
import NodeStore
import ObjectModel
import Planner

/// Makes a lock of what a plan finds: every shard's state as its source tells it now. A lock is whole or not written.
///
/// Digests come from the source, from lists, from the store's metadata where it has the very same state, and from the lock
/// that stood there before: made again of an unchanged source, a lock is the same file, byte for byte. It holds all its
/// lines in memory.
public final class LockBuilder {
    /// What was written.
    public struct Written: Sendable, Hashable, Encodable {
        public var lock: String
        public var shards: Int
        public var bytes: Int64
        /// Of the file, in hexadecimal.
        public var sha256: String
        /// Shards that only their length tells from others.
        public var byLengthAlone: Int

        enum CodingKeys: String, CodingKey {
            case lock, shards, bytes, sha256
            case byLengthAlone = "by_length_alone"
        }
    }

    private let path: String
    private let before: [String: LockEntry]
    private var entries: [LockEntry] = []
    private var redacted: Set<Int> = []
    private var refusals: [ExitCode: (count: Int, examples: [String])] = [:]

    /// - Throws: `RunError` where something else than a lock stands at `path`.
    public init(path: String) throws(RunError) {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            before = [:]
            return
        }
        do throws(LockError) {
            before = Dictionary(
                try Lock(file: path).entries.map { ($0.object, $0) }, uniquingKeysWith: { first, _ in first })
        } catch {
            throw RunError(.usage, "\(error); it is not overwritten: remove it, or name another file")
        }
    }

    /// Takes one shard of the plan.
    /// - Parameter answer: what the source says, where no listing does.
    func add(_ surveyed: SurveyedShard, answer: SizeAsker.Answer?, isAllowedToMiss: Bool) {
        let shard = surveyed.shard
        guard let destination = surveyed.destination else { return refuse(.someFailed, shard, "names no bucket") }
        switch surveyed.decision {
        case .conflict(let reason), .defect(let reason): return refuse(.someFailed, shard, reason)
        case .refused(let error): return refuse(.someFailed, shard, "\(error)")
        case .move, .present, .recheck: break
        }
        var state = shard.listed ?? ListedObject(name: shard.object)
        switch answer {
        case .there(let facts):
            (state.size, state.validator, state.digests) = (facts.size, facts.validator, facts.promised)
        case .missing:
            if !isAllowedToMiss { refuse(.missing, shard, "is missing at the source") }
            return
        case .refused(let reason): return refuse(.refused, shard, reason)
        case .unknown(let reason): return refuse(.someFailed, shard, reason)
        case nil: break
        }
        guard let size = state.size else { return refuse(.someFailed, shard, "the source does not tell its size") }
        if let listed = shard.size, listed != size {
            return refuse(.verification, shard, "the list says \(listed) bytes, the source \(size)")
        }
        state.digests += shard.digests
        state.digests.removeAll { $0.parts != nil }
        for one in state.digests {
            guard let other = state.digests.first(where: { $0.digest.algorithm == one.digest.algorithm }),
                other.digest != one.digest
            else { continue }
            return refuse(.verification, shard, "\(other) and \(one) contradict each other")
        }
        var entry = LockEntry(
            object: "\(destination.cname)/\(shard.object)", source: shard.source, url: shard.shownURL, size: size,
            state: state)
        if let stored = surveyed.stored, stored.size == size, ListedState(state).isSame(as: stored) == true {
            for digest in stored.digests { entry.add(digest) }
        }
        keepDigests(of: before[entry.object], &entry)
        if shard.key == nil, shard.url != shard.shownURL { redacted.insert(shard.source) }
        entries.append(entry)
    }

    private func keepDigests(of old: LockEntry?, _ entry: inout LockEntry) {
        guard let old, old.isSameState(as: entry), old.etag != nil || old.version != nil || old.modified != nil else {
            return
        }
        for (name, hex) in old.digests ?? [:] {
            guard let digest = DigestAlgorithm(rawValue: name).flatMap({ Digest($0, hex: hex) }) else { continue }
            entry.add(digest)
        }
    }

    private func refuse(_ code: ExitCode, _ shard: PlannedShard, _ reason: String) {
        var known = refusals[code] ?? (0, [])
        known.count += 1
        if known.examples.count < 5 { known.examples.append("\(shard.object): \(reason)") }
        refusals[code] = known
    }

    /// Writes the lock so that it appears whole.
    /// - Parameter isIncomplete: a listing did not end properly.
    /// - Throws: `RunError` when some shard cannot be locked, or the file cannot be written.
    func write(_ sources: [Source], isIncomplete: Bool) throws -> Written {
        if let code = ExitCode.precedence.first(where: { refusals[$0] != nil }), let worst = refusals[code] {
            let more = worst.count > worst.examples.count ? "; and \(worst.count - worst.examples.count) more" : ""
            let remedy = code == .missing ? " (--missing allow and --known-missing leave holes out)" : ""
            throw RunError(code, "\(path) was not written: \(worst.examples.joined(separator: "; "))\(more)\(remedy)")
        }
        if isIncomplete { throw RunError(.incomplete, "\(path) was not written: a listing did not end properly") }
        var locked = sources.map(LockSource.init)
        for number in redacted { locked[number].redacted = true }
        let lock = Lock(file: path, sources: locked, entries: entries)
        let data = try lock.encoded()
        do throws(WholeFile.Fault) {
            let file = try WholeFile(path: path)
            try file.write(data)
            try file.publish()
        } catch {
            throw RunError(error)
        }
        return Written(
            lock: path, shards: lock.entries.count, bytes: lock.bytes,
            sha256: Digest.sha256(of: Array(data).span.bytes).hex, byLengthAlone: lock.pinnedByLengthAlone)
    }
}

extension LOM {
    /// What the metadata says of the whole object's bytes.
    fileprivate var digests: [Digest] {
        [
            checksumType.algorithm.flatMap { Digest($0, hex: checksumValue) },
            custom[CustomKeys.md5].flatMap { Digest(.md5, hex: $0) },
            custom[CustomKeys.crc32c].flatMap { Digest(.crc32c, base64: $0) },
        ].compactMap { $0 }
    }
}
