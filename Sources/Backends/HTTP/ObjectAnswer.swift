/// What an answer's head means for the object that was asked for.
public enum ObjectAnswer: Sendable, Hashable {
    /// 200: the whole object follows, also where a range was asked (range ignored, or another object now: drop what
    /// was kept). `total` nil = length unknown. After a HEAD nothing follows, the facts are the same.
    case body(total: Int64?, promised: [PromisedDigest], validator: Validator)
    /// 206 that begins exactly at the byte asked for, reaches the end asked for and is of the same object.
    case partial(from: Int64, total: Int64?, promised: [PromisedDigest], validator: Validator)
    /// 304: what is kept is still right.
    case notModified
    /// 404, 410: no such object.
    case missing(status: Int)
    /// 401, 403, 407: credentials are missing or not good enough.
    case refused(status: Int)
    /// The part that was asked for cannot be had (416, a wrong Content-Range, the ETag of another object):
    /// ask once more for the whole, without a range.
    case startOver(reason: String)
    /// The object is to be asked for at another URL of the same provider, authorized anew.
    case elsewhere(url: String)
    /// A status worth retrying; `retryAfter` in seconds.
    case retryable(status: Int, retryAfter: Double?)
    /// Anything else; asking again would not help.
    case failed(status: Int, message: String)
}
