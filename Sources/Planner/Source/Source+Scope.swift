import ObjectModel

/// Which objects of the store are a source's own: what a sync goes by.
extension Source {
    /// How it becomes known that the source no longer has a name.
    public enum Telling: Sendable {
        /// Each name is asked for: 404 and 410 say so.
        case eachName
        /// A bucket's listing, in UTF-8 order, once it is complete.
        case listing
        /// A list or an index page, in any order, once it is complete.
        case list
        /// It cannot become known: shards that were picked out.
        case nothing
    }

    public var telling: Telling {
        switch kind {
        case .range, .single: return .eachName
        case .list, .index: return .list
        case .bucket(let bucket):
            switch bucket.names {
            case .listing: return .listing
            case .template: return .eachName
            case .known: return .nothing
            }
        }
    }

    /// What the names of all its objects begin with.
    public var namePrefix: String {
        switch kind {
        case .range(let range), .single(let range):
            return String(decoding: range.names.template.literals[0], as: UTF8.self)
        case .list, .index: return subdirectory.isEmpty ? "" : "\(subdirectory)/"
        case .bucket(let bucket):
            return bucket.object(of: String(decoding: bucket.start, as: UTF8.self), below: subdirectory)
        }
    }

    /// The position of an object's name, where names are asked for one by one; nil when it is none of them.
    public func position(of object: String, at destination: Destination) -> Int? {
        guard let template, let found = places?.contains(destination.place(of: object)) else { return nil }
        return template.index(of: found)
    }

    /// The URL at a position, and the key, where it is a bucket's. Precondition: names are asked for one by one, and
    /// the position is in range.
    public func request(at position: Int) -> (url: String, key: String?) {
        let name = template?.name(at: position) ?? ""
        guard let bucket = bucketSource else { return (name, nil) }
        return (bucket.shown(name), name)
    }

    /// What reports call the source of one of its objects.
    public func shown(_ object: String, position: Int?) -> String {
        if let position {
            let (url, key) = request(at: position)
            return key == nil ? URLText.redacted(url) : url
        }
        return bucketSource.map { $0.shown($0.key(of: object, below: subdirectory)) } ?? spec.shown
    }

    /// The bucket of its objects, whatever it names; nil where each name says it.
    public var onlyDestination: Destination? {
        if let bucket { return Destination(bucket: bucket) }
        guard case .index(let url) = kind, let place = try? HTBucket.locate(url: url), place.object.isEmpty else {
            return nil
        }
        return Destination(bucket: place.bucket, originalURL: place.originalURL)
    }
}
