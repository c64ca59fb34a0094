import CCurl
import ObjectModel

/// The inside of a lane: starting, turning, ending.
extension CurlLane {
    /// Seconds between two looks at the cancellation hook and the stall clocks.
    private static let watchInterval = 0.1
    private static let waitMax = 0.2
    private static let idleHandlesMax = 16
    /// Seconds after which `read` returns what it has.
    private static let readPatience = 1.0

    func find(_ tag: Int) -> CurlTransfer? { transfers.first { $0.tag == tag && !$0.isDirect } }

    func start(
        _ request: HTTPRequest, tag: Int, demand: CurlTransfer.Demand, isDirect: Bool
    ) throws(TransportError) -> CurlTransfer {
        let route = try finder.route(to: request.url, withLogin: !request.bringsCredentials)
        guard let transfer = idle.popLast() ?? makeTransfer() else {
            throw TransportError(.protocolError, url: route.shownURL, message: "libcurl has no memory for a transfer")
        }
        transfer.tag = tag
        transfer.demand = demand
        transfer.isDirect = isDirect
        transfer.request = request
        transfer.route = route
        transfer.began = clock.now
        do {
            try launch(transfer)
        } catch {
            idle.append(transfer)
            throw error
        }
        transfers.append(transfer)
        return transfer
    }

    private func makeTransfer() -> CurlTransfer? {
        guard multi != nil, let transfer = CurlTransfer(pool: pool) else { return nil }
        setup.prepare(transfer)
        return transfer
    }

    /// Sends the request of this hop.
    private func launch(_ transfer: CurlTransfer, fresh: Bool = false) throws(TransportError) {
        transfer.isFresh = fresh
        try setup.apply(transfer)
        transfer.prepareForAnswer()
        transfer.lastMove = clock.now
        transfer.moves += 1
        guard curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
            throw TransportError(.protocolError, url: transfer.route.shownURL, message: "libcurl refuses a transfer")
        }
    }

    func release(_ transfer: CurlTransfer) {
        transfers.removeAll { $0 === transfer }
        transfer.becomeIdle()
        if idle.count < Self.idleHandlesMax { idle.append(transfer) }
    }

    // MARK: - turning

    /// Lets libcurl do what can be done now, and takes note of what ended or turned out large.
    func turn() {
        guard let multi else { return }
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        var code = CURLE_OK
        while let easy = ccurl_next_done(multi, &code) {
            guard let context = ccurl_get_private(easy) else { continue }
            complete(Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue(), code)
        }
        for transfer in transfers where transfer.announcesLarge {
            transfer.announcesLarge = false
            if let head = transfer.head { events.append(.large(tag: transfer.tag, head)) }
        }
    }

    func wait(_ seconds: Double) {
        var count: Int32 = 0
        curl_multi_poll(multi, nil, 0, Int32((min(seconds, Self.waitMax) * 1000).rounded(.up)), &count)
    }

    /// Turns until `buffer` is as good as full or the transfer is over.
    func pull(_ transfer: CurlTransfer, into buffer: TransferBuffer) {
        let before = buffer.count
        let patience = LaneClock.monotonic() + Self.readPatience
        while transfer.outcome == nil, buffer.free >= Self.readReserveBytes || buffer.count == before {
            let moves = transfer.moves
            if transfer.isPaused {
                transfer.isPaused = false
                curl_easy_pause(transfer.easy, CURLPAUSE_CONT)
                guard buffer.free >= Self.readReserveBytes || buffer.count == before else { break }
            }
            turn()
            if transfer.outcome == nil, transfer.moves == moves {
                if buffer.count > before, LaneClock.monotonic() > patience { break }
                wait(Self.waitMax)
            }
            watch()
        }
    }

    // MARK: - ending

    /// libcurl is done with a transfer: an answer, another hop, or a failure.
    private func complete(_ transfer: CurlTransfer, _ code: CURLcode) {
        curl_multi_remove_handle(multi, transfer.easy)
        do {
            if try !goesOn(transfer, code) { end(transfer, .ended) }
        } catch {
            end(transfer, .failed(error))
        }
    }

    /// Whether a kept connection died under the request. libcurl asks again by itself, but only five times in a
    /// handle's life; a GET or HEAD that got no byte of an answer may always be asked again.
    private static func diedOnReuse(_ transfer: CurlTransfer, _ code: CURLcode) -> Bool {
        guard code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING else { return false }
        return !transfer.isFresh && transfer.headers.isEmpty && transfer.stop == nil
            && ccurl_get_long(transfer.easy, CURLINFO_NUM_CONNECTS) == 0
    }

    /// Whether the transfer goes on: a redirect, or a second try. Throws what is no answer.
    private func goesOn(_ transfer: CurlTransfer, _ code: CURLcode) throws(TransportError) -> Bool {
        if Self.diedOnReuse(transfer, code) {
            try launch(transfer, fresh: true)
            return true
        }
        var isCut = false
        switch transfer.stop {
        case .failed(let kind, let message):
            throw TransportError(kind, url: transfer.route.shownURL, message: message)
        case .cut: isCut = true
        case nil: break
        }
        guard code == CURLE_OK || isCut else { throw CurlErrors.error(code, transfer) }
        guard transfer.headers.isComplete else {
            throw TransportError(
                .reset, url: transfer.route.shownURL, message: "the server closed the connection amid its headers")
        }
        guard let head = transfer.readHead() else {
            throw TransportError(
                .protocolError, url: transfer.route.shownURL, message: "the answer does not begin as HTTP does")
        }
        guard head.status != 407 else {
            throw TransportError(.proxyRefused, url: transfer.route.shownURL, message: CurlErrors.proxyAuthentication)
        }
        guard transfer.mayFollow, RedirectPolicy.isRedirect(head.status), let location = head.headers["Location"] else {
            return false
        }
        let hasSecrets = setup.hasSecrets(for: transfer.request)
        try transfer.route.follow(location, hasSecrets: hasSecrets)
        try launch(transfer)
        return true
    }

    private func end(_ transfer: CurlTransfer, _ outcome: CurlTransfer.Outcome) {
        if transfer.phase == .waiting, case .ended = outcome { transfer.collect(upTo: 0) }
        if transfer.isDirect || transfer.phase == .streaming {
            transfer.outcome = outcome
            return
        }
        switch outcome {
        case .ended:
            if let head = transfer.head, let body = transfer.body {
                transfer.body = nil
                events.append(.finished(tag: transfer.tag, head, body: body))
            }
        case .failed(let error):
            events.append(.failed(tag: transfer.tag, error, head: transfer.head, received: transfer.received))
        }
        release(transfer)
    }

    // MARK: - watching

    /// Ends what was cancelled, stalled, or took too long. Costs nothing between two looks.
    func watch() {
        let now = clock.now
        guard now >= nextWatch else { return }
        let elapsed = now - nextWatch + Self.watchInterval
        nextWatch = now + Self.watchInterval
        let isCancelled = cancelled()
        for transfer in transfers where transfer.outcome == nil {
            if isCancelled {
                abort(transfer, .cancelled, "stopped")
            } else if transfer.isPaused {
                transfer.lastMove = now
                transfer.began += elapsed
            } else if transfer.moves != transfer.movesSeen {
                transfer.movesSeen = transfer.moves
                transfer.lastMove = now
            } else if now - transfer.lastMove >= options.stallTimeout {
                abort(transfer, .stalled, "no byte for \(Int(options.stallTimeout.rounded())) s (--stall-timeout)")
            }
            if let timeout = options.timeout, transfer.outcome == nil, transfer.phase != .idle,
                now - transfer.began >= timeout
            {
                abort(transfer, .timeout, "not done after \(Int(timeout.rounded())) s (--timeout)")
            }
        }
    }

    private func abort(_ transfer: CurlTransfer, _ kind: TransportError.Kind, _ message: String) {
        curl_multi_remove_handle(multi, transfer.easy)
        end(transfer, .failed(TransportError(kind, url: transfer.route.shownURL, message: message)))
    }
}
