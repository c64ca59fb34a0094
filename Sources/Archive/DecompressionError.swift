/// A compressed stream that is damaged, cut short, of another kind, or followed by something else.
public struct DecompressionError: Error, Sendable, Hashable, CustomStringConvertible {
    public let compression: Compression
    /// Byte offset in the compressed stream, as near as the library tells: where it stopped taking bytes.
    public let compressedOffset: Int64
    public let message: String

    public init(_ compression: Compression, at compressedOffset: Int64, _ message: String) {
        self.compression = compression
        self.compressedOffset = compressedOffset
        self.message = message
    }

    public var description: String { "\(compression.rawValue): \(message) (compressed byte \(compressedOffset))" }
}
