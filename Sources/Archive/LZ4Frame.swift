import CArchive

/// LZ4 frames in memory: how a node compresses its small metadata files.
public enum LZ4Frame {
    /// The content of all frames in `bytes`. Throws `DecompressionError`, also when it would be longer than `limit`.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws -> [UInt8] {
        var content: [UInt8] = []
        try bytes.withUnsafeBytes { whole in
            var rest: UnsafeRawBufferPointer? = whole
            try Decompressor(.lz4).run(
                next: {
                    defer { rest = nil }
                    return rest
                },
                sink: { piece in
                    guard piece.byteCount <= limit - content.count else {
                        throw DecompressionError(.lz4, at: 0, "content longer than \(limit) bytes")
                    }
                    content.reserveCapacity(content.count + piece.byteCount)
                    for offset in 0..<piece.byteCount { content.append(piece.byte(at: offset)) }
                })
        }
        return content
    }
}
