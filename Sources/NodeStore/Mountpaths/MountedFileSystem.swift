import CLinux
import Glibc

/// Which file system a path is on, as `/proc/self/mountinfo` tells it: what a node writes into its VMD.
struct MountedFileSystem: Sendable, Hashable {
    /// The device or other source, as mounted: `/dev/vda`, `tmpfs`.
    let source: String
    /// `ext4`, `xfs`, …
    let type: String

    /// Of the longest mount point that holds the path; of equal ones the last, which covers the others.
    static func of(_ path: String, mountinfo: String? = nil) throws(StoreError) -> MountedFileSystem? {
        let text: String
        if let mountinfo {
            text = mountinfo
        } else {
            text = String(decoding: try readStream("/proc/self/mountinfo"), as: UTF8.self)
        }
        let real = MountpathProbe.realPath(path)
        var best: (point: String, found: MountedFileSystem)?
        for line in text.split(separator: "\n") {
            // 36 35 98:0 /root /mount/point rw,noatime master:1 - ext3 /dev/root rw
            let fields = line.split(separator: " ")
            guard fields.count > 6, let dash = fields.firstIndex(of: "-"), fields.count > dash + 2 else { continue }
            let point = unescaped(fields[4])
            guard point == "/" || real == point || real.hasPrefix(point + "/") else { continue }
            if let best, best.point.utf8.count > point.utf8.count { continue }
            best = (point, MountedFileSystem(source: unescaped(fields[dash + 2]), type: String(fields[dash + 1])))
        }
        return best?.found
    }

    /// A file of `/proc` has no size.
    static func readStream(_ path: String) throws(StoreError) -> [UInt8] {
        let file = try Descriptor(path, O_RDONLY)
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = try SystemCall.check("read", path) {
                piece.withUnsafeMutableBytes { read(file.number, $0.baseAddress, $0.count) }
            }
            if count == 0 { return all }
            all += piece[..<count]
        }
    }

    /// Space, tab, newline and backslash are written in octal.
    private static func unescaped(_ field: Substring) -> String {
        guard field.contains("\\") else { return String(field) }
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.first {
            let digits = rest.dropFirst().prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(4)
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
