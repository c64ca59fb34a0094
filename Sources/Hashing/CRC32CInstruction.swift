import CCrypto

/// CRC-32C by the processor (SSE 4.2), about three times as fast as tables.
enum CRC32CInstruction {
    /// Asked once.
    static let isAvailable = aismove_crc32c_supported() != 0

    /// The remainder after `bytes`. Precondition: `isAvailable`.
    static func update(_ state: UInt32, _ bytes: RawSpan) -> UInt32 {
        bytes.withUnsafeBytes { aismove_crc32c(state, $0.baseAddress, $0.count) }
    }
}
