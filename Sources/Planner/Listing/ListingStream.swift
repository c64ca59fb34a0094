import Backends
import Foundation

/// A bucket's listing as it comes in: read page by page on a thread of its own, a few pages ahead of whoever takes them,
/// so that a million names cost no more memory than ten thousand.
///
///     at first up to ten pages are kept, so that a short listing is known whole before anything moves
///     from the first page taken on, two
///
/// A listing that breaks ends like a complete one, with `failure` saying that it did not.
public final class ListingStream: @unchecked Sendable {
    // @unchecked: mutable state is only touched under `condition`.
    static let aheadPages = 10
    static let flowingPages = 2

    private let condition = NSCondition()
    private var pages: [ListPage] = []
    private var capacity = ListingStream.aheadPages
    private var hasEnded = false
    private var isClosed = false
    private var error: BackendError?
    private var markerCount = 0
    private var whenMore: (@Sendable () -> Void)?

    /// Begins at once.
    public init(_ backend: any BucketBackend, prefix: String, in environment: CloudEnvironment) {
        let thread = Thread { [self] in
            var reader = ListingReader(backend, ListQuery(prefix: prefix), lane: environment.makeLane())
            do throws(BackendError) {
                while let page = try reader.nextPage() {
                    guard push(page) else { return }
                }
                end(nil)
            } catch {
                end(error)
            }
        }
        thread.name = "listing"
        thread.start()
    }

    /// Pages that are there already.
    public init(pages: [ListPage], failure: BackendError? = nil) {
        self.pages = pages
        hasEnded = true
        error = failure
    }

    /// Waits for the first ten pages, or for the end.
    /// - Returns: whether the listing is known whole.
    /// - Throws: what kept the first page from coming.
    public func readAhead() throws(BackendError) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while !hasEnded, pages.count < capacity { condition.wait() }
        if let error, error.kind != .incompleteListing { throw error }
        return hasEnded && error == nil
    }

    /// The pages that nobody has taken yet.
    var waiting: [ListPage] { locked { pages } }

    /// Whether it is known whole and holds nothing, as far as nobody has taken a page.
    public var isEmpty: Bool { locked { hasEnded && error == nil && pages.isEmpty } }

    /// Takes the next page; waits for it. Nil at the end.
    public func next() -> ListPage? {
        if case .page(let page) = take(waits: true) { return page }
        return nil
    }

    enum Taken {
        case page(ListPage)
        /// More may come.
        case notYet
        case end
    }

    /// Takes the next page.
    /// - Parameter waits: else a page that is not there yet is `.notYet`.
    func take(waits: Bool) -> Taken {
        condition.lock()
        defer { condition.unlock() }
        capacity = Self.flowingPages
        while pages.isEmpty, !hasEnded {
            guard waits else {
                // Who reads may have waited for the smaller capacity.
                condition.broadcast()
                return .notYet
            }
            condition.wait()
        }
        guard !pages.isEmpty else { return .end }
        condition.broadcast()
        return .page(pages.removeFirst())
    }

    /// Whom to tell, on the listing's thread, that a page has come or that none will.
    public func onMore(_ body: @escaping @Sendable () -> Void) { locked { whenMore = body } }

    /// Why the listing is not complete; nil when it is, or is not known to be.
    public var failure: BackendError? { locked { error } }

    /// Directory markers that were left out.
    public var markers: Int { locked { markerCount } }

    func addMarker() { locked { markerCount += 1 } }

    /// Nobody will take more pages.
    public func close() {
        locked {
            isClosed = true
            pages = []
            condition.broadcast()
        }
    }

    private func push(_ page: ListPage) -> Bool {
        let isTaken = locked {
            while pages.count >= capacity, !isClosed { condition.wait() }
            guard !isClosed else { return false }
            pages.append(page)
            condition.broadcast()
            return true
        }
        if isTaken { locked { whenMore }?() }
        return isTaken
    }

    private func end(_ error: BackendError?) {
        locked {
            hasEnded = true
            self.error = error
            condition.broadcast()
        }
        locked { whenMore }?()
    }

    private func locked<T>(_ body: () -> T) -> T {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }
}
