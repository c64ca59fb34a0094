import Backends
import Foundation
import ObjectModel
import Planner

/// One source of a job, in words.
struct SourceExplanation {
    private static let bucketsShown = 3
    let source: Source

    init(_ source: Source) { self.source = source }

    /// The first one names it.
    var lines: [String] {
        let spec = source.spec
        var lines = ["\(spec.shown)\(place)", "to \(destination)", "shards: \(count)\(holes)"]
        if !spec.include.isEmpty { lines.append("only: \(spec.include.joined(separator: " "))") }
        if !spec.exclude.isEmpty { lines.append("without: \(spec.exclude.joined(separator: " "))") }
        if !spec.digests.isEmpty {
            lines.append("digests: \(spec.digests.map(URLText.redacted).joined(separator: " "))")
        }
        let names = spec.headers.map { String($0.prefix { $0 != ":" }) }
        let headers = names + spec.headerFiles.map { "those of \($0)" }
        if !headers.isEmpty { lines.append("headers: \(headers.joined(separator: ", ")) (values not shown)") }
        return lines
    }

    private var place: String {
        let reach = source.spec.reach
        let parts = [
            reach.endpoint.map { "at \(URLText.redacted($0))" }, reach.region.map { "region \($0)" },
            reach.profile.map { "profile \($0)" }, reach.isAnonymous ? "without credentials" : nil,
        ].compactMap { $0 }
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    }

    private var destination: String {
        if let bucket = source.bucket {
            return source.subdirectory.isEmpty ? bucket.cname : "\(bucket.cname)/\(source.subdirectory)"
        }
        guard let buckets = try? source.range?.destinations() else { return "ht:// buckets, one a directory" }
        let more = buckets.count > Self.bucketsShown ? " and \(buckets.count - Self.bucketsShown) more" : ""
        return buckets.prefix(Self.bucketsShown).map(\.bucket.cname).joined(separator: ", ") + more
    }

    private var count: String {
        if let count = source.count { return "\(count)" }
        switch source.kind {
        case .bucket: return "as many as the listing has"
        case .list: return "as many as the list has"
        case .index, .range, .single: return "as many as the index page has"
        }
    }

    private var holes: String {
        switch source.spec.missing {
        case .fail: ", all of them must be there"
        case .allow: ", any may be missing"
        case .known(let numbers): ", \(numbers.count) may be missing: \(CompactRanges.text(numbers))"
        }
    }

    /// Files that are not here, or that would be refused.
    var warnings: [String] {
        let spec = source.spec
        let files = (spec.digests + [spec.from].compactMap { $0 }).filter { !$0.contains("://") && $0 != "-" }
        var warnings = files.filter { !FileManager.default.isReadableFile(atPath: $0) }
            .map { "\($0) is not here, or cannot be read" }
        do {
            var source = source
            try source.readHeaders()
        } catch {
            warnings.append("\(error)")
        }
        return warnings
    }
}
