import ArgumentParser
import Mover
import NodeStore
import ObjectModel

/// `aismove ls`: buckets, or the objects of one.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List buckets, or the objects of a bucket, as the store has them.",
        discussion: """
            Examples:
              aismove ls                              (all buckets, of all providers and namespaces)
              aismove ls s3://bucket/prefix
              aismove ls s3://bucket/prefix --remote  (as the source has them: size, whether cached here, name)
              aismove ls s3: --remote                 (the buckets that the credentials can see)
              aismove ls ais://@alias --remote        (the buckets of an attached cluster)
            """)

    @Argument(
        help: ArgumentHelp("A bucket, with a prefix of object names; none = all buckets.", valueName: "bucket[/prefix]")
    )
    var selection: String?

    @OptionGroup var storeFlags: StoreFlags

    @Flag(help: "Ask the source, and show what the store has of it.")
    var remote = false

    @Option(help: "Requests beyond the first that a page of a listing may cost, with --remote.")
    var retries = 8

    @OptionGroup(title: "Buckets at providers") var bucketFlags: BucketFlags
    @OptionGroup(title: "Network") var networkFlags: NetworkFlags

    @Flag(help: "Print one JSON object a line.")
    var json = false

    func validate() throws {
        guard retries >= 0 else { throw ValidationError("--retries takes 0 or more, not \(retries)") }
    }

    func run() throws {
        let store = try storeFlags.open()
        if remote { return try listRemote(store) }
        let selected = try BucketSelection(selection, in: store)
        let isBucketList = try selection.map { try BucketSelection.parse($0).bucket == nil } ?? true
        for bucket in selected.buckets {
            if isBucketList {
                listBucket(bucket)
            } else {
                try listObjects(of: try store.openBucket(bucket, sync: false), prefix: selected.prefix)
            }
        }
    }

    private func listRemote(_ store: NodeStore) throws {
        guard let selection else {
            throw CommandFailure(.usage, "--remote needs a bucket (s3://BUCKET/PREFIX) or a provider (s3:)")
        }
        var options = RunOptions()
        options.network = try networkFlags.options()
        options.reach = bucketFlags.reach
        options.retries = retries
        options.onRetry = { Console.note(Console.harmless($0)) }
        try RemoteList(store: store, options: options, isJSON: json).run(selection)
    }

    private func listBucket(_ bucket: BMDBucket) {
        guard json else {
            return Console.line(bucket.bucket.cname + (bucket.originalURL.map { "  \($0)" } ?? ""))
        }
        var object = ["bucket": bucket.bucket.cname, "bid": String(bucket.bid)]
        object["original_url"] = bucket.originalURL
        Console.line(JSONLine.object(object))
    }

    private struct Line: Encodable {
        var name: String
        var size: Int64?
        var checksum: String?
        var version: String?
        var verifiedBy: String?
        var problem: String?

        enum CodingKeys: String, CodingKey {
            case name, size, checksum, version
            case verifiedBy = "verified_by"
            case problem
        }
    }

    private func listObjects(of bucket: BucketStore, prefix: String) throws {
        var output = LineBuffer()
        try bucket.walk(prefix: prefix) { object in
            var line = Line(name: object.name)
            switch object.role {
            case .odd(let reason): line.problem = reason
            case .misplaced: line.problem = "misplaced"
            case .copy: return true
            case .main:
                switch bucket.state(object.name, at: bucket.place(object.name)) {
                case .present(let lom, _):
                    line.size = lom.size
                    line.checksum = "\(lom.checksumType.rawValue):\(lom.checksumValue)"
                    line.version = lom.version
                    line.verifiedBy = lom.custom[CustomKeys.verifiedBy]
                case .absent: return true
                case .damaged(let reason), .blocked(let reason): line.problem = reason
                }
            }
            output.add(json ? JSONLine.encode(line) : Self.text(line))
            return true
        }
        output.flush()
    }

    private static func text(_ line: Line) -> String {
        let size = line.size.map(ByteSize.format) ?? "-"
        let padded = String(repeating: " ", count: max(0, 11 - size.count)) + size
        return Console.harmless("\(padded)  \(line.name)" + (line.problem.map { "   [\($0)]" } ?? ""))
    }
}
