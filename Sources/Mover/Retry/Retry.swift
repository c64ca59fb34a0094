import Foundation
import NodeStore
import ObjectModel
import Planner

/// `--from-report`: asks again for what an earlier run's report calls failed or missing, without listing anything.
///
/// Sources, names and destinations are those of the report. What stands in the store is asked about as with `--latest`,
/// since the run may have failed to replace it. Shards of class conflict or name are told again as they were: asking
/// does not change them. Missing ones that may be missing, and shards without an outcome, are left alone.
public struct Retry: Sendable {
    /// What has to be asked for, one entry a source that has some.
    public let sources: [Source]
    /// Shards without an outcome in the earlier run: only its own command knows them.
    public let left: Int
    /// The earlier run's job, where it was one.
    public let job: String?
    private let report: EarlierReport
    /// The report's numbers of `sources`.
    private let numbers: [Int]

    /// Looks through the whole report, and refuses it before anything moves.
    ///
    /// - Parameters:
    ///   - store: UUID of the BMD of the store at hand.
    ///   - reach: what flags say of providers; it comes before what the report says.
    /// - Throws: `ListError`, `SourceError`.
    public init(_ path: String, store: String, reach: BucketReach) throws {
        report = try EarlierReport(path: path)
        guard let other = report.header.store else { throw Self.refusal(path, "names no store: its run never began") }
        guard other == store else {
            throw Self.refusal(path, "is of another store (\(other)); this one is \(store)")
        }
        var counts: [Int: Int] = [:]
        var mayMiss: [Int: Set<Int>] = [:]
        var withheld: (count: Int, first: String) = (0, "")
        let (header, path) = (report.header, path)
        let summary = try report.read { record, line throws(ListError) in
            guard record.isRetried else { return }
            guard let note = record.retry, header.sources.indices.contains(note.source) else {
                throw ListError(file: path, line: line, reason: "does not say which source its shard is from")
            }
            if note.withheld == true {
                withheld = (withheld.count + 1, withheld.count == 0 ? record.source : withheld.first)
            }
            counts[note.source, default: 0] += 1
            if record.allowed == true { mayMiss[note.source, default: []].insert(line) }
        }
        guard ["prefetch", "sync"].contains(summary.command) else {
            throw Self.refusal(
                path, "is of '\(summary.command)', not of a run that moves; 'verify --repair' mends damage")
        }
        guard withheld.count == 0 else {
            throw Self.refusal(
                path,
                "names \(withheld.count) shards whose URLs have a login or a query, which no report holds (the first is"
                    + " \(withheld.first)); run the original command again")
        }
        left = summary.left ?? 0
        job = summary.job
        let report = report
        let understood = try counts.keys.sorted().map { number in
            (number, try Self.source(report, number, mayMiss[number] ?? [], reach))
        }
        numbers = understood.map(\.0)
        sources = understood.map { number, source in
            source.knowing(Self.shards(report, number, of: source))
        }
        for (number, source) in understood {
            let following = try Self.shards(report, number, of: source).open()
            while try following() != nil {}
        }
    }

    /// The sources' shards, for those that are not buckets.
    public var contents: SourceContents {
        var contents = SourceContents()
        for (index, source) in sources.enumerated() where source.bucketSource == nil {
            contents.add(name: report.path, Self.shards(report, numbers[index], of: source), of: index)
        }
        return contents
    }

    /// Records again what is not asked for again, then fetches the rest.
    public func run(store: NodeStore, options: RunOptions, recorder: RunRecorder, stop: StopSignal) throws -> RunResult
    {
        if left > 0 {
            recorder.notice(
                "\(report.path): \(left) shards had no outcome in that run; its own command goes on with them")
        }
        try report.read { record, _ throws(ListError) in
            guard record.outcome == .failed, !record.isRetried else { return }
            var record = record
            record.retry = nil
            recorder.record(record)
        }
        var options = options
        options.latest = true
        return try Prefetch(store: store, sources: sources, options: options, contents: contents).run(
            recorder: recorder, stop: stop)
    }

    private static func refusal(_ path: String, _ reason: String) -> ListError {
        ListError(file: path, line: 0, reason: reason)
    }

    private static func source(
        _ report: EarlierReport, _ number: Int, _ mayMiss: Set<Int>, _ reach: BucketReach
    ) throws(SourceError) -> Source {
        let told = report.header.sources[number]
        var spec = SourceSpec(
            told.bucket, from: told.bucket == nil ? "-" : nil, written: told.source, to: told.to,
            missing: mayMiss.isEmpty ? .fail : .known(mayMiss))
        spec.reach = BucketReach(
            endpoint: reach.endpoint ?? told.endpoint, region: reach.region ?? told.region,
            profile: reach.isAnonymous ? nil : reach.profile ?? told.profile,
            isAnonymous: reach.isAnonymous || (told.anonymous == true && reach.profile == nil))
        let source = try spec.understand()
        guard told.bucket == nil || source.bucketSource != nil else {
            throw SourceError(word: told.source, reason: "the report's source names no bucket at a provider")
        }
        return source
    }

    /// The shards that one source of the report is asked for again.
    private static func shards(_ report: EarlierReport, _ number: Int, of source: Source) -> KnownShards {
        KnownShards { () throws(ListError) -> KnownShards.Reading in
            var reading = try EarlierReport.Reading(report.path)
            return { () throws(ListError) -> ListedItem? in
                while let record = try reading.next() {
                    guard record.isRetried, record.retry?.source == number else { continue }
                    do throws(NameError) {
                        return try record.item(of: source, line: reading.line)
                    } catch {
                        throw ListError(file: report.path, line: reading.line, reason: "\(error)")
                    }
                }
                return nil
            }
        }
    }
}
