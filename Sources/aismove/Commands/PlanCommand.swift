import ArgumentParser
import Foundation
import Mover
import NodeStore
import ObjectModel
import Planner

/// `aismove plan`: what a run would do; writes nothing, not even the BMD.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what prefetch would do: a line a shard, and totals. Writes nothing.")

    @OptionGroup(title: "Sources") var sourceFlags: SourceFlags
    @OptionGroup(title: "Lock") var lockFlags: LockFlags
    @OptionGroup var storeFlags: StoreFlags
    @OptionGroup(title: "Network") var networkFlags: NetworkFlags

    @Flag(help: "Ask the source for the sizes of a range (one HEAD each).")
    var sizes = false

    @Flag(help: "Print totals only.")
    var totals = false

    @Flag(name: .customLong("no-survey"), help: "Do not look at the disk: placement only.")
    var noSurvey = false

    @Flag(help: "Print one JSON object a line.")
    var json = false

    func run() throws {
        let asked = try RunRequest(sourceFlags)
        let store = try storeFlags.open(job: asked.job)
        var options = RunOptions(job: asked.job)
        options.network = try networkFlags.options(over: asked.network)
        if sourceFlags.latest { options.latest = true }
        options.onRetry = { Console.note(Console.harmless($0)) }
        let lock = try lockFlags.builder()
        let plan = try PlanRun(
            store: store, sources: asked.sources, options: options, sizes: sizes || asked.job?.asksSizes == true,
            survey: !noSurvey)
        for notice in plan.notices { Console.note(notice) }
        var output = LineBuffer(isAll: lock == nil)
        let sum = try plan.run(
            names: totals ? nil : { output.add(json ? JSONLine.encode($0) : Self.text($0)) }, lock: lock)
        output.flush()
        for reason in plan.brokenListings { Console.note("incomplete: \(reason)") }
        if json {
            Console.line(JSONLine.encode(sum))
        } else {
            for line in Self.totals(sum, store) { Console.line(line) }
        }
        if let lock { Self.tell(try plan.write(lock, of: sum), json: json) }
        let shortages = try plan.shortages(of: sum)
        for shortage in shortages { Console.note(shortage) }
        if !shortages.isEmpty { throw CodeOnly(code: ExitCode.noSpace.rawValue) }
        if sum.isIncomplete { throw CodeOnly(code: ExitCode.incomplete.rawValue) }
    }

    /// The last line: what is locked, and the file's SHA-256, which is a key for caches.
    private static func tell(_ lock: LockBuilder.Written, json: Bool) {
        if json { return Console.line(JSONLine.encode(lock)) }
        if lock.byLengthAlone > 0 {
            Console.note("\(lock.lock): \(lock.byLengthAlone) shards are known by their length alone")
        }
        let bytes = ByteSize.format(lock.bytes)
        Console.line("lock: \(lock.lock): \(lock.shards) shards, \(bytes), sha256 \(lock.sha256)")
    }

    private static func text(_ line: PlanRun.Line) -> String {
        let size = line.size.map { "  \(ByteSize.format($0))" } ?? ""
        let reason = line.reason.map { "  (\($0))" } ?? ""
        return Console.harmless("\(line.action)  \(line.object)\(size)  \(line.mountpath ?? "-")\(reason)")
    }

    private static func totals(_ sum: PlanRun.Sum, _ store: NodeStore) -> [String] {
        let actions = sum.actions.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        var lines = ["plan: \(sum.shards) shards" + (actions.isEmpty ? "" : ": \(actions.joined(separator: ", "))")]
        if sum.bytes > 0 { lines.append("sizes known for \(sum.sized) shards to move: \(ByteSize.format(sum.bytes))") }
        for (mountpath, count) in zip(store.mountpaths, sum.perMountpath) where count > 0 {
            lines.append("  \(mountpath.hostPath): \(count)")
        }
        return lines
    }
}
