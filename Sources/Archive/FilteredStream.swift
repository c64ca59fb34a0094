import CArchive

/// Owns a libarchive reader with one filter and the raw format.
final class FilteredStream {
    private let compression: Compression
    private let archive: OpaquePointer?

    init(_ compression: Compression) {
        self.compression = compression
        archive = archive_read_new()
    }

    deinit { archive_read_free(archive) }

    func run(_ source: CompressedSource, _ sink: (RawSpan) throws -> Void) throws {
        guard let archive, allowFilter(archive) == ARCHIVE_OK,
            archive_read_support_format_raw(archive) == ARCHIVE_OK,
            archive_read_support_format_empty(archive) == ARCHIVE_OK
        else {
            throw DecompressionError(compression, at: 0, "this machine's libarchive does not know it")
        }
        try withExtendedLifetime(source) {
            let context = Unmanaged.passUnretained(source).toOpaque()
            try check(archive_read_open(archive, context, nil, readFromSource, nil), source)
            try readAll(archive, source, sink)
        }
    }

    private func allowFilter(_ archive: OpaquePointer) -> Int32 {
        switch compression {
        case .zstd: archive_read_support_filter_zstd(archive)
        case .xz: archive_read_support_filter_xz(archive)
        case .bzip2: archive_read_support_filter_bzip2(archive)
        case .lz4: archive_read_support_filter_lz4(archive)
        case .gzip, .none: ARCHIVE_FATAL
        }
    }

    private var filterCode: Int32 {
        switch compression {
        case .zstd: ARCHIVE_FILTER_ZSTD
        case .xz: ARCHIVE_FILTER_XZ
        case .bzip2: ARCHIVE_FILTER_BZIP2
        case .lz4: ARCHIVE_FILTER_LZ4
        case .gzip, .none: ARCHIVE_FILTER_NONE
        }
    }

    private func readAll(
        _ archive: OpaquePointer, _ source: CompressedSource, _ sink: (RawSpan) throws -> Void
    ) throws {
        var entry: OpaquePointer?
        let status = archive_read_next_header(archive, &entry)
        // libarchive looks at the first bytes, and goes on to look at what comes out.
        if status >= ARCHIVE_OK, archive_filter_code(archive, 0) != filterCode { throw source.wrongKind(compression) }
        if archive_filter_count(archive) > 2 {
            throw DecompressionError(compression, at: 0, "compressed twice")
        }
        if status != ARCHIVE_EOF {
            try check(status, source)
            while true {
                var start: UnsafeRawPointer?
                var count = 0
                var offset: Int64 = 0
                let status = archive_read_data_block(archive, &start, &count, &offset)
                if count > 0, status == ARCHIVE_OK {
                    try sink(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: start, count: count)))
                }
                if status == ARCHIVE_EOF { break }
                try check(status, source)
            }
        }
        let takenBytes = archive_filter_bytes(archive, -1)
        while try source.pull() != nil {}
        if takenBytes < source.deliveredBytes {
            throw DecompressionError(compression, at: takenBytes, "garbage behind the end of the stream")
        }
    }

    private func check(_ status: Int32, _ source: CompressedSource) throws {
        if let failure = source.failure { throw failure }
        guard status < ARCHIVE_OK, let archive else { return }
        let text = archive_error_string(archive).map { String(cString: $0) } ?? "error \(status)"
        // After a fatal error libarchive has forgotten where it was.
        let takenBytes = archive_filter_bytes(archive, -1)
        throw DecompressionError(compression, at: takenBytes < 0 ? source.deliveredBytes : takenBytes, text)
    }
}

/// libarchive's read callback: the number of bytes at `*buffer`, 0 at the end.
private func readFromSource(
    _ archive: OpaquePointer?, _ context: UnsafeMutableRawPointer?, _ buffer: UnsafeMutablePointer<UnsafeRawPointer?>?
) -> Int {
    guard let context, let buffer else { return Int(ARCHIVE_FATAL) }
    let source = Unmanaged<CompressedSource>.fromOpaque(context).takeUnretainedValue()
    switch source.pullKeepingFailure() {
    case .success(let bytes):
        buffer.pointee = bytes?.baseAddress
        return bytes?.count ?? 0
    case .failure:
        return Int(ARCHIVE_FATAL)
    }
}
