import ObjectModel

/// What `CurlLane.poll` tells.
public enum LaneEvent {
    /// A whole answer with a small (or no) body. Hand `body` back with `CurlLane.recycle` when done.
    case finished(tag: Int, HTTPResponseHead, body: TransferBuffer)
    /// No whole answer came. `head` where one had come; `received`: body bytes that had come.
    case failed(tag: Int, TransportError, head: HTTPResponseHead?, received: Int64)
    /// A good answer whose body is large or of unknown length: it waits for `CurlLane.read`.
    case large(tag: Int, HTTPResponseHead)
}
