import CArchive

/// Takes a compressed stream apart, in memory, piece by piece.
///
///     none      each buffer goes through as it is
///     gzip      zlib (`GzipStream`): libarchive checks neither CRC-32 nor length of a gzip member
///     the rest  libarchive's filter of that kind alone, raw format (`FilteredStream`): the libraries behind it check
///               blocks, checksums and ends
///
/// All kinds may consist of several members, frames or streams, one after the other. Pieces are at most 4 MiB (lz4's
/// largest block), mostly 64–256 KiB. What no decompressor can see is a cut between two members: the tar in it tells.
///
/// Not thread-safe; for one stream.
public final class Decompressor {
    private let compression: Compression

    public init(_ compression: Compression) { self.compression = compression }

    /// Pulls compressed buffers from `next` until it says nil, and gives decompressed pieces to `sink`, on this thread.
    ///
    /// `next` is drained to its end even when the compressed stream ends before, so that a caller who hashes and writes
    /// inside it sees every byte. A buffer must stay valid until `next` is called again; an empty one is passed over.
    /// Throws `DecompressionError` (damage, a cut, another kind, anything behind the end except the zeros that pad a
    /// gzip stream), and what `next` and `sink` throw, as it is.
    public func run(next: () throws -> UnsafeRawBufferPointer?, sink: (RawSpan) throws -> Void) throws {
        try withoutActuallyEscaping(next) { next in
            let source = CompressedSource(next)
            switch compression {
            case .none:
                while let buffer = try source.pull() { try sink(RawSpan(_unsafeBytes: buffer)) }
            case .gzip:
                try GzipStream().run(source, sink)
            case .zstd, .xz, .bzip2, .lz4:
                try FilteredStream(compression).run(source, sink)
            }
        }
    }
}
