import Archive
import ObjectModel

/// Drives one object's bytes from `next` to their end and, where a mode is given, through the tar walker on the way.
///
/// Pull-driven: `next` delivers the following buffer (already hashed and written) or nil at the end of the body. A
/// compressed tar is decompressed in front of the walker by libarchive, on this same thread.
enum ShardCheck {
    /// - Returns: what the tar holds; nil when `mode` is nil.
    /// - Throws: `TarError`, `DecompressionError`, and whatever `next` throws.
    static func run(
        name: String, mode: TarWalker.Mode?, next: () throws -> TransferBuffer?
    ) throws -> TarSummary? {
        guard let mode else {
            while try next() != nil {}
            return nil
        }
        var walker = TarWalker(mode: mode)
        let compression = Compression(tarName: name) ?? .none
        if compression == .none {
            while let buffer = try next() {
                try buffer.withBytes { bytes throws(TarError) in try walker.feed(bytes) }
            }
        } else {
            try Decompressor(compression).run(next: { try next()?.filled }, sink: { try walker.feed($0) })
        }
        return try walker.finish()
    }
}
