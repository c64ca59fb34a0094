import ObjectModel

/// Goes through the shards of a range as bytes: URL and object name are counted up in place, and the bucket is looked
/// at only when a directory's range moves.
public struct RangeCursor: Sendable {
    private let source: RangeSource
    private let firstRange: Int
    private var odometer: Odometer
    private var url: NameWriter
    private var name: NameWriter
    private var ended = false
    /// Position of the shard in the range; -1 before the first.
    public private(set) var index = -1
    /// The shard's bucket; nil before the first.
    public private(set) var destination: Destination?
    /// Counts the directories that have been entered, each one's shards being together; -1 before the first.
    public private(set) var directory = -1

    init(_ source: RangeSource) {
        self.source = source
        firstRange = source.names.firstRange
        odometer = Odometer(source.url.template.ranges)
        url = NameWriter(literals: source.url.template.literals, firstRange: 0, odometer: odometer)
        name = NameWriter(
            literals: source.names.template.literals, firstRange: source.names.firstRange, odometer: odometer)
    }

    /// The shard's request URL. Valid after `advance()` has returned true.
    public var urlBytes: [UInt8] { url.bytes }
    /// The shard's object name; not validated unless `names.isAlwaysValid`.
    public var nameBytes: [UInt8] { name.bytes }
    /// What digest lists call the shard: its path below the longest directory that holds no range.
    public var keyBytes: [UInt8] {
        NameWriter(literals: source.digestKeys.literals, firstRange: 0, odometer: odometer).bytes
    }
    /// The values of the ranges, as numbers.
    public var values: [Int] { odometer.values }

    /// Goes to the next shard. False at the end.
    public mutating func advance() throws(NameError) -> Bool {
        guard !ended else { return false }
        if index < 0 {
            try enter()
        } else {
            guard let changed = odometer.advance() else {
                ended = true
                return false
            }
            url.update(changed: changed, odometer)
            name.update(changed: changed, odometer)
            if changed < firstRange { try enter() }
        }
        index += 1
        return true
    }

    private mutating func enter() throws(NameError) {
        directory += 1
        guard source.bucket == nil else {
            destination = source.bucket.map { Destination(bucket: $0) }
            return
        }
        let place = try HTBucket.locate(url: String(decoding: url.bytes, as: UTF8.self))
        destination = Destination(bucket: place.bucket, originalURL: place.originalURL)
    }
}
