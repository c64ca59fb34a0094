import CLinux
import Glibc
import Synchronization

/// A file in `%wk` on its way to `%ob`: locked by us for as long as it is there, gone in `deinit` unless published or
/// kept.
final class StagedFile {
    let side: BucketSide
    let descriptor: Descriptor
    let name: String
    private var isOurs = true

    static let prefix = "aismove."

    /// Makes `aismove.<base>.<random>.<pid>`, the base cut so that the name fits.
    init(_ side: BucketSide, base: String) throws(StoreError) {
        for _ in 0..<16 {
            let name = Self.name(base: base)
            let number = SystemCall.attempt {
                aismove_openat(side.work.number, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o640)
            }
            if number == -EEXIST { continue }
            if number == -ENOENT { throw side.removed }
            if number < 0 { throw StoreError(-number, "open", side.work.path(of: name)) }
            let descriptor = Descriptor(adopting: number, path: side.work.path(of: name))
            do throws(StoreError) {
                // Someone who sweeps may have taken the lock in between; then the name is theirs to remove.
                guard try descriptor.tryLock(), try side.adopt(descriptor) else { continue }
            } catch {
                _ = unlinkat(side.work.number, name, 0)
                throw error
            }
            self.side = side
            self.descriptor = descriptor
            self.name = name
            return
        }
        throw StoreError(.io, path: side.work.path, message: "no work file could be made and locked")
    }

    /// Takes over a file that an earlier run left; nil when it is gone or another run has it.
    init?(continuing name: String, _ side: BucketSide) throws(StoreError) {
        guard name.hasPrefix(Self.prefix), !name.contains("/"),
            let descriptor = try side.work.openIfThere(name, O_RDWR), try descriptor.tryLock()
        else { return nil }
        let status = try descriptor.status()
        guard status.isRegular, status.links == 1 else { return nil }
        self.side = side
        self.descriptor = descriptor
        self.name = name
    }

    deinit { discard() }

    func discard() {
        guard isOurs else { return }
        isOurs = false
        _ = unlinkat(side.work.number, name, 0)
    }

    /// The file stays for a later run.
    func keep() { isOurs = false }

    /// Renames it to its place below `%ob`, making directories. The result's entries are not synced yet.
    func publish(_ storedName: String, replace: Bool) throws(StoreError) -> ObjectDirectory {
        let (path, last) = Placement.split(storedName)
        var code: Int32 = 0
        // Another run may remove an empty directory between our making it and our using it.
        for _ in 0..<8 {
            let directory: ObjectDirectory
            do throws(StoreError) {
                directory = try side.directories.directory(path, make: true)
            } catch {
                guard error.errno == ENOENT else { throw error }
                try side.confirm()
                side.directories.forget(path)
                code = ENOENT
                continue
            }
            code = -side.work.rename(name, to: directory.descriptor, last, replace: replace)
            if code == 0 {
                isOurs = false
                return directory
            }
            guard code == ENOENT else { break }
            try side.confirm()
            side.directories.forget(path)
        }
        throw refusal(code, storedName)
    }

    private func refusal(_ code: Int32, _ storedName: String) -> StoreError {
        let path = side.objects.path(of: storedName)
        switch code {
        case EEXIST, EISDIR, ENOTEMPTY:
            let found = (try? side.objects.status(of: storedName))?.kindName ?? "something"
            return StoreError(
                .conflict, path: path, message: "\(found) stands where the object should be; remove it or rename it",
                errno: code)
        default: return StoreError(code, "rename", path)
        }
    }

    /// Names differ between processes by chance, and within one by counting: a system call less for each.
    private static let seed = "." + String(UInt64.random(in: .min ... .max), radix: 16)
    private static let made = Atomic<UInt64>(0)
    private static let process = "." + String(getpid(), radix: 16)

    private static func name(base: String) -> String {
        let number = String(made.wrappingAdd(1, ordering: .relaxed).newValue, radix: 16)
        let room = 255 - prefix.utf8.count - seed.utf8.count - number.utf8.count - process.utf8.count
        var name = prefix
        name.reserveCapacity(255 - room + base.utf8.count)
        if base.utf8.count <= room {
            name += base
        } else {
            var base = base[...]
            while base.utf8.count > room { base = base.dropLast() }
            name += base
        }
        name += seed
        name += number
        name += process
        return name
    }
}
