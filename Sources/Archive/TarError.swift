/// What is wrong with a tar, and where.
public struct TarError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Byte offset in the (decompressed) tar: of the header that is wrong, or of the end of what there is.
    public let offset: Int64
    public let reason: Reason

    public init(offset: Int64, reason: Reason) {
        self.offset = offset
        self.reason = reason
    }

    public var description: String { "\(reason) (tar byte \(offset))" }

    public enum Reason: Sendable, Hashable {
        // Framing
        case empty
        case headerChecksumWrong
        case headerCutShort
        case fieldMalformed(String)
        case memberCutShort(String)
        case extendedHeaderCutShort
        case extendedHeaderTooLarge(Int64)
        case extendedHeaderMalformed(String)
        case extendedHeaderWithoutMember
        case loneZeroBlock
        case noEndMarker
        case noMember
        case garbageBehindEnd
        case lengthNotMultipleOfBlock
        // WebDataset
        case keyNotContiguous(String)
        case memberRepeated(String)
        // Looking for one member
        case memberNotFound(String)
        case memberHasNoData(String, TarMember.Kind)
        case memberIsSparse(String)
    }
}

extension TarError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "not a tar: no bytes at all"
        case .headerChecksumWrong: "header checksum wrong"
        case .headerCutShort: "header cut short"
        case .fieldMalformed(let field): "header field '\(field)' is not a number"
        case .memberCutShort(let name): "member '\(name)' cut short"
        case .extendedHeaderCutShort: "extended header cut short"
        case .extendedHeaderTooLarge(let size): "extended header of \(size) bytes (1 MiB is the most)"
        case .extendedHeaderMalformed(let why): "extended header malformed: \(why)"
        case .extendedHeaderWithoutMember: "extended header without a member behind it"
        case .loneZeroBlock: "a lone block of zeros: a zeroed header or half an end-of-archive marker"
        case .noEndMarker: "no end-of-archive marker"
        case .noMember: "no member"
        case .garbageBehindEnd: "garbage behind the end of the archive"
        case .lengthNotMultipleOfBlock: "length is not a multiple of 512 bytes"
        case .keyNotContiguous(let key): "sample '\(key)' is split: other samples' members stand between its own"
        case .memberRepeated(let name): "member '\(name)' repeated"
        case .memberNotFound(let name): "no member '\(name)'"
        case .memberHasNoData(let name, let kind): "member '\(name)' is a \(kind.rawValue), without data of its own"
        case .memberIsSparse(let name): "member '\(name)' is a sparse file; extract it with tar"
        }
    }
}
