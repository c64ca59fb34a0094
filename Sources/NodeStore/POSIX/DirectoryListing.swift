import CLinux
import Glibc

/// One directory's names in byte order, kept in one block of memory: a million names are a million small slices of it,
/// not a million strings.
struct DirectoryListing {
    enum Kind: UInt8 { case file, directory, other }

    private var text: [UInt8] = []
    private var entries: [Entry] = []

    private struct Entry {
        var start: UInt32
        var count: UInt16
        var kind: Kind
    }

    /// Reads all names but `.` and `..`. A directory sorts as if its name ended in a slash, so that walking depth first
    /// gives whole paths in byte order.
    init(_ directory: Descriptor) throws(StoreError) {
        let number = try SystemCall.check("open", directory.path) {
            aismove_openat(directory.number, ".", O_RDONLY | O_DIRECTORY, 0)
        }
        guard let stream = fdopendir(number) else {
            close(number)
            throw StoreError(.io, path: directory.path, message: "cannot be listed")
        }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            guard let name = aismove_entry_name(entry) else { break }
            try add(name, type: Int32(entry.pointee.d_type), in: directory)
        }
        let code = errno
        if code != 0 { throw StoreError(code, "readdir", directory.path) }
        sort()
    }

    private mutating func add(_ name: UnsafePointer<CChar>, type: Int32, in directory: Descriptor) throws(StoreError) {
        let bytes = UnsafeRawBufferPointer(start: name, count: strlen(name))
        if bytes.count <= 2, bytes.allSatisfy({ $0 == UInt8(ascii: ".") }) { return }
        var kind: Kind
        switch type {
        case 4: kind = .directory
        case 8: kind = .file
        case 0:
            var raw = aismove_status()
            guard aismove_lstatat(directory.number, name, &raw) == 0 else {
                errno = 0
                return
            }
            let status = FileStatus(raw: raw)
            kind = status.isDirectory ? .directory : status.isRegular ? .file : .other
        default: kind = .other
        }
        entries.append(Entry(start: UInt32(clamping: text.count), count: UInt16(bytes.count), kind: kind))
        text += bytes
        if kind == .directory { text.append(UInt8(ascii: "/")) }
    }

    private mutating func sort() {
        var sorted = entries
        text.withUnsafeBytes { base in
            func key(_ entry: Entry) -> UnsafeRawBufferPointer {
                let count = Int(entry.count) + (entry.kind == .directory ? 1 : 0)
                return UnsafeRawBufferPointer(rebasing: base[Int(entry.start)..<Int(entry.start) + count])
            }
            sorted.sort { key($0).lexicographicallyPrecedes(key($1)) }
        }
        entries = sorted
    }

    var count: Int { entries.count }

    func kind(_ index: Int) -> Kind { entries[index].kind }

    /// The entry's bytes; a name on disk need not be text.
    func bytes(_ index: Int) -> ArraySlice<UInt8> {
        let entry = entries[index]
        return text[Int(entry.start)..<Int(entry.start) + Int(entry.count)]
    }

    /// The entry as text; nil when it is no UTF-8.
    func name(_ index: Int) -> String? { String(validating: bytes(index), as: UTF8.self) }
}
