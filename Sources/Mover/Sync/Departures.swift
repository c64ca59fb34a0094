import Foundation
import NodeStore
import ObjectModel
import Planner

/// Finds what the sources of a sync placed in the store and no longer have.
///
///     walk through the store, in the order of names, beside the listings, in theirs
///         an object whose metadata names a source of this sync, in whose place it stands → candidate
///         that no source gave → gone
///
/// Pure looking: nothing is changed but empty directories, which go.
struct Departures {
    /// An object that is gone from its source.
    struct Gone: Codable {
        let source: Int
        /// Where names are asked for one by one.
        let position: Int?
        let bucket: Int
        let name: String
        let size: Int64
    }

    struct Found {
        var candidates: [Int]
        var gone: [Int]
        let names = LineSpool()
        /// By source number: of names that are asked for one by one.
        var positions: [Int: IndexSet] = [:]
    }

    /// A source as far as it concerns one bucket.
    private struct Owner {
        let number: Int
        let source: Source
        let prefix: [UInt8]
        let tag: String

        func owns(_ name: [UInt8], _ object: String, _ tag: String) -> Bool {
            tag == self.tag && name.starts(with: prefix) && source.filter.takes(object)
        }
    }

    let sources: [Source]
    let buckets: [BucketStore]
    let ledger: SyncLedger
    let rules: SyncRules
    let context: RunContext

    /// - Returns: nil when the run was stopped.
    func find() throws -> Found? {
        var found = Found(candidates: sources.map { _ in 0 }, gone: sources.map { _ in 0 })
        for number in buckets.indices { try walk(number, &found) }
        return context.stop.isStopped ? nil : found
    }

    /// `aismove_src` of a source's objects in a bucket.
    static func tag(of source: Source, in bucket: BucketStore, _ context: RunContext) -> String {
        source.identity(job: context.options.job, bucket: bucket.bucket.bucket)
    }

    private func walk(_ number: Int, _ found: inout Found) throws {
        let bucket = buckets[number]
        let owners = owners(of: bucket)
        guard !owners.isEmpty else { return }
        var listings = try owners.compactMap { try ledger.names(of: $0.number) }
        let tidies = rules.deletes && !rules.isDryRun && !bucket.store.ownership.clusterOwned
        let destination = Destination(bucket: bucket.bucket.bucket, originalURL: bucket.bucket.originalURL)
        try bucket.walk(prefix: Self.sharedPrefix(owners.map(\.prefix)), tidying: tidies) { walked in
            if context.stop.isStopped { return false }
            guard walked.role == .main, let lom = bucket.state(walked.name, at: bucket.place(walked.name)).lom,
                let tag = lom.custom[CustomKeys.aismoveSource]
            else { return true }
            let name = Array(walked.name.utf8)
            guard let owner = owners.first(where: { $0.owns(name, walked.name, tag) }) else { return true }
            var position: Int?
            if owner.source.telling == .eachName {
                position = owner.source.position(of: walked.name, at: destination)
                if position == nil { return true }
            }
            found.candidates[owner.number] += 1
            var isGiven = ledger.isListed(walked.name, in: bucket.bucket.bucket)
            for index in listings.indices where !isGiven { isGiven = try listings[index].hold(name) }
            let isGone =
                if let position {
                    ledger.isMissed(owner.number, position)
                } else {
                    !owners.contains { $0.source.position(of: walked.name, at: destination) != nil }
                }
            guard isGone, !isGiven else { return true }
            found.gone[owner.number] += 1
            if let position { found.positions[owner.number, default: IndexSet()].insert(position) }
            let gone = Gone(
                source: owner.number, position: position, bucket: number, name: walked.name, size: lom.size)
            try found.names.append(JSONEncoder().encode(gone))
            return true
        }
    }

    private func owners(of bucket: BucketStore) -> [Owner] {
        sources.enumerated().compactMap { number, source in
            guard source.telling != .nothing, source.bucket ?? bucket.bucket.bucket == bucket.bucket.bucket else {
                return nil
            }
            return Owner(
                number: number, source: source, prefix: Array(source.namePrefix.utf8),
                tag: Self.tag(of: source, in: bucket, context))
        }
    }

    /// What all of them begin with, as text.
    static func sharedPrefix(_ prefixes: [[UInt8]]) -> String {
        var shared = prefixes.first ?? []
        for prefix in prefixes.dropFirst() {
            shared = Array(zip(shared, prefix).prefix { $0 == $1 }.map(\.0))
        }
        while String(validating: shared, as: UTF8.self) == nil { shared.removeLast() }
        return String(decoding: shared, as: UTF8.self)
    }
}
