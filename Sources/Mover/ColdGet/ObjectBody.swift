import Backends
import ObjectModel

/// Where the bytes of one object come from, in order, each byte once.
protocol ObjectBody: AnyObject {
    /// The next bytes, valid until the following call; nil at the proper end of the body.
    /// - Throws: `BodyInterruption`, or a `StoreError` where the bytes are re-read from disk.
    func next() throws -> TransferBuffer?
}

/// Why a body did not come to its end.
enum BodyInterruption: Error {
    /// What was received cannot be continued: start over.
    case restart(String)
    /// The source said no in the middle.
    case failed(ShardFailure)
    /// The run was asked to stop.
    case stopped
}

/// The body of a small object: one buffer that has already arrived.
final class InlineBody: ObjectBody {
    private var buffer: TransferBuffer?

    init(_ buffer: TransferBuffer) { self.buffer = buffer }

    func next() -> TransferBuffer? {
        defer { buffer = nil }
        return buffer.flatMap { $0.count > 0 ? $0 : nil }
    }
}
