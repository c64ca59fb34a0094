/// Goes through a bucket's listing page by page; checks order and progress. Belongs to one thread.
///
///     ask for the page (retried, signed anew each time) → page → in order? behind the last? → handed over
///
/// A listing is complete only when `nextPage` gave nil. Whatever else ends it is an error that says so, and it stays
/// ended: asked again, the same error comes.
public struct ListingReader {
    /// Bytes of a page at most.
    static let pageLimitBytes = 64 << 20
    /// Pages in a row without any name; providers send some while they skip what was deleted.
    static let emptyPagesMax = 1000

    private let backend: any BucketBackend
    private let lane: PatientLane
    private let subject: String
    private var query: ListQuery
    private var isFirst = true
    private var isComplete = false
    private var failure: BackendError?
    private var progress = ListingProgress()

    /// Asks nothing yet.
    public init(_ backend: any BucketBackend, _ query: ListQuery, lane: PatientLane) {
        self.backend = backend
        self.query = query
        self.lane = lane
        subject = backend.bucket.cname + (query.prefix.isEmpty ? "" : "/" + query.prefix)
    }

    /// The next page with at least one name, nil once the listing is complete.
    ///
    /// Names at or before `startAfter`, which some providers repeat, are left out. Throws `.incompleteListing` for a
    /// page that is none, that cannot be had, that is out of order or outside the prefix, and after one that does not
    /// lead on; `.refused`, `.noBucket` or `.unreachable` when that happens with the first page; `.cancelled`.
    public mutating func nextPage() throws(BackendError) -> ListPage? {
        if let failure { throw failure }
        do throws(BackendError) {
            while !isComplete {
                let page = try advance()
                if !page.entries.isEmpty || !page.prefixes.isEmpty { return page }
                if let failure { throw failure }
            }
            return nil
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func advance() throws(BackendError) -> ListPage {
        var page = try ask()
        let deadEnd = progress.deadEnd(page, query, pagesMax: Self.emptyPagesMax)
        if let reason = progress.disorder(&page, query) { throw incomplete(reason) }
        failure = deadEnd.map(incomplete)
        isFirst = false
        isComplete = page.next == nil
        query.token = page.next
        if let start = query.startAfter { page.drop(upTo: start) }
        return page
    }

    private func incomplete(_ reason: String) -> BackendError {
        BackendError(.incompleteListing, subject, "the listing is not complete: \(reason)")
    }

    private func ask() throws(BackendError) -> ListPage {
        let (head, body): (HTTPResponseHead, [UInt8])
        do throws(BackendError) {
            (head, body) = try lane.ask(
                backend.listRequest(query), of: backend, subject: subject, bodyLimit: Self.pageLimitBytes)
        } catch {
            if isFirst || error.kind == .cancelled { throw error }
            throw incomplete(error.message)
        }
        guard head.status == 200 else { throw refusal(head, body) }
        return try backend.listPage(head, body: body, of: query)
    }

    private func refusal(_ head: HTTPResponseHead, _ body: [UInt8]) -> BackendError {
        let answer = backend.bucketAnswer(head, body: body)
        let words =
            switch answer {
            case .missing: "there is no such bucket"
            case .refused(let reason): reason
            case .elsewhere(let region): "the bucket lives in region \(region)"
            case .failed(let reason): reason
            case .retryable(let status): "\(status) again and again"
            case .found: "\(head.status) instead of a page"
            }
        switch answer {
        case .missing where isFirst: return BackendError(.noBucket, subject, words)
        case .refused where isFirst: return BackendError(.refused, subject, words)
        default: return incomplete(words)
        }
    }
}

extension ListPage {
    /// Drops what stands at or before `start`; a prefix stays where names below it may follow `start`.
    fileprivate mutating func drop(upTo start: String) {
        if let first = entries.first, !NameOrder.precedes(start, first.name) {
            entries.removeAll { !NameOrder.precedes(start, $0.name) }
        }
        prefixes.removeAll { !NameOrder.precedes(start, $0) && !NameOrder.begins(start, with: $0) }
    }
}
