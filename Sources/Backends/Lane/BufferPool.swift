import ObjectModel

/// Buffers for small bodies, by size class (powers of two from 4 KiB), used again and again by one lane.
final class BufferPool {
    private static let smallestShift = 12
    /// Bytes kept while nobody uses them.
    private static let idleBytesMax = 2 << 20

    private var idle: [[TransferBuffer]] = Array(repeating: [], count: 24)
    private var idleBytes = 0

    func take(atLeast bytes: Int) -> TransferBuffer {
        let shift = Self.shift(for: bytes)
        let slot = shift - Self.smallestShift
        guard slot < idle.count, let buffer = idle[slot].popLast() else { return TransferBuffer(capacity: 1 << shift) }
        idleBytes -= buffer.capacity
        return buffer
    }

    func recycle(_ buffer: TransferBuffer) {
        let shift = Self.shift(for: buffer.capacity)
        let slot = shift - Self.smallestShift
        guard slot < idle.count, buffer.capacity == 1 << shift, idleBytes + buffer.capacity <= Self.idleBytesMax else {
            return
        }
        buffer.removeAll()
        idle[slot].append(buffer)
        idleBytes += buffer.capacity
    }

    private static func shift(for bytes: Int) -> Int {
        max(smallestShift, Int.bitWidth - max(bytes - 1, 1).leadingZeroBitCount)
    }
}
