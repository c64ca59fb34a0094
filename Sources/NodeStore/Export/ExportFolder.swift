import CLinux
import Glibc
import ObjectModel

/// A directory outside of the store that objects are given out to. Below it no symbolic link is ever followed; files and
/// directories get the permissions that the caller's umask leaves.
public final class ExportFolder: Sendable {
    private let root: Descriptor

    /// Opens the directory, making it if need be. Throws `.usage` when it is none.
    public init(_ path: String) throws(StoreError) {
        let made = SystemCall.attempt { mkdir(path, 0o777) }
        guard made == 0 || made == -EEXIST else {
            throw StoreError(
                .usage, path: path,
                message: "cannot be made: \(String(cString: strerror(-made))); name another directory",
                errno: -made)
        }
        do throws(StoreError) {
            root = try Descriptor(path, O_RDONLY | O_DIRECTORY)
        } catch {
            throw StoreError(.usage, path: path, message: "cannot be opened as a directory", errno: error.errno)
        }
    }

    /// The place of an object, its directories made. Throws `.conflict` where something else than a directory stands.
    public func place(_ object: String) throws(StoreError) -> ExportPlace {
        if let reason = ObjectName.refusal(object.utf8.span) {
            throw StoreError(.name, path: object, message: "cannot be a file's name: \(reason)")
        }
        let (path, name) = Placement.split(object)
        var directory = root
        for component in path.split(separator: "/") { directory = try Self.step(directory, String(component)) }
        return ExportPlace(directory, name)
    }

    private static func step(_ directory: Descriptor, _ name: String) throws(StoreError) -> Descriptor {
        for _ in 0..<8 {
            do throws(StoreError) {
                return try directory.directory(name)
            } catch {
                switch error.errno {
                case ENOENT: break
                case ELOOP, ENOTDIR:
                    let found = (try? directory.status(of: name))?.kindName ?? "something"
                    throw StoreError(
                        .conflict, path: directory.path(of: name),
                        message: "\(found) stands where a directory is needed")
                default: throw error
                }
            }
            let result = SystemCall.attempt { mkdirat(directory.number, name, 0o777) }
            if result < 0, result != -EEXIST { throw StoreError(-result, "mkdir", directory.path(of: name)) }
        }
        throw StoreError(.io, path: directory.path(of: name), message: "comes and goes while it is used")
    }
}
