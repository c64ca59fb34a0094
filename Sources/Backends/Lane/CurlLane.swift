import CCurl
import ObjectModel

/// One thread's way to the network: a libcurl multi handle, its easy handles and its connections, kept from one
/// request to the next.
///
///     begin(request, tag)                   as many at once as wanted
///     poll() → finished | failed | large    small answers come whole; a large one waits, paused
///     read(tag, into: buffer)               pulls a large one, buffer by buffer, until 0 = its proper end
///
/// Everything happens on the caller's thread, inside these calls; a lane must not be shared between threads. Redirects
/// are followed here (`RedirectPolicy`). Each transfer has a connection of its own, HTTP/2 too: a paused stream must
/// not hold up others. Not guaranteed: that a body without a length over plain HTTP/1.0 is whole when the server
/// closes the connection; whoever takes it must check.
public final class CurlLane {
    /// `read` goes on while this much room is left, in bytes.
    public static let readReserveBytes = EasySetup.receiveBytes
    /// What libcurl hands over at most in one piece, in bytes: the least room that `read` can use.
    public static let readRoomMin = Int(CURL_MAX_WRITE_SIZE)

    /// Asked at least every 0.2 s while the lane waits; true ends every transfer with `.cancelled`.
    public var cancelled: @Sendable () -> Bool = { false }

    let options: NetworkOptions
    let setup: EasySetup
    let pool = BufferPool()
    var finder: RouteFinder
    var transfers: [CurlTransfer] = []
    var idle: [CurlTransfer] = []
    var events: [LaneEvent] = []
    var clock = LaneClock()
    var nextWatch = 0.0
    /// nil when libcurl had no memory; then every request fails.
    let multi: OpaquePointer?

    private static let isReady: Bool = {
        ccurl_keep_memory()
        return curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
    }()

    public init(_ options: NetworkOptions) {
        self.options = options
        setup = EasySetup(options)
        finder = RouteFinder(options)
        nextWatch = clock.now
        multi = Self.isReady ? curl_multi_init() : nil
        if let multi {
            ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
            ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 32)
        }
    }

    deinit {
        for transfer in transfers { curl_multi_remove_handle(multi, transfer.easy) }
        transfers = []
        idle = []
        if let multi { curl_multi_cleanup(multi) }
    }

    /// Transfers begun and neither ended nor cancelled.
    public var active: Int { transfers.count }

    /// Starts a request. Its end is told by `poll` under `tag`, which must not be in use; a URL that cannot be fetched
    /// is told there too.
    ///
    /// A good answer (2xx) whose length is known and at most `inlineLimit` bytes comes whole; any other waits for
    /// `read`. Of an error's body at most 16 KiB are kept.
    public func begin(_ request: HTTPRequest, tag: Int, inlineLimit: Int) {
        precondition(find(tag) == nil, "two transfers of one tag")
        do {
            _ = try start(request, tag: tag, demand: .inline(limit: inlineLimit), isDirect: false)
        } catch {
            events.append(.failed(tag: tag, error, head: nil, received: 0))
        }
    }

    /// Lets the transfers go on and tells what happened; waits up to `maxWait` seconds for the first event. Returns
    /// early, with nothing, when there is nothing to wait for.
    public func poll(maxWait: Double) -> [LaneEvent] {
        clock.enter()
        defer { clock.leave() }
        let deadline = LaneClock.monotonic() + maxWait
        while true {
            turn()
            watch()
            if !events.isEmpty { break }
            let left = deadline - LaneClock.monotonic()
            guard left > 0, transfers.contains(where: { !$0.isPaused && $0.outcome == nil }) else { break }
            wait(left)
        }
        let told = events
        events.removeAll(keepingCapacity: true)
        return told
    }

    /// Pulls a transfer that was told as `.large` into `buffer` until it has less than `readReserveBytes` free, the body
    /// ended, or a second passed with something to show. The buffer must have `readRoomMin` free; 512 KiB are good.
    ///
    /// Returns the bytes added; 0 = the body ended properly and the transfer is over. Throws what ended it before (after
    /// the bytes that had come were returned); the transfer is over then too. Other transfers go on meanwhile; what
    /// happens to them is told by the next `poll`.
    public func read(tag: Int, into buffer: TransferBuffer) throws(TransportError) -> Int {
        guard let transfer = find(tag), transfer.phase == .streaming else {
            throw TransportError(.protocolError, url: "", message: "no body waits under tag \(tag)")
        }
        precondition(buffer.free >= Self.readRoomMin, "read needs \(Self.readRoomMin) bytes of room")
        clock.enter()
        defer { clock.leave() }
        let before = buffer.count
        transfer.sink = buffer
        pull(transfer, into: buffer)
        transfer.sink = nil
        let added = buffer.count - before
        guard added == 0, let outcome = transfer.outcome else { return added }
        release(transfer)
        if case .failed(let error) = outcome { throw error }
        return 0
    }

    /// Ends a transfer; nothing more is told about it. A tag that is not in use is ignored.
    public func cancel(tag: Int) {
        if let transfer = find(tag) {
            curl_multi_remove_handle(multi, transfer.easy)
            release(transfer)
        }
        events.removeAll { $0.tag == tag }
    }

    /// Hands a buffer that came with `.finished` or from `perform` back for the next body.
    public func recycle(_ buffer: TransferBuffer) { pool.recycle(buffer) }

    /// One request from beginning to end: HEADs, listings. A good body beyond `bodyLimit` bytes throws `.tooLarge`; of
    /// an error's body at most 16 KiB are kept. Other transfers go on meanwhile.
    public func perform(
        _ request: HTTPRequest, bodyLimit: Int
    ) throws(TransportError) -> (head: HTTPResponseHead, body: TransferBuffer) {
        let transfer = try start(request, tag: Int.min, demand: .bounded(limit: bodyLimit), isDirect: true)
        clock.enter()
        defer { clock.leave() }
        while transfer.outcome == nil {
            turn()
            watch()
            if transfer.outcome == nil { wait(0.2) }
        }
        defer { release(transfer) }
        if case .failed(let error) = transfer.outcome { throw error }
        guard let head = transfer.head, let body = transfer.body else {
            throw TransportError(.protocolError, url: transfer.route.shownURL, message: "no answer")
        }
        transfer.body = nil
        return (head, body)
    }
}

extension LaneEvent {
    /// Of the transfer it is about.
    public var tag: Int {
        switch self {
        case .finished(let tag, _, _), .failed(let tag, _, _, _), .large(let tag, _): tag
        }
    }
}
