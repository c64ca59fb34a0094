import CLinux
import Glibc

/// The configuration directory of a primary proxy (`--bmd DIR`): a proxy that starts there takes the BMD from it, which
/// makes it the most robust place for one more copy.
///
/// Names as AIStore's `cmn/fname` has them: `.ais.bmd`, `.ais.smap`, and the proxy's own ID in `.ais.proxy_id`.
struct PrimaryDirectory {
    private static let proxyIDName = ".ais.proxy_id"

    private let descriptor: Descriptor
    private let owner: Owner

    /// Throws `.mountpath` where it is no directory, or one of the mountpaths or in one.
    init(_ path: String, apartFrom mountpaths: [Mountpath]) throws(StoreError) {
        guard try FileStatus.at(path)?.isDirectory == true else {
            throw StoreError(
                .mountpath, path: path,
                message: "is no directory that a copy of the BMD could be kept in; mount or make it, name another "
                    + "(--bmd DIR), or let the store forget it (--bmd none)")
        }
        let real = MountpathProbe.realPath(path)
        for mountpath in mountpaths
        where MountpathProbe.contains(MountpathProbe.realPath(mountpath.hostPath), real) {
            throw StoreError(
                .mountpath, path: path,
                message:
                    "is the mountpath \(mountpath.hostPath) or lies in it; --bmd names the configuration directory "
                    + "of the primary proxy")
        }
        descriptor = try Descriptor(path, O_RDONLY | O_DIRECTORY)
        owner = try descriptor.status().owner
    }

    var path: String { descriptor.path }
    var bmdPlace: BMDPlace { BMDPlace(directory: descriptor, scratch: descriptor, owner: owner) }

    /// Nil when no proxy has written one.
    func smap() throws(StoreError) -> Smap? {
        let name = JSP.Kind.smap.fileName
        guard let bytes = try descriptor.openIfThere(name, O_RDONLY)?.readAll() else { return nil }
        return try Smap(decoding: bytes, path: descriptor.path(of: name))
    }

    /// The daemon ID of the proxy that has run here; nil when none has, or it was given its ID otherwise.
    func proxyID() throws(StoreError) -> String? {
        guard let bytes = try descriptor.openIfThere(Self.proxyIDName, O_RDONLY)?.readAll(limit: 4096) else {
            return nil
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(whereSeparator: \.isWhitespace).first.map(String.init)
    }

    /// The file that shows that a proxy has been started here; nil when none has.
    func evidence() throws(StoreError) -> String? {
        for name in [JSP.Kind.smap.fileName, Self.proxyIDName] where try descriptor.status(of: name) != nil {
            return descriptor.path(of: name)
        }
        return nil
    }
}
