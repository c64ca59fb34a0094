/// One entry of a tar. Extended headers (pax, GNU long names) are part of the member that follows them.
public struct TarMember: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        case file, directory
        case sparse = "sparse file"
        case hardLink = "hard link"
        case symbolicLink = "symbolic link"
        case device
        case fifo
    }

    /// The whole path as stored, any bytes.
    public let nameBytes: [UInt8]
    public let kind: Kind
    /// Bytes stored in the tar (of a sparse file: without its holes).
    public let size: Int64
    /// Where those bytes begin in the tar.
    public let dataOffset: Int64

    /// The path as text; bytes that are not UTF-8 are replaced.
    public var name: String { String(decoding: nameBytes, as: UTF8.self) }
}
