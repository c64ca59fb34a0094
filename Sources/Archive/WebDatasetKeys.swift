/// Members of a WebDataset shard by sample, as https://github.com/webdataset/webdataset groups them: the key is the path up to the
/// first dot of the base name, directories included; the rest, without that dot, is the extension. A file whose base name has
/// no dot, or begins with one, belongs to no sample, and neither do directories and links.
///
/// A reader starts a new sample wherever the key changes, so a key that comes again would be two half samples.
/// Finished keys are remembered by a 64-bit hash each: 10 million samples need about 200 MiB, and a hash in common is not
/// to be expected before billions.
struct WebDatasetKeys {
    private static let extensionsKept = 1000

    private(set) var samples = 0
    private(set) var extensions: [String: Int] = [:]
    private var key: [UInt8] = []
    private var keyExtensions: Set<[UInt8]> = []
    private var finished: Set<UInt64> = []

    mutating func add(_ member: TarMember) throws(TarError) {
        let name = member.nameBytes
        let base = name.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        guard let dot = name[base...].firstIndex(of: UInt8(ascii: ".")), dot > base else { return }
        if samples == 0 || !name[..<dot].elementsEqual(key) {
            try begin(name[..<dot], member)
        }
        let suffix = name[(dot + 1)...]
        guard keyExtensions.insert(Array(suffix)).inserted else {
            throw TarError(offset: member.dataOffset, reason: .memberRepeated(member.name))
        }
        var label = String(decoding: suffix, as: UTF8.self)
        if extensions[label] == nil, extensions.count >= Self.extensionsKept { label = "…" }
        extensions[label, default: 0] += 1
    }

    private mutating func begin(_ next: ArraySlice<UInt8>, _ member: TarMember) throws(TarError) {
        guard finished.insert(Self.hash(next)).inserted else {
            let text = String(decoding: next, as: UTF8.self)
            throw TarError(offset: member.dataOffset, reason: .keyNotContiguous(text))
        }
        key = Array(next)
        keyExtensions.removeAll(keepingCapacity: true)
        samples += 1
    }

    /// FNV-1a, 64 bits.
    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
