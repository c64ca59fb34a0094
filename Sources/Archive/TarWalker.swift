/// Judges whether a tar is whole, while its bytes pass.
///
/// Fed, never pulling, so that one buffer is hashed, written and walked before the next is asked for; member data costs
/// one step a feed. Known forms: v7, ustar, pax, GNU (long names, base 256, sparse), star.
///
/// Whole means: every header's checksum is right, every member is there to its last byte of padding, two blocks of zeros
/// end the archive, at least one member, and behind the end only zeros or further archives, each with its own end.
///
/// Not guaranteed: that members' data are what was packed (a digest says that); that a zeroed header is noticed when its
/// member stands last and has no data, or when its data are nothing but zeros: such a tar is as valid as any (a shorter
/// archive, or two of them, one after the other).
public struct TarWalker: Sendable {
    public enum Mode: Sendable {
        /// The tar itself.
        case framing
        /// Also what WebDataset asks: the members of one key stand together, once. See `WebDatasetKeys`.
        case webdataset
    }

    private var parser = TarParser()
    private var summary = TarSummary()
    private var keys: WebDatasetKeys?

    public init(mode: Mode = .framing) {
        keys = mode == .webdataset ? WebDatasetKeys() : nil
    }

    /// Takes the next bytes, any number of them. After an error the walker is of no further use.
    public mutating func feed(_ bytes: RawSpan) throws(TarError) {
        var offset = 0
        while let event = try parser.next(bytes, &offset) {
            guard case .member(let member) = event else { continue }
            summary.members += 1
            summary.dataBytes += member.size
            guard member.kind == .file || member.kind == .sparse else { continue }
            summary.files += 1
            try keys?.add(member)
        }
    }

    /// The end of the tar: what it holds, or what is missing.
    public mutating func finish() throws(TarError) -> TarSummary {
        try parser.finish()
        summary.samples = keys?.samples
        summary.extensions = keys?.extensions ?? [:]
        return summary
    }
}
