import ObjectModel
import Planner

extension ShardRecord {
    /// Whether asking again may give another outcome.
    var isRetried: Bool {
        switch outcome {
        case .failed: failureClass != .conflict && failureClass != .name
        case .missing: allowed != true
        case .moved, .resumed, .present, .updated, .evicted: false
        }
    }

    /// The shard as an entry of its source.
    /// - Throws: for a record that does not fit its source, as `ReportWriter` never writes it.
    func item(of source: Source, line: Int) throws(NameError) -> ListedItem {
        let place = try ObjectURI(parsing: object)
        try ObjectName.validate(place.object)
        var item = ListedItem(url: self.source, size: retry?.size, line: line)
        item.digests = (retry?.promised ?? []).compactMap(\.promised)
        guard item.digests.count == retry?.promised?.count ?? 0 else {
            throw NameError(object, "its record promises a digest that is none")
        }
        if source.bucketSource != nil {
            item.url = try ObjectURI(parsing: self.source).object
            item.name = place.object
            guard !item.url.isEmpty else { throw NameError(self.source, "names no object of a bucket") }
        }
        guard let bucket = source.bucket, bucket.isAIS else {
            if source.bucketSource == nil { item.name = place.object }
            return item
        }
        let directory = source.subdirectory.isEmpty ? "" : "\(source.subdirectory)/"
        guard place.bucket == bucket, place.object.hasPrefix(directory) else {
            throw NameError(object, "is not below its source's destination")
        }
        if source.bucketSource == nil {
            item.name = String(Substring(place.object.utf8.dropFirst(directory.utf8.count)))
        }
        return item
    }
}
