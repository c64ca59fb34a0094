/// How a tar is compressed.
public enum Compression: String, Sendable, CaseIterable {
    case none, gzip, zstd, xz, bzip2, lz4

    /// What a name says, in either case; nil if it does not say tar.
    public init?(tarName: String) {
        let name = tarName.lowercased()
        for (suffix, compression) in Self.suffixes where name.hasSuffix(suffix) {
            self = compression
            return
        }
        return nil
    }

    private static let suffixes: [(String, Compression)] = [
        (".tar", .none),
        (".tar.gz", .gzip), (".tgz", .gzip),
        (".tar.zst", .zstd), (".tzst", .zstd),
        (".tar.xz", .xz), (".txz", .xz),
        (".tar.bz2", .bzip2), (".tbz2", .bzip2), (".tbz", .bzip2),
        (".tar.lz4", .lz4),
    ]
}
