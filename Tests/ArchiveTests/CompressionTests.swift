import Archive
import Testing

@Suite struct CompressionTests {
    @Test(arguments: [
        ("a.tar", Compression.none), ("dir/a.TAR", .none), ("a.tar.gz", .gzip), ("a.tgz", .gzip), ("a.tar.zst", .zstd),
        ("a.tzst", .zstd), ("a.tar.xz", .xz), ("a.txz", .xz), ("a.tar.bz2", .bzip2), ("a.tbz2", .bzip2),
        ("a.tar.lz4", .lz4),
    ])
    func namesSayIt(name: String, expected: Compression) {
        #expect(Compression(tarName: name) == expected)
    }

    @Test(arguments: ["a", "a.gz", "tar", "a.tar.Z", "a.tar/b", "a.tar.gz.part", "a.jpg", ""])
    func otherNamesDoNot(name: String) {
        #expect(Compression(tarName: name) == nil)
    }
}
