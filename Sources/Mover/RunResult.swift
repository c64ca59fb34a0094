import Foundation
import Planner

/// What a run has to say beyond its records.
public struct RunResult: Sendable {
    /// A listing or an index page did not end properly.
    public var listingIncomplete = false
    /// Another run held a destination and `--on-locked skip` was asked for.
    public var skipped = false
    public var bmdVersion: UInt64?
    /// Title of each source, in order: what `missing` names.
    public var sourceTitles: [String] = []

    public init() {}
}

extension RunSummary {
    /// - Parameter total: shards that the sources name, where that is known.
    public init(
        command: String, started: Date, result: RunResult, recorder: RunRecorder, stop: StopReason?, total: Int?
    ) {
        let tally = recorder.tally
        self.command = command
        self.started = started.formatted(.iso8601)
        seconds = (Date().timeIntervalSince(started) * 1000).rounded() / 1000
        exitCode = ExitCode.of(tally, stop: stop, listingIncomplete: result.listingIncomplete).rawValue
        outcomes = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, tally.count($0)) })
        failures = Dictionary(uniqueKeysWithValues: tally.failures.map { ($0.key.rawValue, $0.value) })
        missing = Dictionary(
            recorder.holes.map { (result.sourceTitles[$0.key], $0.value.text) }, uniquingKeysWith: { "\($0); \($1)" })
        committedBytes = tally.committedBytes
        receivedBytes = tally.receivedBytes
        retries = tally.retries
        throttles = tally.throttles
        left = stop == nil ? nil : total.map { max(0, $0 - tally.done) }
        skipped = result.skipped
        bmdVersion = result.bmdVersion
        stopped = stop?.text
    }
}

extension StopReason {
    /// For people.
    var text: String {
        switch self {
        case .interrupted: "interrupted"
        case .deadline: "the deadline was reached"
        case .noSpace(let reason), .storeGone(let reason): reason
        }
    }
}

extension RunRecorder.HoleList {
    /// Numbers as compact ranges, names as they are; at most the first hundred of these.
    var text: String {
        var parts = numbers.isEmpty ? [] : [CompactRanges(numbers).description]
        parts += names.sorted().prefix(100)
        if names.count > 100 { parts.append("and \(names.count - 100) more") }
        return parts.joined(separator: ", ")
    }
}
