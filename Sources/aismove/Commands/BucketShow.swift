import ArgumentParser
import Foundation
import NodeStore
import ObjectModel

/// A bucket's properties by their AIS names.
struct BucketShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a bucket's properties by their AIS names.",
        discussion: "  aismove bucket show ais://imagenet mirror")

    @Argument(help: ArgumentHelp("The bucket.", valueName: "bucket"))
    var bucket: String

    @Argument(help: ArgumentHelp("Only properties whose names begin so.", valueName: "prefix"))
    var prefix = ""

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var storeFlags: StoreFlags

    func run() throws {
        let store = try storeFlags.open()
        let known = try BucketCommand.find(bucket, in: store)
        let entries = PropList(known).entries.filter { $0.name.utf8.starts(with: prefix.utf8) }
        guard !entries.isEmpty else {
            throw CommandFailure(.usage, "\(known.bucket.cname) has no property whose name begins with \"\(prefix)\"")
        }
        let created = known.props["created"]?.unsigned.map(Self.time)
        if json {
            let props = JSONValue.object(Dictionary(entries.map { ($0.name, $0.value) }) { first, _ in first })
            let facts: JSONValue = [
                "bucket": .string(known.bucket.cname), "bid": .string(String(known.bid)),
                "created": created.map { .string($0) } ?? .null, "props": props,
            ]
            return Console.line(facts.text(pretty: true))
        }
        if prefix.isEmpty {
            Console.line("\(known.bucket.cname)  bid \(known.bid), created \(created ?? "at an unknown time")")
        }
        let width = entries.map(\.name.count).max() ?? 0
        for entry in entries {
            let name = entry.name.padding(toLength: width, withPad: " ", startingAt: 0)
            Console.line("\(name)  \(Console.harmless(entry.text))")
        }
    }

    /// RFC 3339, UTC.
    private static func time(_ nanoseconds: UInt64) -> String {
        Date(timeIntervalSince1970: Double(nanoseconds) / 1e9).formatted(.iso8601)
    }
}
