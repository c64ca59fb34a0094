import Foundation
import Planner

/// What a run has to say beyond its records.
public struct RunResult: Sendable {
    /// A listing or an index page did not end properly.
    public var listingIncomplete = false
    /// Why a sync evicted nothing: the deletion brake, in one sentence with the remedy.
    public var brake: String?
    /// Another run held a destination and `--on-locked skip` was asked for.
    public var skipped = false
    /// Zero-byte objects named like directories that listings hold; they are left out.
    public var directoryMarkers = 0
    /// The run read objects back: metadata or a place that is wrong is damage that it found, not a store that cannot
    /// be used.
    public var isVerification = false
    /// What was found damaged was to be fetched again.
    public var isRepair = false
    public var bmdVersion: UInt64?
    /// The sources, in order: what `missing` names.
    public var sources: [Source] = []
    /// What is left to be done by others, with the exact command.
    public var notes: [String] = []

    public init() {}
}

extension RunSummary {
    public init(command: String, started: Date, result: RunResult, recorder: RunRecorder, stop: StopReason?) {
        let tally = recorder.tally
        self.command = command
        self.started = started.formatted(.iso8601)
        seconds = (Date().timeIntervalSince(started) * 1000).rounded() / 1000
        exitCode =
            ExitCode.of(
                tally, stop: stop, listingIncomplete: result.listingIncomplete || result.brake != nil,
                isVerification: result.isVerification, isRepair: result.isRepair
            ).rawValue
        outcomes = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, tally.count($0)) })
        failures = Dictionary(uniqueKeysWithValues: tally.failures.map { ($0.key.rawValue, $0.value) })
        missing = Dictionary(
            recorder.holes.filter { result.sources.indices.contains($0.key) }.map {
                ($0.value.title(result.sources[$0.key]), $0.value.text(result.sources[$0.key]))
            },
            uniquingKeysWith: { "\($0); \($1)" })
        committedBytes = tally.committedBytes
        presentBytes = tally.presentBytes
        receivedBytes = tally.receivedBytes
        retries = tally.retries
        throttles = tally.throttles
        left = stop == nil ? nil : recorder.expected.map { max(0, $0 - tally.done) }
        skipped = result.skipped
        directoryMarkers = result.directoryMarkers
        bmdVersion = result.bmdVersion
        stopped = stop?.text
        brake = result.brake
        notes = result.notes.isEmpty ? nil : result.notes
    }
}

extension StopReason {
    /// For people.
    public var text: String {
        switch self {
        case .interrupted: "interrupted"
        case .deadline: "the deadline was reached"
        case .windowClosed(let window): "the window \(window) has closed"
        case .noSpace(let reason), .storeGone(let reason): reason
        }
    }
}

extension RunRecorder.HoleList {
    func title(_ source: Source) -> String { source.spec.shown }

    /// Positions as compact ranges, names as they are; at most the first hundred of these.
    func text(_ source: Source) -> String {
        var parts = source.holes(Array(positions))
        parts += names.sorted()
        if moreNames > 0 { parts.append("and \(moreNames) more") }
        return parts.joined(separator: source.template.map { $0.ranges.count > 1 } == true ? "; " : ", ")
    }
}
