import CCurl
import ObjectModel

/// One easy handle and the request it carries: what libcurl's callbacks write to. Kept from one request to the next.
final class CurlTransfer {
    /// What becomes of body bytes.
    enum Phase {
        /// No request.
        case idle
        /// Nothing of the body yet.
        case waiting
        /// A small body goes into `body`.
        case collecting
        /// A redirect's or the tail of an error's body: thrown away, bounded.
        case discarding
        /// Pulled by `CurlLane.read` into `sink`.
        case streaming
    }

    /// What to do with the body of a good answer.
    enum Demand {
        /// Collect a body of known length up to this, pause for anything else.
        case inline(limit: Int)
        /// Collect whatever comes, up to this, and fail beyond it.
        case bounded(limit: Int)
    }

    /// Bytes of an error's body that are kept, and that are read at all before the connection is given up.
    static let errorKeptBytes = 16 << 10
    static let discardBytesMax = 256 << 10

    let easy: OpaquePointer
    let errorText: UnsafeMutablePointer<CChar>
    let pool: BufferPool
    /// Header list of the request under way; libcurl does not copy it.
    var headerList: UnsafeMutablePointer<curl_slist>?

    var tag = 0
    var demand = Demand.inline(limit: 0)
    var request = HTTPRequest(url: "")
    var route = Route()

    /// Whether this hop must not use a kept connection, the last one having died.
    var isFresh = false
    var phase = Phase.idle
    var headers = HeaderBlock()
    var head: HTTPResponseHead?
    var body: TransferBuffer?
    /// What the request sends, where that is a file.
    var upload: Upload?
    /// Where `read` wants the bytes; nil between two reads.
    var sink: TransferBuffer?
    /// Whether libcurl waits for `curl_easy_pause`.
    var isPaused = false
    /// A `.large` event is due.
    var announcesLarge = false
    /// Body bytes of the final answer handed over.
    var received: Int64 = 0
    /// Bytes thrown away of the present answer.
    private var discarded = 0
    /// Whether the answer said that its unwanted body is too long to read to its end.
    private var isTooLongToDiscard = false
    /// Whether `perform` waits for it, rather than `poll`.
    var isDirect = false
    /// Why a callback ended the transfer; `.cut` is no failure.
    var stop: Stop?
    /// Set when libcurl is done with it.
    var outcome: Outcome?

    enum Stop {
        /// Enough was read of a body that is not wanted.
        case cut
        case failed(TransportError.Kind, String)
    }

    enum Outcome {
        case ended
        case failed(TransportError)
    }

    // The watch: seconds of the lane's clock.
    var moves: UInt64 = 0
    var movesSeen: UInt64 = 0
    var lastMove = 0.0
    var began = 0.0

    init?(pool: BufferPool) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.pool = pool
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// Forgets the last answer, before the first or the next request is sent.
    func prepareForAnswer() {
        phase = .waiting
        headers.reset()
        head = nil
        sink = nil
        isPaused = false
        announcesLarge = false
        received = 0
        discarded = 0
        isTooLongToDiscard = false
        stop = nil
        outcome = nil
        errorText[0] = 0
    }

    /// Gives back what the request held.
    func becomeIdle() {
        if let body { pool.recycle(body) }
        body = nil
        upload = nil
        sink = nil
        head = nil
        outcome = nil
        phase = .idle
    }

    // MARK: - called by libcurl

    /// One header line, its line end included. Lines after the body's beginning are trailers: not looked at.
    func takeHeader(_ line: UnsafeRawBufferPointer) -> Int {
        moves += 1
        guard phase == .waiting else { return line.count }
        guard headers.append(line) else {
            stop = .failed(.protocolError, "the answer's headers do not end (more than 256 KiB)")
            return 0
        }
        return line.count
    }

    /// The next piece of the file that is sent.
    func giveBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        moves += 1
        guard let count = upload?.read(into: buffer) else {
            stop = .failed(.protocolError, "the file to be sent cannot be read to its end")
            return Int(CURL_READFUNC_ABORT)
        }
        return count
    }

    /// Some of the body.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        moves += 1
        if phase == .waiting, !decide() { return 0 }
        switch phase {
        case .streaming: return stream(bytes)
        case .collecting: return collect(bytes)
        case .discarding: return discard(bytes)
        case .waiting, .idle: return 0
        }
    }

    private func stream(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let sink, sink.free >= bytes.count else {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        sink.append(bytes)
        received += Int64(bytes.count)
        return bytes.count
    }

    private func collect(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let body else { return 0 }
        if bytes.count > body.free, !makeRoom(for: bytes.count, in: body) { return 0 }
        let kept = UnsafeRawBufferPointer(rebasing: bytes.prefix(body.free))
        body.append(kept)
        received += Int64(kept.count)
        if kept.count < bytes.count {
            phase = .discarding
            discarded = body.count
            return discard(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(kept.count))) == 0 ? 0 : bytes.count
        }
        return bytes.count
    }

    /// Whether `collect` may go on: with room made, or because the rest of an error's body is to be thrown away.
    private func makeRoom(for bytes: Int, in body: TransferBuffer) -> Bool {
        if let status = head?.status, !Self.isGood(status) { return true }
        guard case .bounded(let limit) = demand else {
            stop = .failed(.protocolError, "the body is longer than the answer said")
            return false
        }
        guard body.count + bytes <= limit else {
            stop = .failed(.tooLarge, "the answer is larger than \(limit) bytes, too large for what was asked")
            return false
        }
        body.grow(to: min(limit, max(body.capacity * 2, body.count + bytes)))
        return true
    }

    private func discard(_ bytes: UnsafeRawBufferPointer) -> Int {
        discarded += bytes.count
        guard discarded <= Self.discardBytesMax, !isTooLongToDiscard else {
            stop = .cut
            return 0
        }
        return bytes.count
    }

    // MARK: - deciding

    static func isGood(_ status: Int) -> Bool { status < 300 }

    /// Whether a redirect may be followed: a body or a change is never sent on to somebody else.
    var mayFollow: Bool {
        request.followsRedirects && request.body == nil && request.file == nil
            && (request.method == .get || request.method == .head)
    }

    /// Reads the head and picks a phase; false = the transfer is to end here.
    func decide() -> Bool {
        guard let head = readHead() else { return false }
        let length = Int(ccurl_get_offset(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T))
        guard length < 0 || head.contentLength.map({ $0 == Int64(length) }) ?? true else {
            stop = .failed(.protocolError, "the answer's Content-Length can be read in two ways")
            return false
        }
        if !Self.isGood(head.status) {
            decideUnwanted(head, length: length)
            return true
        }
        switch demand {
        case .inline(let limit) where length >= 0 && length <= limit: collect(upTo: length)
        case .inline:
            phase = .streaming
            announcesLarge = true
        case .bounded(let limit):
            guard length <= limit else {
                stop = .failed(.tooLarge, "the answer has \(length) bytes, too large for what was asked")
                return false
            }
            collect(upTo: max(length, min(limit, 64 << 10)))
        }
        return true
    }

    private func decideUnwanted(_ head: HTTPResponseHead, length: Int) {
        isTooLongToDiscard = length > Self.discardBytesMax
        if mayFollow, RedirectPolicy.isRedirect(head.status), head.headers["Location"] != nil {
            phase = .discarding
        } else {
            collect(upTo: length < 0 ? Self.errorKeptBytes : min(length, Self.errorKeptBytes))
        }
    }

    func collect(upTo bytes: Int) {
        if let body { pool.recycle(body) }
        body = pool.take(atLeast: bytes)
        phase = .collecting
    }

    /// The head of the answer, parsed on first use; a head that contradicts itself ends the transfer.
    func readHead() -> HTTPResponseHead? {
        if let head { return head }
        guard let parsed = headers.head(url: route.shownURL, redirects: route.redirects) else {
            stop = .failed(.protocolError, "the answer does not begin as HTTP does")
            return nil
        }
        let lengths = parsed.headers.all("Content-Length")
        guard lengths.allSatisfy({ $0 == lengths.first }), lengths.isEmpty || parsed.contentLength != nil else {
            stop = .failed(.protocolError, "the answer's Content-Length is not one number")
            return nil
        }
        head = parsed
        return parsed
    }
}
