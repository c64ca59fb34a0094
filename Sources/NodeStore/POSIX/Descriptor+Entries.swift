import CLinux
import Glibc

/// A directory's entries, always relative to its descriptor: nobody can lead a path elsewhere by a symbolic link.
extension Descriptor {
    func path(of name: String) -> String { name.isEmpty ? path : "\(path)/\(name)" }

    /// Opens an entry without following a link in its last component.
    func open(_ name: String, _ flags: Int32, mode: UInt32 = 0) throws(StoreError) -> Descriptor {
        let number = try SystemCall.check("open", path(of: name)) {
            aismove_openat(self.number, name, flags | O_NOFOLLOW, mode)
        }
        return Descriptor(adopting: number, path: path(of: name))
    }

    /// The same; nil when there is no such entry.
    func openIfThere(_ name: String, _ flags: Int32) throws(StoreError) -> Descriptor? {
        let number = SystemCall.attempt { aismove_openat(self.number, name, flags | O_NOFOLLOW, 0) }
        if number == -ENOENT { return nil }
        if number < 0 { throw StoreError(-number, "open", path(of: name)) }
        return Descriptor(adopting: number, path: path(of: name))
    }

    func directory(_ name: String) throws(StoreError) -> Descriptor {
        try open(name, O_RDONLY | O_DIRECTORY)
    }

    /// Opens a directory, making it if need be. `made` says whether this call made it.
    func makeDirectory(_ name: String, owner: Owner) throws(StoreError) -> (directory: Descriptor, made: Bool) {
        let result = SystemCall.attempt { mkdirat(number, name, 0o750) }
        if result < 0, result != -EEXIST { throw StoreError(-result, "mkdir", path(of: name)) }
        let directory = try directory(name)
        if result == 0 {
            do throws(StoreError) {
                try directory.belong(to: owner, permissions: 0o750)
            } catch {
                _ = unlinkat(number, name, AT_REMOVEDIR)
                throw error
            }
        }
        return (directory, result == 0)
    }

    /// Whether it is a directory that can be read and has no entries.
    var isEmptyDirectory: Bool {
        let number = SystemCall.attempt { aismove_openat(self.number, ".", O_RDONLY | O_DIRECTORY, 0) }
        guard number >= 0 else { return false }
        guard let stream = fdopendir(number) else {
            close(number)
            return false
        }
        defer { closedir(stream) }
        errno = 0
        while let entry = readdir(stream) {
            guard let name = aismove_entry_name(entry), strcmp(name, ".") == 0 || strcmp(name, "..") == 0 else {
                return false
            }
        }
        return errno == 0
    }

    /// What an entry is, its own link not followed; nil when there is none.
    func status(of name: String) throws(StoreError) -> FileStatus? {
        var raw = aismove_status()
        let result = SystemCall.attempt { aismove_lstatat(number, name, &raw) }
        if result == -ENOENT { return nil }
        if result < 0 { throw StoreError(-result, "stat", path(of: name)) }
        return FileStatus(raw: raw)
    }

    /// Whether there was something to remove.
    @discardableResult
    func remove(_ name: String) throws(StoreError) -> Bool {
        let result = SystemCall.attempt { unlinkat(number, name, 0) }
        if result == -ENOENT { return false }
        if result < 0 { throw StoreError(-result, "unlink", path(of: name)) }
        return true
    }

    /// Whether the directory was there and empty.
    func removeDirectory(_ name: String) -> Bool {
        SystemCall.attempt { unlinkat(number, name, AT_REMOVEDIR) } == 0
    }

    /// Puts an entry in the place of another directory's entry. Returns 0 or −errno: what to do is the caller's.
    func rename(_ name: String, to directory: Descriptor, _ newName: String, replace: Bool) -> Int32 {
        if replace { return SystemCall.attempt { renameat(number, name, directory.number, newName) } }
        let result = SystemCall.attempt {
            aismove_renameat2(number, name, directory.number, newName, aismove_RENAME_NOREPLACE)
        }
        guard result == -EINVAL || result == -ENOSYS else { return result }
        // Not every file system knows the flag; a hard link never replaces anything either.
        let linked = SystemCall.attempt { linkat(number, name, directory.number, newName, 0) }
        return linked < 0 ? linked : SystemCall.attempt { unlinkat(number, name, 0) }
    }

    /// Writes a small file so that it appears whole or not at all. The temporary lies in `scratch`, a directory of
    /// the same file system.
    func replaceFile(
        _ name: String, with bytes: [UInt8], scratch: Descriptor, owner: Owner, sync: Bool
    ) throws(StoreError) {
        let temporary = "tmp.\(String(UInt64.random(in: .min ... .max), radix: 16)).\(String(getpid(), radix: 16))"
        let file = try scratch.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o640)
        do throws(StoreError) {
            try file.belong(to: owner, permissions: 0o640)
            try file.write(bytes.span.bytes)
            if sync { try file.sync() }
            let result = scratch.rename(temporary, to: self, name, replace: true)
            if result < 0 { throw StoreError(-result, "rename", path(of: name)) }
        } catch {
            _ = unlinkat(scratch.number, temporary, 0)
            throw error
        }
        if sync { try self.sync() }
    }
}
