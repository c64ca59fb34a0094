import Backends
import NodeStore
import Planner

/// A lock made ready for a run: sources that give exactly its shards.
public struct LockedPlan {
    public let sources: LockedSources

    /// - Parameters:
    ///   - given: the same sources once more, with the logins and queries that a lock does not keep; empty = its own.
    ///   - options: how lists and pages at URLs are read, where URLs are to be completed.
    ///   - isOffline: nothing is asked for, so no URL need be complete.
    /// - Throws: `LockError`, and whatever reading the sources throws.
    public init(_ lock: Lock, given: [Source], store: NodeStore, options: RunOptions, isOffline: Bool = false) throws {
        var urls: [String: String] = [:]
        if !isOffline, let hidden = lock.redacted.first {
            guard !given.isEmpty else {
                throw LockError(
                    file: lock.file,
                    reason: "does not keep the login or query of \(hidden.source);"
                        + " give all sources again, as they were given to 'aismove plan'")
            }
            urls = try Self.urls(of: given, lock, store, options)
        }
        sources = try LockedSources(lock, given: given, reach: options.reach, urls: urls)
    }

    /// The URLs of the lock's shards as the given sources have them.
    private static func urls(
        of given: [Source], _ lock: Lock, _ store: NodeStore, _ options: RunOptions
    ) throws -> [String: String] {
        let plain = given.filter { $0.bucketSource == nil }
        let stop = StopSignal()
        let context = RunContext(
            options: options, store: store, recorder: RunRecorder(observer: { _ in }), stop: stop)
        let sequence = try Outline.read(plain, context).sequence(of: plain)
        let wanted = Set(lock.entries.map(\.object))
        var urls: [String: String] = [:]
        while let shard = try sequence.next() {
            guard let number = shard.destination else { continue }
            let object = "\(sequence.destinations[number].bucket.cname)/\(shard.object)"
            if wanted.contains(object) { urls[object] = shard.url }
        }
        return urls
    }
}
