import Hashing

/// What is promised of an object that was uploaded in parts. Its digests can be computed once the parts' sizes are known,
/// for which each part can be asked.
public struct PartsPromise: Sendable, Hashable {
    /// How many parts; 1 at least.
    public let count: Int
    /// Length of the whole, in bytes.
    public let total: Int64
    /// Each of the parts' digests, as bytes and one behind the other.
    public let digests: [PromisedDigest]
    /// HEAD of exactly this object.
    let whole: HTTPRequest

    /// nil without digests, or where there are more parts than any provider takes.
    init?(count: Int, total: Int64, digests: [PromisedDigest], whole: HTTPRequest) {
        guard !digests.isEmpty, (1...Self.countMax).contains(count) else { return nil }
        self.count = count
        self.total = total
        self.digests = digests
        self.whole = whole
    }

    static let countMax = 10_000

    /// - Parameter number: from 1 on.
    public func request(part number: Int) -> HTTPRequest {
        var request = whole
        request.url += "\(request.url.utf8.contains(0x3F) ? "&" : "?")partNumber=\(number)"
        return request
    }

    /// A part's size, by the answer to its request; nil where the server does not speak of parts, or of other ones.
    public func size(_ head: HTTPResponseHead) -> Int64? {
        guard head.status == 206, let size = head.contentLength, size <= total else { return nil }
        if let told = head.headers["x-amz-mp-parts-count"], Int(FieldText.trimmed(told)) != count { return nil }
        if let range = head.contentRange, range.total != total || range.last - range.first + 1 != size { return nil }
        return size
    }

    /// All sizes, if every part but the last is as large as the first: nil where that cannot be.
    public func evenSizes(first: Int64) -> [Int64]? {
        let (before, overflows) = first.multipliedReportingOverflow(by: Int64(count - 1))
        guard !overflows, first > 0, before < total, total - before <= first else { return nil }
        return Array(repeating: first, count: count - 1) + [total - before]
    }

    /// The digests, to be compared with those of parts of these sizes.
    public func promised(sizes: [Int64]) -> [PromisedDigest] {
        digests.map { PromisedDigest(digest: $0.digest, origin: $0.origin, parts: sizes) }
    }
}
