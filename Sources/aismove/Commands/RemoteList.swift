import Backends
import Mover
import NodeStore
import ObjectModel

/// `ls --remote`: asks the source, and shows what the store has of it.
struct RemoteList {
    let store: NodeStore
    let options: RunOptions
    let isJSON: Bool

    /// - Parameter selection: `s3://bucket/prefix`; `s3:` or `s3://` = the buckets that the credentials can see.
    func run(_ selection: String) throws {
        let listing = try RemoteListing(store: store, options: options)
        let uri = try BucketSelection.parse(selection.hasSuffix(":") ? "\(selection)//" : selection)
        guard uri.provider != .ht else {
            throw CommandFailure(.usage, "\(selection): a web server lists no buckets; give the URL to 'aismove plan'")
        }
        guard let bucket = uri.bucket else {
            for (bucket, isKnown) in try listing.buckets(uri.provider, uri.namespace) {
                tell(bucket, isKnown: isKnown)
            }
            return
        }
        var output = LineBuffer()
        defer { output.flush() }
        let broken = try listing.objects(of: bucket, prefix: uri.object) { entry in
            output.add(isJSON ? JSONLine.encode(Line(entry)) : Self.text(entry))
        }
        if let broken {
            output.flush()
            throw CommandFailure(.incomplete, "incomplete: \(broken)")
        }
    }

    private func tell(_ bucket: Bucket, isKnown: Bool) {
        guard isJSON else { return Console.line(bucket.cname + (isKnown ? "  in the store" : "")) }
        Console.line(JSONLine.object(["bucket": bucket.cname, "in_store": isKnown ? "yes" : "no"]))
    }

    private struct Line: Encodable {
        var name: String
        var size: Int64?
        var etag: String?
        var version: String?
        var cached: Bool
        var problem: String?

        init(_ entry: RemoteListing.Entry) {
            name = entry.listed.name
            size = entry.listed.size
            etag = entry.listed.validator.etag
            version = entry.listed.version
            cached = entry.isCached
            problem = entry.listed.defect
        }
    }

    /// `   12.0 MiB  cached  a/b.tar`
    private static func text(_ entry: RemoteListing.Entry) -> String {
        let size = entry.listed.size.map(ByteSize.format) ?? "-"
        let padded = String(repeating: " ", count: max(0, 11 - size.utf8.count)) + size
        let cached = entry.isCached ? "cached" : "-     "
        let problem = entry.listed.defect.map { "   [\($0)]" } ?? ""
        return "\(padded)  \(cached)  \(Console.harmless(entry.listed.name))\(problem)"
    }
}
