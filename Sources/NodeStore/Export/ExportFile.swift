import CLinux
import Glibc
import ObjectModel

/// A file on its way to its place in an `ExportFolder`: seen whole or not at all, gone in `deinit` unless published.
public final class ExportFile {
    /// How the object's bytes get there.
    public enum Mode: String, Sendable, CaseIterable {
        /// The store's own file under a second name: writing into it damages the store.
        case link
        /// A file of its own that shares the blocks until one of both changes (btrfs, xfs).
        case reflink
        case copy
    }

    private let place: ExportPlace
    private let temporary: String
    private let file: Descriptor?
    private var isOurs = true

    /// Makes the file: linked, cloned, or empty for `copy`.
    ///
    /// Throws `.conflict` where the file systems cannot do what is asked for.
    public init(_ object: ObjectReader, at place: ExportPlace, mode: Mode) throws(StoreError) {
        self.place = place
        let temporary = ".aismove.\(String(UInt64.random(in: .min ... .max), radix: 16)).\(String(getpid(), radix: 16))"
        self.temporary = temporary
        guard mode != .link else {
            file = nil
            try link(object)
            return
        }
        let made = SystemCall.attempt {
            aismove_openat(place.directory.number, temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666)
        }
        if made < 0 { throw StoreError(-made, "open", place.directory.path(of: temporary)) }
        file = Descriptor(adopting: made, path: place.path)
        guard mode == .reflink else { return }
        let cloned = SystemCall.attempt { aismove_clone(made, object.number) }
        guard cloned < 0 else { return }
        discard()
        if cloned == -ENOSPC || cloned == -EDQUOT { throw StoreError(-cloned, "clone", place.path) }
        throw StoreError(
            .conflict, path: place.path, message: "cannot share blocks with the store here; use --mode copy",
            errno: -cloned)
    }

    /// The opened file itself is linked, whatever becomes of its name meanwhile.
    private func link(_ object: ObjectReader) throws(StoreError) {
        let result = SystemCall.attempt {
            linkat(
                AT_FDCWD, "/proc/self/fd/\(object.number)", place.directory.number, temporary, AT_SYMLINK_FOLLOW)
        }
        let message: String
        switch result {
        case 0: return
        case -EXDEV: message = "is on another file system than the object; use --mode copy"
        case -EPERM, -EACCES: message = "this user may not link the store's files here; use --mode copy"
        case -EMLINK: message = "the object has as many links as a file can have; use --mode copy"
        case -ENOENT: message = "the object went away meanwhile; start the command again"
        default: throw StoreError(-result, "link", place.path)
        }
        isOurs = false
        throw StoreError(.conflict, path: place.path, message: message, errno: -result)
    }

    deinit { discard() }

    /// Adds bytes of a copy.
    public func append(_ bytes: RawSpan) throws(StoreError) { try file?.write(bytes) }

    /// What is published, to be read back; nil for a link, which is the object itself.
    public func reader() throws(StoreError) -> ObjectReader? {
        guard file != nil else { return nil }
        let again = try place.directory.open(temporary, O_RDONLY)
        return ObjectReader(again, size: try again.status().size)
    }

    /// Puts it in place. Without `replace` it throws `.conflict` where something stands meanwhile.
    public func publish(replace: Bool) throws(StoreError) {
        let result = place.directory.rename(temporary, to: place.directory, place.name, replace: replace)
        switch result {
        case 0: isOurs = false
        case -EEXIST, -EISDIR, -ENOTEMPTY:
            throw StoreError(.conflict, path: place.path, message: "something stands there now", errno: -result)
        default: throw StoreError(-result, "rename", place.path)
        }
    }

    public func discard() {
        guard isOurs else { return }
        isOurs = false
        _ = unlinkat(place.directory.number, temporary, 0)
    }
}
