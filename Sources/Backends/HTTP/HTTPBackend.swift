import ObjectModel

/// Plain HTTP(S) servers: `ht://` buckets, URL ranges, lists and index pages.
public struct HTTPBackend: Backend {
    /// Whether the server is known to use MD5 as ETag.
    public var etagIsMD5: Bool

    public init(etagIsMD5: Bool = false) { self.etagIsMD5 = etagIsMD5 }

    public var provider: Provider { .ht }

    public func objectRequest(_ url: String, resume: ResumePoint? = nil) -> HTTPRequest {
        guard let resume, let ifRange = resume.validator.ifRangeValue else { return HTTPRequest(url: url) }
        return HTTPRequest(
            url: url, headers: [HTTPHeader("If-Range", ifRange)], range: HTTPRequest.ByteRange(first: resume.offset))
    }

    public func conditionalRequest(_ url: String, unlike validator: Validator) -> HTTPRequest? {
        let conditions = validator.conditionalHeaders
        return conditions.isEmpty ? nil : HTTPRequest(url: url, headers: conditions)
    }

    public func headRequest(_ url: String) -> HTTPRequest { HTTPRequest(.head, url: url) }

    public func probeRequest(_ url: String) -> HTTPRequest {
        HTTPRequest(url: url, range: HTTPRequest.ByteRange(first: 0, last: 0))
    }

    /// 405 and 501.
    public func refusesHead(_ head: HTTPResponseHead) -> Bool {
        head.status == 405 || head.status == 501
    }

    public func answer(
        _ head: HTTPResponseHead, to request: HTTPRequest, resume: ResumePoint? = nil, errorBody: [UInt8] = [],
        now: Double
    ) -> ObjectAnswer {
        switch head.status {
        case 200:
            return .body(
                total: head.contentLength, promised: DigestHeaders.promised(in: head, etagIsMD5: etagIsMD5),
                validator: Validator(of: head))
        case 206:
            return partial(head, to: request, resume: resume)
        case 304 where request.headers.contains { $0.name.hasPrefix("If-") && $0.name != "If-Range" }:
            return .notModified
        case 404, 410:
            return .missing(status: head.status)
        case 401, 403, 407:
            return .refused(status: head.status)
        case 416 where request.range != nil:
            return .startOver(reason: "416: the server has no such range any more")
        case let status where RetryPolicy.isRetryable(status: status):
            return .retryable(status: status, retryAfter: RetryAfter.seconds(in: head, now: now))
        default:
            return .failed(status: head.status, message: Self.explain(head.status))
        }
    }

    private func partial(_ head: HTTPResponseHead, to request: HTTPRequest, resume: ResumePoint?) -> ObjectAnswer {
        guard let asked = request.range else {
            return .failed(status: 206, message: "206: the server sent a part where the whole was asked for")
        }
        guard let got = head.contentRange else {
            return .startOver(reason: "206 without a usable Content-Range")
        }
        let total = got.total ?? resume?.validator.length
        let lastWanted = min(asked.last ?? .max, total.map { $0 - 1 } ?? got.last)
        guard got.first == asked.first, got.last == lastWanted,
            head.contentLength.map({ $0 - 1 == got.last - got.first }) ?? true
        else {
            let field = head.headers["Content-Range"] ?? ""
            return .startOver(reason: "206 with a wrong Content-Range: asked \(asked.headerValue), got \(field)")
        }
        let validator = Validator(of: head)
        if let resume, let reason = Self.difference(validator, resume.validator) {
            return .startOver(reason: "the source has changed: \(reason)")
        }
        return .partial(
            from: got.first, total: total, promised: DigestHeaders.promised(in: head, etagIsMD5: etagIsMD5),
            validator: validator)
    }

    /// A 206 must repeat the ETag that a 200 would have (RFC 9110, 15.3.7). One that does not is believed only if
    /// the length of the whole is known to be unchanged: the server then honoured If-Range, or nothing better is known.
    private static func difference(_ now: Validator, _ then: Validator) -> String? {
        if let length = then.length, let current = now.length, length != current {
            return "\(length) bytes then, \(current) now"
        }
        if now.etag == then.etag { return nil }
        if let etag = now.etag { return "ETag \(then.etag ?? "none") then, \(etag) now" }
        return now.length != nil && then.length != nil ? nil : "no ETag with the rest"
    }

    private static func explain(_ status: Int) -> String {
        switch status {
        case 204, 205: "\(status): the server says there is no content"
        case 203: "203: a proxy has changed the content"
        case 300...399: "\(status): a redirect that cannot be followed"
        case 400: "400: the server does not understand the request; check the URL"
        case 405, 501: "\(status): the server does not allow this method"
        case 451: "451: unavailable for legal reasons"
        case 500...599: "\(status): a server error that retrying does not mend"
        default: "\(status): unexpected answer"
        }
    }
}
