import Hashing
import NodeStore
import ObjectModel

/// An object's bytes, compared with its metadata as they pass. Belongs to one thread.
public final class CheckedReader {
    private let reader: ObjectReader
    private let lom: LOM
    private let context: DigestContext?
    private var size: Int64 = 0
    private var hasEnded = false

    public init(_ reader: ObjectReader, _ lom: LOM) {
        self.reader = reader
        self.lom = lom
        context = lom.checksumType.algorithm.map(DigestContext.init)
    }

    /// Fills the buffer with the next bytes.
    /// - Returns: false at the end, where all has passed and is what the metadata says.
    /// - Throws: `StoreError`; `ShardFailure` at the end, when it is not.
    public func fill(_ buffer: TransferBuffer) throws -> Bool {
        buffer.removeAll()
        guard !hasEnded else { return false }
        guard try reader.read(into: buffer) > 0 else {
            hasEnded = true
            try compare()
            return false
        }
        buffer.withBytes { context?.update($0) }
        size += Int64(buffer.count)
        return true
    }

    private func compare() throws(ShardFailure) {
        guard size == lom.size else {
            throw ShardFailure(.size, "\(size) bytes on disk, metadata says \(lom.size)")
        }
        guard let found = context?.finalize().hex, found != lom.checksumValue else { return }
        throw ShardFailure(.digest, "\(lom.checksumType.rawValue) is \(found), metadata says \(lom.checksumValue)")
    }
}
