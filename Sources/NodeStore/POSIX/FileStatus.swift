import CLinux
import Glibc

/// What `stat` says, as far as a store asks.
struct FileStatus: Sendable {
    let raw: aismove_status

    /// The same file has the same identity for as long as it exists.
    struct Identity: Sendable, Hashable {
        let device: UInt64
        let inode: UInt64
    }

    var identity: Identity { Identity(device: raw.device, inode: raw.inode) }
    /// Bytes.
    var size: Int64 { raw.size }
    /// Nanoseconds since 1970.
    var modified: Int64 { raw.modified_ns }
    var links: UInt64 { raw.links }
    var owner: Owner { Owner(user: raw.uid, group: raw.gid) }
    var permissions: UInt32 { raw.mode & 0o777 }
    var isRegular: Bool { raw.mode & S_IFMT == S_IFREG }
    var isDirectory: Bool { raw.mode & S_IFMT == S_IFDIR }

    /// What stands there, in words.
    var kindName: String {
        switch raw.mode & S_IFMT {
        case S_IFREG: "a file"
        case S_IFDIR: "a directory"
        case S_IFLNK: "a symbolic link"
        default: "a special file"
        }
    }

    /// Of what a path leads to, links followed; nil when there is nothing.
    static func at(_ path: String) throws(StoreError) -> FileStatus? {
        var raw = aismove_status()
        let result = SystemCall.attempt { aismove_stat(path, &raw) }
        if result == -ENOENT || result == -ENOTDIR { return nil }
        if result < 0 { throw StoreError(-result, "stat", path) }
        return FileStatus(raw: raw)
    }
}

/// Whom a file belongs to. All that aismove makes on a mountpath belongs to the owner of its root.
struct Owner: Sendable, Hashable {
    let user: UInt32
    let group: UInt32
}
