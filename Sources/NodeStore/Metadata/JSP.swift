import Archive
import Hashing
import ObjectModel

/// AIStore's frame around its JSON metadata files (`.ais.bmd`, `.ais.vmd`, `.ais.smap`, `.ais.conf`).
///
///     0 "aistore" · 7 frame version 3 · 8 BE u32 meta-version · 12 BE u32 flags: bit 0 LZ4 frame, bit 1 checksum
///     16 BE XXH64(seed 0) of the uncompressed JSON with its final newline (bit 1) · then the JSON
///
/// Readers obey the flags, so what is written here is checksummed and not compressed.
public enum JSP {
    /// The files that use the frame.
    public enum Kind: Sendable, Hashable, CaseIterable {
        case bmd, vmd, smap, conf

        /// The only meta-version that is read and written.
        public var metaVersion: UInt32 { self == .conf ? 4 : 2 }

        public var fileName: String {
            switch self {
            case .bmd: ".ais.bmd"
            case .vmd: ".ais.vmd"
            case .smap: ".ais.smap"
            case .conf: ".ais.conf"
            }
        }
    }

    /// More JSON than this is not taken for metadata.
    public static let byteCountMax = 64 << 20

    /// Unframes, decompresses, checks and parses. `path` is for the error alone.
    public static func decode(_ bytes: [UInt8], kind: Kind, path: String) throws(StoreError) -> JSONValue {
        guard bytes.count >= 16, bytes.starts(with: signature) else {
            throw StoreError(.unreadable, path: path, message: "is not an AIStore metadata file")
        }
        let frameVersion = bytes[7]
        let metaVersion = UInt32(truncatingIfNeeded: number(bytes[8..<12]))
        let flags = number(bytes[12..<16])
        guard frameVersion == 3, metaVersion == kind.metaVersion, flags & ~3 == 0 else {
            throw StoreError(
                .unknownFormat, path: path,
                message: "has frame version \(frameVersion), meta-version \(metaVersion), flags \(flags); known are 3, "
                    + "\(kind.metaVersion) and 0 to 3: it needs another version of aismove")
        }
        let checksummed = flags & 2 != 0
        let start = checksummed ? 24 : 16
        guard bytes.count >= start else { throw StoreError(.unreadable, path: path, message: "is cut short") }
        var payload = Array(bytes[start...])
        if flags & 1 != 0 {
            do {
                payload = try LZ4Frame.decompress(payload, limit: byteCountMax)
            } catch {
                throw StoreError(.unreadable, path: path, message: "cannot be decompressed: \(error)")
            }
        }
        if checksummed, XXH64.hash(payload.span.bytes) != number(bytes[16..<24]) {
            throw StoreError(.unreadable, path: path, message: "is damaged: its checksum differs")
        }
        do {
            return try JSONValue.parse(payload, maxBytes: byteCountMax)
        } catch {
            throw StoreError(.unreadable, path: path, message: "is \(error)")
        }
    }

    /// The whole file: checksummed, not compressed, keys sorted. The same value gives the same bytes.
    public static func encode(_ value: JSONValue, kind: Kind) -> [UInt8] {
        let payload = value.serialized() + [0x0a]
        var bytes = signature + [3]
        append(UInt64(kind.metaVersion), count: 4, to: &bytes)
        append(2, count: 4, to: &bytes)
        append(XXH64.hash(payload.span.bytes), count: 8, to: &bytes)
        return bytes + payload
    }

    private static let signature = Array("aistore".utf8)

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    private static func append(_ value: UInt64, count: Int, to bytes: inout [UInt8]) {
        for index in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(index * 8))) }
    }
}
