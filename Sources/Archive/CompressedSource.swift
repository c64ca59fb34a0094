import CArchive

/// Where compressed bytes come from, with what has to be remembered about them between two calls of a C library.
final class CompressedSource {
    private let next: () throws -> UnsafeRawBufferPointer?
    private var isOver = false
    /// The first bytes, to tell what a stream of the wrong kind is.
    private(set) var head: [UInt8] = []
    private(set) var deliveredBytes: Int64 = 0
    /// What `next` threw inside a C callback, to be thrown again outside.
    private(set) var failure: (any Error)?

    init(_ next: @escaping () throws -> UnsafeRawBufferPointer?) { self.next = next }

    /// The next buffer that is not empty; nil at the end, and whenever asked again behind it.
    func pull() throws -> UnsafeRawBufferPointer? {
        while !isOver {
            guard let buffer = try next() else {
                isOver = true
                break
            }
            guard !buffer.isEmpty else { continue }
            if head.count < 6 { head += buffer.prefix(6 - head.count) }
            deliveredBytes += Int64(buffer.count)
            return buffer
        }
        return nil
    }

    /// The same for a callback, which cannot throw: a failure is kept.
    func pullKeepingFailure() -> Result<UnsafeRawBufferPointer?, any Error> {
        let result = Result { try pull() }
        if case .failure(let error) = result { failure = error }
        return result
    }

    /// "not zstd data, but gzip"
    func wrongKind(_ expected: Compression) -> DecompressionError {
        if head.isEmpty { return DecompressionError(expected, at: 0, "no bytes at all") }
        let seen = Compression.allCases.first { !$0.magic.isEmpty && head.starts(with: $0.magic) }
        let but = seen.map { $0 == expected ? "" : ", but \($0.rawValue)" } ?? ""
        return DecompressionError(expected, at: 0, "not \(expected.rawValue) data\(but)")
    }
}

extension Compression {
    /// The bytes that a stream begins with.
    fileprivate var magic: [UInt8] {
        switch self {
        case .none: []
        case .gzip: [0x1f, 0x8b]
        case .zstd: [0x28, 0xb5, 0x2f, 0xfd]
        case .xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]
        case .bzip2: [0x42, 0x5a, 0x68]
        case .lz4: [0x04, 0x22, 0x4d, 0x18]
        }
    }
}
