import CArchive

/// Owns a zlib inflater. gzip: RFC 1952.
final class GzipStream {
    private static let pieceSize = 256 << 10

    /// On the heap, since zlib remembers the address.
    private let stream: UnsafeMutablePointer<z_stream>
    private let piece: UnsafeMutableRawBufferPointer
    private let isReady: Bool

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        piece = .allocate(byteCount: Self.pieceSize, alignment: 64)
        isReady = aismove_inflate_begin_gzip(stream) == Z_OK
    }

    deinit {
        if isReady { inflateEnd(stream) }
        stream.deallocate()
        piece.deallocate()
    }

    private enum State { case start, inMember, betweenMembers, padding }

    func run(_ source: CompressedSource, _ sink: (RawSpan) throws -> Void) throws {
        guard isReady else { throw DecompressionError(.gzip, at: 0, "no memory") }
        var state = State.start
        while let whole = try source.pull() {
            var rest = whole[...]
            while !rest.isEmpty {
                // zlib counts in 32 bits.
                let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
                rest = rest.dropFirst(part.count)
                stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: part.bindMemory(to: UInt8.self).baseAddress)
                stream.pointee.avail_in = UInt32(part.count)
                while try step(&state, source, Int64(rest.count), sink) {}
            }
        }
        switch state {
        case .start: throw source.wrongKind(.gzip)
        case .inMember: throw DecompressionError(.gzip, at: source.deliveredBytes, "cut short")
        case .betweenMembers, .padding: return
        }
    }

    /// One call of zlib; false when it wants more input.
    private func step(
        _ state: inout State, _ source: CompressedSource, _ behind: Int64, _ sink: (RawSpan) throws -> Void
    ) throws -> Bool {
        var offset: Int64 { source.deliveredBytes - behind - Int64(stream.pointee.avail_in) }
        if state == .betweenMembers || state == .padding {
            guard stream.pointee.avail_in > 0, let first = stream.pointee.next_in?.pointee else { return false }
            guard first != 0 else {
                state = .padding
                stream.pointee.next_in += 1
                stream.pointee.avail_in -= 1
                return true
            }
            guard state == .betweenMembers, first == 0x1f else {
                throw DecompressionError(.gzip, at: offset, "garbage behind the end of the stream")
            }
            inflateReset(stream)
        }
        let atFirst = state == .start
        state = .inMember
        stream.pointee.next_out = piece.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(piece.count)
        let status = inflate(stream, Z_NO_FLUSH)
        let made = piece.count - Int(stream.pointee.avail_out)
        if made > 0 {
            try sink(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: piece[..<made])))
        }
        switch status {
        case Z_STREAM_END: state = .betweenMembers
        case Z_OK: break
        case Z_BUF_ERROR: return false
        case _ where atFirst && made == 0 && !source.head.starts(with: [0x1f, 0x8b]): throw source.wrongKind(.gzip)
        default:
            let why = stream.pointee.msg.map { String(cString: $0) } ?? "error \(status)"
            throw DecompressionError(.gzip, at: offset, why)
        }
        return stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
    }
}
